import { afterAll, beforeAll, expect, test } from 'vitest'
import { analyseCommand } from '../../../server/cli/commands/analyse.ts'
import { UsageError } from '../../../server/cli/command.ts'
import { syncServiceRules } from '../../../server/coverage/coverage.ts'
import { aContext } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from './a-small-city.ts'

const db = openTestDb()
const context = aContext(db)

beforeAll(() => syncServiceRules(db))
afterAll(() => db.close())

/** Types a line and answers what --json would print, with what is printed without it. */
async function analyse(city: SmallCity, words: string) {
  const lines: string[] = []
  const io = { print: (line: string) => void lines.push(line), progress: () => {}, signal: new AbortController().signal, workingDirectory: '.' }
  const answer = (await analyseCommand.run(`coverage --city ${city.key} ${words}`.split(' '), context, io)) as { facility: string; demand: string; covered: number; total: number; ratio: number; unit: string; hint?: string; run: string; facilitiesCounted: number; ratios: Record<string, unknown> }
  return { ...answer, printed: lines.join('\n') }
}

test('a rule alone is enough: it says what serves and whom', async () => {
  const city = await aSmallCity(db)
  await city.facility('toilet', [50, 50])
  await city.cell([0, 0, 100, 100], 90)
  await city.cell([1000, 0, 100, 100], 10)
  const answer = await analyse(city, '--rule TOILET_300')
  expect(answer).toMatchObject({ facility: 'toilet', demand: 'population', covered: 90, total: 100, ratio: 0.9, unit: 'people' })
  expect(answer.printed).not.toContain('population 90')
  await expect(analyse(city, '--rule TOILET_300 --facility green')).rejects.toMatchObject({ code: 'bad_request' })
})

test('layers may be named one by one or together', async () => {
  const city = await aSmallCity(db)
  await city.cell([0, 0, 100, 100], 10)
  await city.park([100, 0, 100, 100], { layer: 'one' })
  await city.park([300, 0, 100, 100], { layer: 'two' })
  await city.park([500, 0, 100, 100], { layer: 'three' })
  const apart = await analyse(city, '--layer one --layer two --radius 300 --demand population')
  expect(apart.facilitiesCounted).toBe(2)
  expect((await analyse(city, '--layer two one --radius 300 --demand population')).run).toBe(apart.run)
  await expect(analyse(city, 'one two --radius 300 --demand population')).rejects.toThrow(UsageError)
})

test('a ratio of 0 because no green space has a class says so, and what would help', async () => {
  const city = await aSmallCity(db)
  await city.cell([0, 0, 100, 100], 10)
  await city.park([0, 0, 100, 100], { classCode: null })
  const answer = await analyse(city, '--radius 300 --demand population')
  expect(answer).toMatchObject({ ratio: 0, facilitiesCounted: 0, hint: expect.stringContaining('--every-feature') })
  expect(answer.printed).toContain(answer.hint)
  expect((await analyse(city, '--radius 300 --demand population --every-feature')).hint).toBeUndefined()
  expect((await analyse(await cityWithPark(), '--radius 300 --demand population')).hint).toBeUndefined()
})

async function cityWithPark(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.cell([0, 0, 100, 100], 10)
  await city.park([0, 0, 100, 100])
  return city
}

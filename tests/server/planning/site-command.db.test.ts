import { afterAll, beforeAll, expect, test } from 'vitest'
import { UsageError } from '../../../server/cli/command.ts'
import { siteCommand } from '../../../server/cli/commands/site.ts'
import { syncServiceRules } from '../../../server/coverage/coverage.ts'
import { aContext } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
const context = aContext(db)

beforeAll(() => syncServiceRules(db))
afterAll(() => db.close())

async function site(city: SmallCity, words: string, signal = new AbortController().signal) {
  const lines: string[] = []
  const io = { print: (line: string) => void lines.push(line), progress: () => {}, signal, workingDirectory: '.' }
  const answer = (await siteCommand.run(`--city ${city.key} ${words}`.split(' '), context, io)) as { sites: { name: string }[]; objective: number; gap: number; reused: boolean; run: string }
  return { ...answer, printed: lines.join('\n') }
}

async function twoBlocks(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.building([0, 0, 10, 10], 10)
  await city.building([1000, 0, 10, 10], 30)
  await city.plot([0, 50, 90, 90], { name: 'west' })
  await city.plot([1000, 50, 90, 90], { name: 'east' })
  return city
}

test('the same runs as behind the API, with what is printed for people', async () => {
  const city = await twoBlocks()
  expect(siteCommand.runAlone!(['--city', city.key], { print: () => {}, progress: () => {}, signal: new AbortController().signal, workingDirectory: '.' })).toBeUndefined()
  const answer = await site(city, '--method mclp --p 1 --rule GARDEN_CITY_2022 --candidates parcels')
  expect(answer).toMatchObject({ sites: [{ name: 'east' }], objective: 30, gap: 0, reused: false })
  expect(answer.printed).toContain('0 → 30 people')
  expect(answer.printed).toContain('已证明最优 proven optimal')
  expect(await site(city, '--method mclp --p 1 --rule GARDEN_CITY_2022')).toMatchObject({ run: answer.run, reused: true })
  expect(await site(city, '--method mclp --p 1 --radius 500 --candidates lattice --spacing 300')).toMatchObject({ objective: 30 })
})

test('slopes and stairs are options here too, and what they cost is in the answer', async () => {
  const city = await twoBlocks()
  // 1,005 m up a slope of 10 % to the west, down it to the east: both ways are beyond 500 m of level ground but for the home beside its own plot.
  await city.path([[5, 60], [1005, 60]], 'path', 100)
  const walk = '--method p-median --p 1 --radius 500 --ruler walk'
  const [plain, hilly] = [await site(city, walk), await site(city, `${walk} --slope --stairs closed`)]
  expect(hilly).toMatchObject({ input: { impedance: { slope: true, stairs: 'closed' } } })
  expect([plain.sites[0]!.name, hilly.sites[0]!.name]).toEqual(['east', 'east'])
  // The ten in the west climb to the plot in the east.
  expect(hilly.objective).toBeGreaterThan(plain.objective * 1.3)
  await expect(site(city, `${walk} --stairs sometimes`)).rejects.toThrow(/impedance/)
})

test('what is wrong with a question is told by name, wrong words by option', async () => {
  const city = await twoBlocks()
  await city.building([9000, 0, 10, 10], 1)
  await expect(site(city, '--method lscp --radius 300')).rejects.toMatchObject({ code: 'bad_request', details: { issues: [{ code: 'islands', count: 1 }] } })
  await expect(site(city, '--method nearest --radius 300')).rejects.toThrow(UsageError)
  await expect(site(city, '--method mclp --p 1')).rejects.toThrow(/rule or a radius/)
  await expect(site(city, '--method mclp --p 1 --radius 300 --candidates roofs')).rejects.toThrow(/parcels or lattice/)
  await expect(site(city, '--method mclp --p 1 --radius 300', AbortSignal.abort(new Error('stop')))).rejects.toMatchObject({ code: 'cancelled' })
})

import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyseCommand } from '../../../server/cli/commands/analyse.ts'
import { cityCommand } from '../../../server/cli/commands/city.ts'
import { importCommand } from '../../../server/cli/commands/import.ts'
import type { Command, CommandIo } from '../../../server/cli/command.ts'
import { syncServiceRules } from '../../../server/coverage/coverage.ts'
import { aContext } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'

const TRIAL_DATA = process.env['TRIAL_DATA']
if (!TRIAL_DATA) console.log('The figures of Taipei are not checked: TRIAL_DATA names no folder with the trial data.')

/** The published figures of shared/data/README.md, through the same commands that a user types. */
describe.skipIf(!TRIAL_DATA)('Taipei', () => {
  const db = openTestDb()
  const context = aContext(db)
  const key = `taipei-${Date.now().toString(36)}`
  const io: CommandIo = { print: () => {}, progress: () => {}, signal: new AbortController().signal, workingDirectory: path.resolve(TRIAL_DATA ?? '.', 'taipei') }
  const run = (command: Command, words: string) => command.run(words.split(' '), context, io)
  const analyse = (words: string) =>
    run(analyseCommand, `coverage --city ${key} ${words}`) as Promise<{ covered: number; total: number; ratio: number; reused: boolean; run: string; facilitiesCounted: number; blindSpots: { people: number; nearest: { distanceMeters: number } }[]; blindSpotPeople: number; units: { name: string; covered: number; total: number }[]; passport: { measureSrid: number } }>

  beforeAll(async () => {
    await syncServiceRules(db)
    await run(cityCommand, `create ${key} --name-zh 台北市 --name-en Taipei --measure-crs EPSG:3826`)
    await run(importCommand, `boundaries/taipei_town.geojson --city ${key} --as administrative_areas --map level==county --map code=CPTID`)
    await run(importCommand, `green/urban_green_land.geojson --city ${key} --as green_spaces`)
    await run(importCommand, `green/permeable_park.geojson --city ${key} --as green_spaces`)
    await run(importCommand, `population/tp_fet_work_live.geojson --city ${key} --as population_cells --map population=pop_live`)
    await run(importCommand, `facilities/public_wc.geojson --city ${key} --as facilities --map class==toilet`)
  }, 180_000)
  afterAll(() => db.close())

  test.each([
    [300, 930_741, '39.61'],
    [500, 1_511_195, '64.31'],
    [1000, 2_180_135, '92.77'],
  ])('%d m of green: %d people, %s per cent', async (radius, people, percent) => {
    const answer = await analyse(`--facility green --layer urban_green_land --layer permeable_park --radius ${radius} --demand population --by county`)
    expect([Math.round(answer.covered), Math.round(answer.total), (answer.ratio * 100).toFixed(2)]).toEqual([people, 2_350_032, percent])
    expect(answer.facilitiesCounted).toBe(557)
    expect(answer.passport.measureSrid).toBe(3826)
    // Everybody who is not covered is in a blind spot, and the districts hold all but those outside the city.
    expect(answer.blindSpotPeople).toBeCloseTo(answer.total - answer.covered, 3)
    expect(answer.units).toHaveLength(12)
    expect(Math.round(answer.units.reduce((sum, unit) => sum + unit.total, 0))).toBe(2_349_781)
  })

  test.each([
    [300, 2_083_074, '88.64'],
    [500, 2_297_841, '97.78'],
  ])('%d m of a toilet: %d people, %s per cent', async (radius, people, percent) => {
    const answer = await analyse(`--facility toilet --radius ${radius} --demand population`)
    expect([Math.round(answer.covered), (answer.ratio * 100).toFixed(2)]).toEqual([people, percent])
  })

  test('the same question again is answered from the store, and clipping to the city leaves out those beyond it', async () => {
    const first = await analyse('--facility toilet --radius 300 --demand population')
    const again = await analyse('--radius 300 --demand population --facility toilet')
    expect(again).toMatchObject({ reused: true, run: first.run, covered: first.covered })
    const clipped = await analyse('--facility toilet --radius 300 --demand population --clip-to-city')
    expect(Math.round(clipped.total)).toBe(2_349_781)
  })

  test('residential land is asked for by name where there is none', async () => {
    await expect(analyse('--radius 300')).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('residential_areas') })
  })
})

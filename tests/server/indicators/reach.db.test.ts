import { afterAll, beforeAll, expect, test } from 'vitest'
import { getPlanningDrawing, getPlanningRun, type PlanningQuestion, startPlanningRun } from '../../../server/contract/planning.ts'
import { readReachRules, syncReachRules } from '../../../server/indicators/reach-rules.ts'
import { startPlanningJobs } from '../../../server/planning/planning.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'

const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi

beforeAll(async () => {
  await syncReachRules(db)
  api = await openTestApi(aContext(db, { jobs }))
  await startPlanningJobs(api.context)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

type Asked = Partial<Extract<PlanningQuestion, { kind: 'indicators' }>['input']>

async function sheetOf(city: SmallCity, input: Asked = { blocks: ['tiers', 'comparators'] }) {
  const { id } = await api.call(startPlanningRun, { params: { city: city.key }, body: { kind: 'indicators', input } })
  await jobs.idle()
  const run = await api.call(getPlanningRun, { params: { city: city.key, run: id } })
  if (run.kind !== 'indicators') throw new Error(`a run of ${run.kind}`)
  expect(run).toMatchObject({ status: 'finished', error: null })
  const drawn = await api.call(getPlanningDrawing, { params: { city: city.key, run: id } })
  if (drawn.kind !== 'indicators') throw new Error(`a drawing of ${drawn.kind}`)
  const result = run.result!
  const figures = [...(result.tiers ?? []), ...(result.comparators ?? [])]
  const of = (code: string) => figures.find(({ rule }) => rule.code === code)!
  /** Covered people by the straight line and on foot. */
  const reached = (code: string) => Object.fromEntries(of(code).measures.map(({ ruler, covered }) => [ruler, covered]))
  return { id, run, result, drawing: drawn.drawing, of, reached }
}

const close = (value: number) => expect.closeTo(value, 4) as number
const home = (city: SmallCity, [x, y]: [number, number], people: number | null) => city.building([x - 5, y - 5, 10, 10], people)

/** A community park of 2 ha, a garden of 0.5 ha, a ticketed garden and a wood of 100 ha; homes along one path. */
async function aWorkedCity(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-200, 0, 200, 100], { name: '社区园', classCode: 'G12' })
  await city.park([2000, 0, 100, 50], { name: '小游园', classCode: 'G14' })
  await city.park([2600, 0, 100, 100], { name: '收费园', classCode: 'G14', access: 'ticketed' })
  await city.park([2000, 3000, 1000, 1000], { name: '远林', classCode: 'EG12' })
  await city.path([[-100, 50], [100, 50], [400, 50], [1000, 50], [2050, 50], [2700, 50]])
  await home(city, [100, 50], 100)
  await home(city, [330, 150], 60)
  await home(city, [450, 50], 40)
  await home(city, [2200, 50], 50)
  await home(city, [2650, 50], 10)
  await home(city, [500, 50], null)
  await city.area('county', '440001', '西区', [-500, -500, 1500, 5000])
  await city.area('county', '440002', '东区', [1000, -500, 3000, 5000])
  return city
}

test('who is within the radius of each tier, by the straight line and on foot, worked by hand', async () => {
  const { of, reached } = await sheetOf(await aWorkedCity())
  // The community park of 2 ha reaches 500 m: 100, 60 (334 m off its corner) and 40 (450 m); on foot the second home is 100 m off the path, 430 m in all.
  expect(of('GBT51346_COMMUNITY_1')).toMatchObject({ parks: 1, parksM2: close(20_000), reachingParks: 1, reasonZh: null })
  expect(reached('GBT51346_COMMUNITY_1')).toEqual({ straight: 200, walk: 200 })
  // The garden of 0.5 ha reaches 300 m: the home at 2200 is 100 m from it; the ticketed one serves nobody.
  expect(reached('GBT51346_GARDEN_04')).toEqual({ straight: 50, walk: 50 })
  expect(of('GBT51346_GARDEN_04').measures[0]).toMatchObject({ total: 260, ratio: close(50 / 260), missing: 210, met: null })
  // No community park of 5 ha and more: nobody is within reach of one, which is a figure and not a gap in the data.
  expect(of('GBT51346_COMMUNITY_5')).toMatchObject({ parks: 0, reachingParks: 0, measures: [{ covered: 0, ratio: 0, missing: 260 }, { covered: 0 }] })
})

test('on foot the way to the path counts: who is near as the crow flies may be beyond the walk', async () => {
  const city = await aWorkedCity()
  await home(city, [450, 150], 7)
  const { reached } = await sheetOf(city)
  // √(450² + 50²) = 453 m straight; 450 + 100 m on foot.
  expect(reached('GBT51346_COMMUNITY_1')).toEqual({ straight: 207, walk: 200 })
})

test('a circle counts larger parks for reach, and its own size for the square metres of each person', async () => {
  const { of, reached } = await sheetOf(await aWorkedCity())
  // 10 minutes: from 1 ha, 500 m; 20,000 m² for 260 people.
  expect(reached('GB50180_CIRCLE_10')).toEqual({ straight: 200, walk: 200 })
  expect(of('GB50180_CIRCLE_10').perPerson).toMatchObject({ value: close(20_000 / 260), areaM2: close(20_000), people: 260, met: true, difference: close(20_000 - 260) })
  // 5 minutes: both parks reach 300 m; only the garden of 0.5 ha is of this size. The home at 334 m is beyond.
  expect(of('GB50180_CIRCLE_5').perPerson).toMatchObject({ areaM2: close(5000) })
  expect(reached('GB50180_CIRCLE_5')).toEqual({ straight: 150, walk: 150 })
  expect(of('GB50180_CIRCLE_15').perPerson).toMatchObject({ value: 0, met: false, difference: close(-520) })
  expect(of('GB50180_CIRCLE_10').units).toEqual([
    { level: 'county', code: '440001', name: '西区', people: 200, covered: [200, 200], perPerson: close(100) },
    { level: 'county', code: '440002', name: '东区', people: 60, covered: [0, 0], perPerson: 0 },
  ])
})

test('a park narrower than its circle asks for does not count, and is named with its width', async () => {
  const city = await aSmallCity(db)
  // 6 ha each: a strip of 60 m, and one of 300 m by 200.
  await city.park([0, 0, 1000, 60], { name: '沿河带', classCode: 'G12' })
  await city.park([5000, 0, 300, 200], { name: '社区园', classCode: 'G12' })
  await home(city, [500, 160], 10)
  await home(city, [5150, 300], 20)
  const { of, reached, id } = await sheetOf(city, { blocks: ['tiers'] })
  // 80 m are asked for in 15 minutes, 50 m in 10: there the strip counts.
  expect(of('GB50180_CIRCLE_15')).toMatchObject({ rule: { minWidthMeters: 80 }, parks: 1, parksM2: close(60_000), tooNarrow: { count: 1, examples: [{ name: '沿河带', widthMeters: expect.closeTo(60, 0) as number }] }, perPerson: { areaM2: close(60_000) } })
  expect(reached('GB50180_CIRCLE_15')).toEqual({ straight: 20, walk: null })
  expect(reached('GB50180_CIRCLE_10')).toEqual({ straight: 30, walk: null })
  expect(of('GB50180_CIRCLE_10').tooNarrow).toEqual({ count: 0, examples: [] })
  expect(of('GBT51346_COMMUNITY_5')).toMatchObject({ parks: 2 })
  expect(of('GBT51346_COMMUNITY_5').tooNarrow).toBeUndefined()
  const csv = await (await api.fetch(`/api/v1/cities/${city.key}/planning-runs/${id}/export?format=csv`)).text()
  expect(csv).toContain('宽度不足的公园')
})

test('SDG 11.7.1 by age counts elders and children; sex and disability are named as not told, and so are groups of which there are no data', async () => {
  const city = await aWorkedCity()
  await city.building([95, 45, 10, 10], 10, { elders: 4, children: 2 })
  await city.building([445, 45, 10, 10], 10, { elders: 1, children: 8 })
  const { of, reached } = await sheetOf(city, { blocks: ['comparators'] })
  // 100 m on foot; 450 m are beyond 400.
  expect(reached('SDG_1171_400')).toEqual({ walk: 160 })
  expect(of('SDG_1171_400_ELDERS').measures).toMatchObject([{ ruler: 'walk', covered: 4, total: 5, ratio: 0.8, missing: 1 }])
  expect(of('SDG_1171_400_CHILDREN').measures).toMatchObject([{ covered: 2, total: 10, ratio: 0.2 }])
  expect(of('SDG_1171_400_CHILDREN').units.map(({ name, people, covered }) => [name, people, covered])).toEqual([['西区', 10, [2]]])
  expect(of('SDG_1171_400_SEX_DISABILITY')).toMatchObject({ measures: [], reasonZh: expect.stringContaining('不分性别与残障') as string })
  const other = await sheetOf(await aWorkedCity(), { blocks: ['comparators'] })
  expect(other.of('SDG_1171_400_ELDERS').measures).toMatchObject([{ ratio: null, reasonEn: expect.stringContaining('65 and older') as string }])
})

test('groups that only the population cells know are counted there', async () => {
  const city = await aWorkedCity()
  await city.cell([0, 0, 200, 100], 100, { elders: 30 })
  await city.cell([900, 0, 200, 100], 100, { elders: 10 })
  const { of, reached, drawing } = await sheetOf(city, { blocks: ['comparators'] })
  expect(reached('SDG_1171_400')).toEqual({ walk: 150 })
  expect(of('SDG_1171_400_ELDERS').measures).toMatchObject([{ covered: 30, total: 40 }])
  expect(drawing.homes!.unserved.map(({ code }) => code)).not.toContain('SDG_1171_400_ELDERS')
})

test('a comparator goes by the measure it names, over all public green; what the data cannot tell has no value and says what is missing', async () => {
  const { of, reached } = await sheetOf(await aWorkedCity())
  expect(reached('WHO_300_05')).toEqual({ straight: 150 })
  expect(reached('WHO_300_1')).toEqual({ straight: 100 })
  // 400 m on foot: 100 at 100 m; 450 is beyond; 2200 is 100 m from the garden.
  expect(reached('SDG_1171_400')).toEqual({ walk: 150 })
  // The wood of 100 ha is 2,950 m from the eastern homes, and within 5 km of all.
  expect(reached('ANGST_100')).toEqual({ straight: 260 })
  expect(of('ANGST_100').measures[0]).toMatchObject({ ratio: 1, met: true })
  expect(of('ANGST_2').measures[0]).toMatchObject({ met: false })
  expect(of('GIF_CAPACITY')).toMatchObject({ measures: [], perPerson: { value: close(1_025_000 / 260), met: true } })
  for (const code of ['RULE_3_TREES', 'RULE_30_CANOPY', 'SDG_1171_SHARE', 'ANGST_RESERVE', 'GB50180_BLOCK']) expect(of(code)).toMatchObject({ measures: [], perPerson: null, reasonEn: expect.stringMatching(/no data|no layer|not known/) as string })
})

test('a district counts its own people, and parks beyond its border serve them', async () => {
  const city = await aWorkedCity()
  await home(city, [1010, 50], 30)
  await city.park([900, 0, 90, 70], { name: '西界园', classCode: 'G14' })
  const { of, reached, result } = await sheetOf(city, { blocks: ['tiers'], unit: { level: 'county', code: '440002' } })
  expect(result.comparators).toBeNull()
  expect(reached('GBT51346_GARDEN_04')).toEqual({ straight: 80, walk: 80 })
  expect(of('GBT51346_GARDEN_04')).toMatchObject({ parks: 1, reachingParks: 2, measures: [{ total: 90 }, { total: 90 }] })
})

test('the homes that no park reaches are drawn, and the parks that count are named', async () => {
  const { drawing } = await sheetOf(await aWorkedCity())
  const { people, unserved } = drawing.homes!
  const bits = Buffer.from(unserved.find(({ code, ruler }) => code === 'GBT51346_GARDEN_04' && ruler === 'walk')!.bits, 'base64')
  expect(people.filter((_one, home) => (bits[home >> 3]! >> (home & 7)) & 1).sort((a, b) => a - b)).toEqual([10, 40, 60, 100])
  expect(drawing.rows['GBT51346_COMMUNITY_1']!.map(({ feature }) => drawing.features[feature]!.name)).toEqual(['社区园'])
})

test('a park whose kind is not stated counts by its size; one without people or network has no value and says why', async () => {
  const city = await aSmallCity(db)
  await city.park([0, 0, 200, 100], { classCode: 'G1' })
  const nobody = await sheetOf(city)
  expect(nobody.of('GBT51346_COMMUNITY_1')).toMatchObject({ parks: 1, measures: [{ ratio: null, covered: null, reasonEn: expect.stringContaining('no data of people') as string }, { ratio: null }] })
  expect(nobody.of('GB50180_CIRCLE_10').perPerson).toMatchObject({ value: null, met: null })
  await home(city, [100, 200], 10)
  const { of } = await sheetOf(city)
  expect(of('GBT51346_COMMUNITY_1').measures).toMatchObject([{ ruler: 'straight', ratio: 1 }, { ruler: 'walk', ratio: null, covered: null, met: null, reasonEn: expect.stringContaining('no walking network') as string }])
})

test('a district wholly outside the built-up area has nobody in it: no value, and no failure', async () => {
  const city = await aWorkedCity()
  await city.builtUp([-300, -100, 1000, 500])
  const { of, result } = await sheetOf(city, { blocks: ['tiers', 'spacing'], scope: 'built_up', unit: { level: 'county', code: '440002' } })
  expect(result).toMatchObject({ landM2: 0, people: { people: 0 } })
  expect(of('GBT51346_GARDEN_04')).toMatchObject({ parks: 0, measures: [{ ratio: null, reasonEn: expect.stringContaining('nobody lives there') as string }, { ratio: null }] })
})

test('adding a park never lowers reach', async () => {
  const city = await aWorkedCity()
  await city.building([445, 45, 10, 10], 10, { elders: 3, children: 4 })
  const before = await sheetOf(city)
  await city.park([2400, 200, 150, 150], { classCode: 'G12' })
  const after = await sheetOf(city)
  for (const figure of [...before.result.tiers!, ...before.result.comparators!]) {
    figure.measures.forEach((one, at) => expect(after.of(figure.rule.code).measures[at]!.covered).toBeGreaterThanOrEqual(one.covered!))
  }
})

test('the rules have their sources, loading them again changes nothing, an edited version is refused', async () => {
  const given = await readReachRules()
  expect(given.every(({ source, standard }) => source !== '' && standard !== '')).toBe(true)
  expect(await syncReachRules(db)).toEqual({ added: 0 })
  await expect(syncReachRules(db, [{ ...given[0]!, leastShare: 0.5 }])).rejects.toMatchObject({ code: 'conflict' })
})

test('goes out as a table with rule, ruler and reason', async () => {
  const city = await aWorkedCity()
  const { id } = await sheetOf(city)
  const csv = await (await api.fetch(`/api/v1/cities/${city.key}/planning-runs/${id}/export?format=csv`)).text()
  const lineOf = (...words: string[]) => csv.split('\n').find((line) => words.every((word) => line.includes(word)))
  expect(lineOf('GBT51346_COMMUNITY_1', '步行')).toContain(',200,260,60,')
  expect(lineOf('RULE_3_TREES')).toContain('没有树木位置')
  expect(csv).not.toContain('park_area_per_person')
})

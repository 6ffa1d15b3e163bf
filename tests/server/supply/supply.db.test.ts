import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { getPlanningDrawing, getPlanningRun, type PlanningQuestion, startPlanningRun } from '../../../server/contract/planning.ts'
import { listSupplyRules } from '../../../server/contract/planning-supply.ts'
import { readSupplyRules, syncSupplyRules } from '../../../server/supply/rules.ts'
import { aSmallCity, type Groups, type SmallCity } from '../coverage/a-small-city.ts'
import { aPlanningServer } from '../planning/a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

type Asked = Partial<Extract<PlanningQuestion, { kind: 'supply' }>['input']>

async function ask(city: SmallCity, input: Asked = {}) {
  const { id } = await api().call(startPlanningRun, { params: { city: city.key }, body: { kind: 'supply', input } })
  await jobs.idle()
  const run = await api().call(getPlanningRun, { params: { city: city.key, run: id } })
  if (run.kind !== 'supply') throw new Error(`a run of ${run.kind}`)
  return run
}

/** The answer of a run that is to have one. */
async function answerOf(city: SmallCity, input: Asked = {}) {
  const run = await ask(city, input)
  expect(run).toMatchObject({ status: 'finished', error: null })
  const drawn = await api().call(getPlanningDrawing, { params: { city: city.key, run: run.id } })
  if (drawn.kind !== 'supply') throw new Error(`a drawing of ${drawn.kind}`)
  return { id: run.id, input: run.input, result: run.result!, passport: run.passport!, drawing: drawn.drawing }
}

/** A home of the size of a point, as far as metres go. */
const home = (city: SmallCity, [x, y]: [number, number], people: number, groups?: Groups) => city.building([x - 5, y - 5, 10, 10], people, groups)

/** Two parks a kilometre apart, homes between them, one beyond reach, and a path past them all. */
async function aWorkedCity(): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([-100, 0, 100, 100], { name: '西园' })
  await city.park([1000, 0, 100, 200], { name: '东园' })
  await city.path([[-50, 50], [1050, 50], [5000, 50]])
  await home(city, [200, 50], 100, { elders: 100, children: 0 })
  await home(city, [400, 150], 300, { elders: 0, children: 30 })
  await home(city, [700, 50], 100, { elders: 50, children: 0 })
  await home(city, [5000, 50], 50, { elders: 10, children: 20 })
  await city.area('street', '440000001', '绣园街道', [-200, -200, 700, 600])
  await city.area('street', '440000002', '东郊街道', [500, -200, 6000, 600])
  return city
}

const placesOf = (answer: Awaited<ReturnType<typeof answerOf>>) => answer.drawing.points.people.map((people, at) => [people, answer.drawing.points.perPerson[at]])

test('by the straight line each park is shared by those within the catchment: the shares worked out by hand', async () => {
  const city = await aWorkedCity()
  const answer = await answerOf(city, { catchmentMeters: 650, standard: 30 })
  // West: 10,000 m² for 100 + 300 people; east: 20,000 m² for 300 + 100.
  expect(placesOf(answer)).toEqual([[100, 25], [300, 75], [100, 50], [50, 0]])
  const { result } = answer
  expect(result).toMatchObject({ unit: 'm2', demandUnit: 'people', capacity: 30_000, demands: 4, supplies: 2, suppliesWithoutCapacity: 0, demandsWithoutPeople: 0, pairs: 4 })
  expect(result.equity).toMatchObject({ people: 550, mean: 30_000 / 550, least: 0, greatest: 75, below: { standard: 30, people: 150, share: 150 / 550 } })
  expect(result.conservation).toMatchObject({ supplied: 30_000, received: 30_000, isConserved: true })
  expect(result.outOfReach).toEqual({ demands: 1, people: 50, share: 50 / 550 })
  // All but the farthest are served on paper, within 500 m; a hundred of them have less than the standard.
  expect(result.paper).toMatchObject({ code: 'GARDEN_CITY_2022', served: 500, ratio: 500 / 550, only: 100, onlyShare: 0.2 })
  expect(result.units.map(({ level, code, people, perPerson, below, paperOnly }) => [level, code === city.key ? 'city' : code, people, perPerson, below, paperOnly])).toEqual([
    ['city', 'city', 550, 30_000 / 550, 150, 100],
    ['street', '440000001', 400, (2500 + 22_500) / 400, 100, 100],
    ['street', '440000002', 150, 5000 / 150, 50, 0],
  ])
  expect(result.crowded.map(({ name, perPerson, peopleInReach }) => [name, perPerson, peopleInReach])).toEqual([['西园', 25, 400], ['东园', 50, 400]])
  expect(answer.drawing.places!.map(({ name, capacity, peopleInReach, perPerson }) => [name, capacity, peopleInReach, perPerson])).toEqual([['西园', 10_000, 400, 25], ['东园', 20_000, 400, 50]])
  expect(result.classes.map(({ upTo, people }) => [upTo, people])).toEqual([[0, 50], [15, 0], [30, 100], [60, 100], [null, 300]])
  expect(answer.drawing.streets).toHaveLength(2)
  expect(answer.passport.formula).toContain('650')
  expect(answer.passport.basis).toMatchObject({ rule: { code: 'GREEN_AREA_8', version: 1 } })
})

test('a catchment in minutes is metres at the pace of who is asked about; by the straight line, or beside metres, it is refused', async () => {
  const city = await aWorkedCity()
  const metersOf = async (more: object) => (await answerOf(city, { catchmentMeters: undefined, catchmentMinutes: 10, ruler: 'walk', ...more })).input
  expect(await metersOf({})).toMatchObject({ catchmentMinutes: 10, catchmentMeters: 800 })
  expect(await metersOf({ demand: 'elders' })).toMatchObject({ catchmentMeters: 600 })
  await expect(metersOf({ ruler: 'straight' })).rejects.toMatchObject({ code: 'bad_request' })
  await expect(metersOf({ catchmentMeters: 500 })).rejects.toMatchObject({ code: 'bad_request' })
})

test('on foot the way from the home to its path counts, and the shares follow', async () => {
  const city = await aWorkedCity()
  const answer = await answerOf(city, { catchmentMeters: 650, ruler: 'walk', standard: 30 })
  // The home 100 m off the path has 500 m to the west and 700 to the east: the east is left to one home alone.
  expect(placesOf(answer)).toEqual([[100, 25], [300, 25], [100, 200], [50, 0]])
  expect(answer.result.conservation.relativeDifference).toBeLessThanOrEqual(1e-9)
  expect(answer.result.paper).toMatchObject({ served: 500, only: 400 })
  expect(answer.result.walking).toMatchObject({ nodes: 3, edges: 2, withoutGate: 0, onScrap: 0, offNetwork: 0 })
  expect(answer.passport.methodEn).toContain('walking network')
})

test('beds of a hospital in the middle of its grounds are handed out on foot; one too far from every path is named with its beds', async () => {
  const city = await aSmallCity(db)
  await city.path([[0, 0], [1000, 0]])
  await city.facility('hospital', [100, 75], { name: '院内', capacity: 200 })
  await city.facility('hospital', [600, 155], { name: '远处', capacity: 50 })
  await city.building([200, 0, 10, 10], 100)
  const { result } = await answerOf(city, { facility: 'hospital', rule: undefined, catchmentMeters: 1000, ruler: 'walk' })
  expect([result.capacity, result.conservation.supplied]).toEqual([250, 200])
  expect(result.walking).toMatchObject({ withoutGate: 1, pointToleranceMeters: 150, notEntered: [{ name: '远处', capacity: 50, position: [expect.any(Number), expect.any(Number)] }] })
})

test('zones and the Gaussian weigh as their formulas say, with weights from the table of rules', async () => {
  const city = await aWorkedCity()
  const [one, two, three] = placesOf(await answerOf(city, { catchmentMeters: 600, method: 'e2sfca' })).map(([, value]) => value!)
  // Ends 200, 400 and 600 m, weights 1, 0.68 and 0.22; the second home is 403 m and 600 m away, the third 300 m.
  const west = 10_000 / (1 * 100 + 0.22 * 300)
  const east = 20_000 / (0.22 * 300 + 0.68 * 100)
  expect([one, two, three]).toEqual([west, 0.22 * west + 0.22 * east, 0.68 * east].map((value) => Number(value.toPrecision(6))))
  const weight = (distance: number) => (Math.exp(-((distance / 600) ** 2) / 2) - Math.exp(-0.5)) / (1 - Math.exp(-0.5))
  const [nearest] = placesOf(await answerOf(city, { catchmentMeters: 600, method: 'gaussian' })).map(([, value]) => value!)
  expect(nearest).toBeCloseTo((weight(200) * 10_000) / (weight(200) * 100 + weight(Math.hypot(400, 50)) * 300), 3)
})

test('groups are separate demands: elders share among themselves, or with all residents', async () => {
  const city = await aWorkedCity()
  expect(placesOf(await answerOf(city, { catchmentMeters: 650, demand: 'elders' }))).toEqual([[100, 100], [50, 400], [10, 0]])
  const shared = await answerOf(city, { catchmentMeters: 650, demand: 'elders', sharedBy: 'residents' })
  expect(placesOf(shared)).toEqual([[100, 25], [50, 50], [10, 0]])
  // What is received is counted over those who share.
  expect(shared.result.conservation).toMatchObject({ supplied: 30_000, received: 30_000 })
  expect(shared.result.equity.people).toBe(160)
})

test('hospitals are a supply by their beds, and a demand by them', async () => {
  const city = await aWorkedCity()
  await city.facility('hospital', [300, 50], { capacity: 40, name: '西医院' })
  await city.facility('hospital', [4900, 50], { capacity: 5, name: '东医院' })
  await city.facility('hospital', [301, 50], { name: '未报床位' })
  const { result, input } = await answerOf(city, { facility: 'hospital', catchmentMeters: 200 })
  expect([input.supplyBy, result.unit, result.capacity, result.suppliesWithoutCapacity, input.standard]).toEqual(['capacity', 'beds', 45, 1, null])
  expect(result.notCounted).toMatchObject([{ reason: 'capacity_unknown', count: 1, examples: [{ name: '未报床位' }] }])
  expect(result.equity.below).toBeNull()
  const asDemand = await answerOf(city, { demand: 'hospitals', catchmentMeters: 350 })
  expect([asDemand.result.demandUnit, asDemand.result.equity.people]).toEqual(['facilities', 3])
})

test('who is below the standard is told why: too many people, nothing near, closed, a detour, no path, data missing', async () => {
  const city = await aSmallCity(db)
  // 10,000 m² for 2,000 people are 5 m² each, for 100 people 100.
  await city.park([0, 0, 100, 100], { name: '挤园' })
  await home(city, [150, 50], 2000)
  await city.park([5000, 0, 100, 100], { name: '闲园' })
  await home(city, [5150, 50], 100)
  await home(city, [20_000, 50], 30)
  await city.park([30_000, 0, 100, 100], { name: '封闭园', access: 'closed' })
  await home(city, [30_150, 50], 40)
  await city.park([40_000, 0, 100, 100], { name: '未分类', classCode: null })
  await home(city, [40_150, 50], 50)
  const straight = await answerOf(city)
  const told = ({ result }: typeof straight) => Object.fromEntries(result.reasons!.map(({ kind, people }) => [kind, people]))
  expect(told(straight)).toEqual({ too_many: 2000, data_missing: 50, shut: 40, nothing_near: 30 })
  expect(straight.result.reasons![0]).toEqual({ kind: 'too_many', demands: 1, people: 2000 })
  expect(straight.result.reasons!.reduce((sum, { people }) => sum + people, 0)).toBe(straight.result.equity.below!.people)
  expect((await answerOf(city, { standard: null })).result.reasons).toBeNull()
  // On foot: 300 m away as the crow flies, 1,900 m round; and one without any path.
  await city.path([[50, 50], [150, 50], [5050, 50], [20_000, 50], [30_150, 50], [40_150, 50]])
  await city.path([[20_000, 50], [20_000, 1000], [5400, 1000], [5400, 400]])
  await home(city, [5400, 400], 7)
  await home(city, [150, 700], 8)
  expect(told(await answerOf(city, { ruler: 'walk' }))).toEqual({ too_many: 2000, data_missing: 50, shut: 40, nothing_near: 30, detour: 7, off_network: 8 })
  // Facilities that state no capacity offer nothing: that is no finding about the people.
  await city.facility('kindergarten', [150, 60], { name: '学位不详' })
  await city.facility('kindergarten', [5150, 60], { name: '一百位', capacity: 100 })
  const places = await answerOf(city, { facility: 'kindergarten', supplyBy: 'capacity', standard: 0.1, catchmentMeters: 300 })
  expect(told(places)).toMatchObject({ data_missing: 2000 })
})

test('zero demand and zero supply are told, not divided by', async () => {
  const city = await aSmallCity(db)
  await city.park([0, 0, 100, 100])
  await city.building([200, 0, 10, 10], 0)
  await city.building([5000, 0, 10, 10], 10)
  const { result, drawing } = await answerOf(city)
  expect(result.equity).toMatchObject({ people: 10, mean: 0, gini: null, lorenz: null })
  expect(drawing.places).toMatchObject([{ capacity: 10_000, peopleInReach: 0, perPerson: null }])
  expect(result.crowded).toEqual([])
  expect(result).toMatchObject({ demandsWithoutPeople: 1, unused: { supplies: 1, capacity: 10_000 }, conservation: { supplied: 0, received: 0, relativeDifference: null, isConserved: true } })
})

test('the rule brings catchment and standard; what is asked for by name outranks it', async () => {
  const city = await aWorkedCity()
  expect((await answerOf(city)).input).toMatchObject({ rule: 'GREEN_AREA_8', catchmentMeters: 1000, standard: 8, supplyBy: 'area', paperRule: 'GARDEN_CITY_2022' })
  expect((await answerOf(city, { rule: 'GREEN_CIRCLE_5', standard: null, paperRule: null })).input).toMatchObject({ rule: 'GREEN_CIRCLE_5', catchmentMeters: 300, standard: null, paperRule: null })
  expect((await answerOf(city, { supplyBy: 'count' })).input.standard).toBeNull()
})

test.each([
  [{ facility: 'nowhere' }, /no facilities of class "nowhere"/],
  [{ layers: ['nothing'] }, /no layer "nothing"/],
  [{ demand: 'schools' as const }, /no schools data/],
  [{ rule: 'NO_RULE' }, /no supply rule "NO_RULE".*GREEN_AREA_8/],
  [{ rule: 'SHELTER_SHORT' }, /no supply rule "SHELTER_SHORT"/],
  [{ paperRule: 'TOILET_300' }, /no service-radius rule "TOILET_300"/],
  [{ supplyBy: 'capacity' as const }, /states no capacity/],
  [{ sharedBy: 'residents' as const }, /Only elders and children/],
])('a question that cannot be answered says why: %j', async (input, message) => {
  const city = await aWorkedCity()
  await expect(ask(city, input)).rejects.toMatchObject({ code: 'bad_request', message: expect.stringMatching(message) as string })
})

test('without paths a walk says what to import', async () => {
  const city = await aSmallCity(db)
  await city.park([0, 0, 100, 100])
  await home(city, [200, 50], 10)
  await expect(ask(city, { ruler: 'walk' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(api().fetch(`/api/v1/cities/${city.key}/planning-runs?kind=supply`).then((reply) => reply.text())).resolves.toMatch(/has no walking network/)
})

test('the rules are there with their sources, and an edit of one asks for a new version', async () => {
  const city = await aSmallCity(db)
  const { rules } = await api().call(listSupplyRules, { params: { city: city.key } })
  expect(rules.find(({ code }) => code === 'GREEN_AREA_8')).toMatchObject({ facility: 'green', standard: 8, verified: true, clause: '2.1.3' })
  const given = await readSupplyRules()
  expect(await syncSupplyRules(db)).toEqual({ added: 0 })
  await expect(syncSupplyRules(db, [{ ...given[0]!, standard: 9 }])).rejects.toMatchObject({ code: 'conflict' })
})

test('goes out as CSV, XLSX, GeoPackage, Shapefile and GeoJSON with its passport', async () => {
  const city = await aWorkedCity()
  const { id } = await answerOf(city, { catchmentMeters: 650, standard: 30 })
  const file = (query: string) => api().fetch(`/api/v1/cities/${city.key}/planning-runs/${id}/export?${query}`)
  const csv = await (await file('format=csv')).text()
  expect(csv).toContain('绣园街道')
  const collection = (await (await file('format=geojson')).json()) as { passport: Record<string, unknown>; features: { properties: { code: string; per_person: number } }[] }
  expect(collection.features.map(({ properties: { code, per_person: value } }) => [code, value])).toEqual([['440000001', 62.5], ['440000002', 5000 / 150]])
  expect(collection.passport['公式 formula']).toContain('650')
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(await (await file('format=xlsx')).arrayBuffer())
  expect(workbook.worksheets.map((sheet) => sheet.name)).toEqual(['概要 summary', '单元 units', '分级 classes', '洛伦兹 Lorenz', '拥挤 crowded', '原因 reasons', '未计入 not counted', '方法 method', '计算说明 passport'])
  expect(workbook.getWorksheet('概要 summary')!.getSheetValues().flat()).toContain(30_000 / 550)
  for (const table of ['supply', 'crowded', 'passport']) expect(Buffer.from(await (await file('format=gpkg')).arrayBuffer()).includes(table)).toBe(true)
  expect((await file('format=shp')).headers.get('content-type')).toBe('application/zip')
  expect((await file('format=pdf')).status).toBe(400)
})

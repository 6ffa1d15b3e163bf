import { beforeAll, describe, expect, test } from 'vitest'
import { inOwnLanguage } from '../../../client/i18n/own-language.ts'
import { decodeGround, placeEdit, planeOf } from '../../../client/scenario/ground.ts'
import type { Endpoint } from '../../../server/contract/endpoint.ts'
import { getCoverageRun, startCoverageRun } from '../../../server/contract/coverage.ts'
import type { NotEnteredReason } from '../../../server/contract/not-entered.ts'
import { getPlanningRun, type PlanningRun, startPlanningRun } from '../../../server/contract/planning.ts'
import { createScenario, getWhatIfGround, type ScenarioEdit } from '../../../server/contract/scenarios.ts'
import { notEnteredOfCoverage } from '../../../server/coverage/not-entered.ts'
import { WhatIf } from '../../../server/engine/what-if/what-if.ts'
import { AppError } from '../../../server/errors.ts'
import { syncReachRules } from '../../../server/indicators/reach-rules.ts'
import { aSmallCity, positionAt, type SmallCity } from '../coverage/a-small-city.ts'
import { aPlanningServer } from './a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()
beforeAll(() => syncReachRules(db))

const WALK = { radiusMeters: 300, minAreaM2: 5000, demand: 'population', ruler: 'walk' } as const

/** What a tool says: its refusal, or what of the city it could not walk to. */
interface Said {
  refusal: string | null
  field: string | null
  /** Parks that nobody can walk into, with the reason of each; null where the tool says nothing of them. */
  shut: [string | null, NotEnteredReason][] | null
  /** People on a disconnected part of the network. */
  onScrap: number | null
}
const NOTHING: Said = { refusal: null, field: null, shut: null, onScrap: null }

/** Sends a question as the console does; answers the reply, or what was said in its place. */
async function send(city: SmallCity, { path }: Pick<Endpoint, 'path'>, body: object): Promise<{ id: string } | Said> {
  const response = await api().fetch(`/api/v1${path.replace(':city', city.key)}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const reply = (await response.json()) as { id: string; detail?: string; errors?: { path: string }[] }
  if (!response.ok) return { ...NOTHING, refusal: reply.detail ?? '', field: reply.errors?.[0]?.path ?? null }
  // A run that cannot be carried out keeps what its job was refused with.
  await jobs.idle().catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
  })
  return reply
}

async function coverageOf(city: SmallCity, question: object): Promise<Said & { id?: string }> {
  const sent = await send(city, startCoverageRun, question)
  if (!('id' in sent)) return sent
  const run = await api().call(getCoverageRun, { params: { city: city.key, run: sent.id } })
  const walking = run.summary?.walking
  return { ...NOTHING, id: sent.id, refusal: run.error?.message ?? null, shut: walking ? walking.withoutGate.examples.map(({ name, reason }) => [name, reason!]) : null, onScrap: walking?.onScrap ?? null }
}

async function planned(city: SmallCity, kind: PlanningRun['kind'], input: object): Promise<Said> {
  const sent = await send(city, startPlanningRun, { kind, input })
  if (!('id' in sent)) return sent
  const run = await api().call(getPlanningRun, { params: { city: city.key, run: sent.id } })
  return { ...NOTHING, refusal: run.error?.message ?? null, ...toldBy(run) }
}

const SITING_REASONS: Record<string, NotEnteredReason> = { standing_no_path: 'no_path', standing_scrap: 'scrap', standing_bridge: 'bridge' }

function toldBy(run: PlanningRun): Partial<Said> {
  if (run.result === null) return {}
  if (run.kind === 'supply') return { shut: run.result.walking!.notEntered!.map(({ name, reason }) => [name, reason!]), onScrap: run.result.walking!.onScrap }
  if (run.kind === 'mends') return { shut: run.result.walking!.notEntered.facilities.map(({ name, reason }) => [name, reason]), onScrap: run.result.walking!.onScrap }
  if (run.kind === 'siting') {
    const { notices } = run.result
    const fatal = notices.find(({ isFatal }) => isFatal)
    return {
      refusal: fatal ? `${fatal.zh} ${fatal.en}` : null,
      shut: notices.flatMap(({ code, zh, en }) => (SITING_REASONS[code] ? [...zh.matchAll(/“([^”]+)”/g)].map((match): [string, NotEnteredReason] => [en.includes(`"${match[1]}"`) ? match[1]! : '', SITING_REASONS[code]!]) : [])),
      onScrap: notices.find(({ code }) => code === 'homes_on_scrap')?.weight ?? 0,
    }
  }
  if (run.kind === 'indicators') {
    const measures = [...run.result.tiers!, ...run.result.comparators!].flatMap((figure) => figure.measures)
    const wanting = measures.find(({ reasonZh, ruler }) => reasonZh !== null && ruler === 'walk')
    // A measure without a value says why in its place.
    return { refusal: wanting ? `${wanting.reasonZh} ${wanting.reasonEn!.replace(/^./, (letter) => letter.toUpperCase())}` : null, shut: run.result.walking?.notEntered?.facilities.map(({ name, reason }) => [name, reason]) ?? null, onScrap: run.result.walking?.onScrap ?? null }
  }
  return {}
}

/** Every tool of the bench, asked on foot. */
const TOOLS: Record<string, (city: SmallCity) => Promise<Said>> = {
  coverage: (city) => coverageOf(city, WALK),
  supply: (city) => planned(city, 'supply', { method: '2sfca', ruler: 'walk', facility: 'green', demand: 'population' }),
  sites: (city) => planned(city, 'siting', { method: 'mclp', p: 1, radiusMeters: 300, ruler: 'walk', demand: 'population' }),
  async mends(city) {
    const { id, ...said } = await coverageOf(city, WALK)
    return id === undefined ? said : planned(city, 'mends', { run: id })
  },
  async scenario(city) {
    const made = await send(city, createScenario, { title: '方案', question: WALK, edits: [] })
    if ('refusal' in made) return made
    const { scenario } = made as unknown as { scenario: { id: string } }
    const ground = await send(city, getWhatIfGround, WALK)
    const whole = await coverageOf(city, { ...WALK, scenario: { id: scenario.id, version: 1 } })
    if ('refusal' in ground) expect(whole.refusal).toBe(ground.refusal)
    return whole
  },
  indicators: (city) => planned(city, 'indicators', { blocks: ['tiers', 'comparators'] }),
}

const SITUATIONS = {
  async 'no network imported'() {
    const city = await aSmallCity(db)
    await city.park([-100, 0, 100, 100], { name: '东园' })
    await city.building([100, 45, 10, 10], 100)
    await city.plot([300, 0, 100, 100], { name: '空地' })
    return city
  },
  async 'no homes'() {
    const city = await aSmallCity(db)
    await city.park([-100, 0, 100, 100], { name: '东园' })
    await city.path([[-50, 50], [0, 50], [300, 50]])
    await city.plot([300, 0, 100, 100], { name: '空地' })
    return city
  },
  async 'homes in which nobody lives'() {
    const city = await SITUATIONS['no homes']()
    await city.building([100, 45, 10, 10], 0)
    await city.cell([100, 45, 10, 10], 0)
    return city
  },
  /** A long street, and 2 km off a short one that joins nothing, with a park and homes. */
  async 'a disconnected network'() {
    const city = await aSmallCity(db)
    await city.park([-100, 0, 100, 100], { name: '东园' })
    await city.building([100, 45, 10, 10], 100)
    await city.plot([300, 0, 100, 100], { name: '空地' })
    await city.path([[-50, 50], [0, 50], ...Array.from({ length: 60 }, (_value, at) => [20 + at * 10, 50] as const)])
    await city.park([2000, 0, 100, 100], { name: '断园' })
    await city.path([[2050, 50], [2200, 50]])
    await city.building([2150, 45, 10, 10], 40)
    return city
  },
  /** Of three parks one lies 45 m from the nearest path on every side, and one is passed by a bridge alone. */
  async 'a park outside the network'() {
    const city = await aSmallCity(db)
    await city.park([-100, 0, 100, 100], { name: '东园' })
    await city.park([100, 300, 100, 100], { name: '孤园' })
    await city.park([300, 200, 100, 100], { name: '桥园' })
    await city.building([150, 245, 10, 10], 100)
    await city.plot([300, 0, 100, 100], { name: '空地' })
    await city.path([[-50, 50], [0, 50], [150, 50], [150, 255], [300, 50], [600, 50], [600, 250]])
    await city.path([[600, 250], [350, 250]], 'bridge')
    return city
  },
}
type Situation = keyof typeof SITUATIONS

const NO_NETWORK = { zh: /没有步行路网：请先导入（import --as paths）/, en: /no walking network: import one \(--as paths\)/ }
const NO_PEOPLE = { zh: /没有人口数据（或合计为 0），无从量算：请先导入人口网格，或有居住人数的建筑（import FILE --city \w+ --as population_cells）/, en: /has no population data to measure against, or they add up to nothing\. Import population/ }
const NOBODY_THERE = { zh: /没有人口数据，或没有人居住：请先导入人口/, en: /no data of people in it, or nobody lives there: import population/ }

/** What is said where nothing can be answered: what, where, and how to mend it; by every tool the same unless it has a word of its own. */
const REFUSED: Partial<Record<Situation, { by: { zh: RegExp; en: RegExp }; own?: Record<string, { zh: RegExp; en: RegExp }>; field?: RegExp }>> = {
  'no network imported': { by: NO_NETWORK },
  'no homes': { by: NO_PEOPLE, own: { indicators: NOBODY_THERE }, field: /demand$/ },
  'homes in which nobody lives': { by: NO_PEOPLE, own: { indicators: NOBODY_THERE }, field: /demand$/ },
}
/** Where answers still come, they name what could not be walked to and say why. */
const ANSWERED: Partial<Record<Situation, { shut: Said['shut']; onScrap: number }>> = {
  'a disconnected network': { shut: [['断园', 'scrap']], onScrap: 40 },
  'a park outside the network': { shut: [['孤园', 'no_path'], ['桥园', 'bridge']], onScrap: 0 },
}

const cells = (situations: object) => Object.keys(situations).flatMap((situation) => Object.keys(TOOLS).map((tool) => [tool, situation as Situation] as const))

describe('what is missing is said by every tool: what, where, and how to mend it, in either language', () => {
  test.each(cells(REFUSED))('%s, %s', async (tool, situation) => {
    const { by, own, field } = REFUSED[situation]!
    const city = await SITUATIONS[situation]()
    const said = await TOOLS[tool]!(city)
    const [zh, en] = [inOwnLanguage(said.refusal ?? '', 'zh'), inOwnLanguage(said.refusal ?? '', 'en')]
    expect([zh, en]).toEqual([expect.stringMatching((own?.[tool] ?? by).zh), expect.stringMatching((own?.[tool] ?? by).en)])
    // Neither language in the other's sentence.
    expect(zh).not.toMatch(/[a-z]{3,} [a-z]{2,} [a-z]{2,}/)
    expect(en).not.toMatch(/[\u4e00-\u9fff]/)
    if (field && own?.[tool] === undefined) expect(said.field).toMatch(field)
  })

  test.each(cells(ANSWERED))('%s, %s', async (tool, situation) => {
    const said = await TOOLS[tool]!(await SITUATIONS[situation]())
    expect({ ...said, refusal: null, id: undefined }).toEqual({ ...NOTHING, ...ANSWERED[situation]!, id: undefined })
  })

  test('land without anybody on it: coverage of land is answered, and its mends say whom they lack', async () => {
    const city = await SITUATIONS['no homes']()
    await city.parcel([0, 0, 300, 100])
    const { id } = await coverageOf(city, { radiusMeters: 300, minAreaM2: 5000, demand: 'residential' })
    const { refusal } = await planned(city, 'mends', { run: id })
    expect([inOwnLanguage(refusal!, 'zh'), inOwnLanguage(refusal!, 'en')]).toEqual([expect.stringMatching(/没有可计人数的住处：请先导入人口（--as population_cells）/), expect.stringMatching(/no homes with people to count a gain by: import population cells/)])
    const bare = await SITUATIONS['no homes']()
    expect((await coverageOf(bare, { radiusMeters: 300, demand: 'residential' })).refusal).toMatch(/没有居住用地数据.*请先导入居住用地（import FILE --city \w+ --as residential_areas）.*Import residential land/)
  })

  test('the sentences of files, reports and the command line name each park, why nobody gets in, and what mends it', async () => {
    const city = await SITUATIONS['a park outside the network']()
    const { id } = await coverageOf(city, WALK)
    const { summary } = await api().call(getCoverageRun, { params: { city: city.key, run: id! } })
    expect(notEnteredOfCoverage(summary!.walking).map(({ zh, en }) => [zh, en])).toEqual([
      [expect.stringMatching(/^1 处设施（“孤园”）走不进去.*离步道都超过 30 m.*请导入通到那里的步道/), expect.stringMatching(/"孤园".*farther than 30 m from any path.*Import the paths/)],
      [expect.stringMatching(/^1 处设施（“桥园”）走不进去.*只挨着桥或隧道.*请导入从地面通到/), expect.stringMatching(/"桥园".*bridge or tunnel alone.*Import the paths/)],
    ])
  })

  test('a park that is moved about says why nobody could walk in, and says nothing where somebody can', async () => {
    const city = await SITUATIONS['a disconnected network']()
    const ground = await api().call(getWhatIfGround, { params: { city: city.key }, body: WALK })
    const plane = planeOf(ground.plane)
    const whatIf = new WhatIf(decodeGround(ground))
    whatIf.begin([])
    const square = ([west, south]: readonly [number, number]) => [[west, south], [west + 100, south], [west + 100, south + 100], [west, south + 100], [west, south]].map(([x, y]) => positionAt(x!, y!))
    const notEnteredAt = (at: readonly [number, number]) => {
      const edit: ScenarioEdit = { id: '01890000-0000-7000-8000-000000000001', name: '', kind: 'facility', geometry: { type: 'Polygon', coordinates: [square(at)] } }
      const placed = placeEdit(edit, plane)
      if (placed.kind !== 'facility') throw new TypeError(placed.kind)
      return whatIf.move(placed).notEntered
    }
    expect([notEnteredAt([200, 0]), notEnteredAt([200, 95]), notEnteredAt([2120, 0])]).toEqual([null, 'no_path', 'scrap'])
  })
})

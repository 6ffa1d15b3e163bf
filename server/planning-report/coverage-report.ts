/** A finished coverage run as a report, by either ruler, over the data or over a scenario. */
import type { CityRow } from '../cities/cities.ts'
import { type CoverageInput, type CoverageSummary, type CoverageUnit, type Demand } from '../contract/coverage.ts'
import { facilityName } from '../contract/facility-names.ts'
import type { getCoverageResult } from '../coverage/coverage.ts'
import { NOT_COUNTED } from '../coverage/labels.ts'
import { notEnteredOfCoverage } from '../coverage/not-entered.ts'
import type { Db } from '../db/db.ts'
import { COLOURS, COVERAGE_RAMP, GAP_RAMP } from './colours.ts'
import { boundNote, type Found, left, methodBlocks, MOST_ROWS, notEnteredTable, passportBlocks, type ReportTools, right, ruleBlocks } from './common.ts'
import { type Bounds, findAreasBounds, findCityBounds, findReachedShape, findRunBounds, findServedShape, type Frame, listAdministrativeAreas, listBlindSpotShapes, listMeasuredShapes } from './ground-queries.ts'
import { type Ground, readGround } from './ground.ts'
import type { Figure, LegendEntry, MapLayer, ReportMap, ReportTable } from './model.ts'
import { DEMANDS, LEVELS, MENDS, REASONS, rulerOf, UNITS } from './names.ts'
import { findScenarioOfRun, type RunScenario } from './scenario.ts'
import { layerOf, widened } from './shapes.ts'
import type { ReportWords } from './words.ts'

export type CoverageResult = Awaited<ReturnType<typeof getCoverageResult>>

/** Streets within the walk, and blind spots, that a map bears. */
const MOST_STREETS = 60_000
const MOST_SPOTS = 5000
const NUMBERED_SPOTS = 15
/** People in a blind spot from which the next colour begins. */
const PEOPLE_CLASSES = [0, 100, 500, 2000, 5000]
const RATIO_CLASSES = [0, 0.2, 0.4, 0.6, 0.8]

const unitsOf = (result: CoverageResult, demand: Demand, level: CoverageUnit['level']): CoverageUnit[] => result.units.filter((one) => one.demand === demand).flatMap(({ units }) => units.filter((unit) => unit.level === level))

function amount(words: ReportWords, value: number, unit: CoverageSummary['ratios'][Demand]): string {
  if (unit?.unit === 'm2') return words.area(value)
  return `${words.number(value)} ${unit ? words.label(UNITS[unit.unit]) : ''}`.trim()
}

/** The box of the places where there is demand; else of what is drawn; else of the city. */
export async function boundsOfUnits(db: Db, city: CityRow, codes: readonly string[], ofDrawn: () => Promise<Bounds | null> = () => Promise.resolve(null)): Promise<Bounds> {
  const ofAreas = codes.length > 0 ? await findAreasBounds(db, city.cityId, city.measureSrid, codes) : null
  const box = ofAreas ?? (await ofDrawn()) ?? (await findCityBounds(db, city.cityId, city.measureSrid)) ?? [0, 0, 1000, 1000]
  return widened(box, 0.02)
}

function titleOf(words: ReportWords, result: CoverageResult, input: CoverageInput): string {
  const rule = result.run.passport.rule
  if (rule) return words.pick(rule.titleZh, rule.titleEn)
  const facility = words.label(facilityName(input.facility))
  return words.pick(`${facility} ${words.number(input.radiusMeters)} m 服务覆盖`, `Service of ${facility.toLowerCase()} within ${words.number(input.radiusMeters)} m`)
}

/** What was found, in a sentence or two. */
function findingOf(words: ReportWords, { run: { summary } }: CoverageResult, input: CoverageInput): string {
  const asked = summary.ratios[input.demand]
  const [demand, ruler] = [words.label(DEMANDS[input.demand]), words.label(rulerOf(input))]
  if (!asked || asked.ratio === null) return words.pick(`没有可服务的${demand}，覆盖率无值。`, `There is no ${demand} to be served: the ratio has no value.`)
  const points = summary.target === null ? null : words.number(Math.abs(asked.ratio - summary.target) * 100, 2)
  const verdict =
    summary.target === null ? words.pick('规则对此需求没有目标值。', 'The rule sets no target for this demand.')
    : asked.ratio >= summary.target ? words.pick(`达到目标（≥ ${words.percent(summary.target, 0)}），高出 ${points} 个百分点。`, `The target (≥ ${words.percent(summary.target, 0)}) is reached, by ${points} percentage points.`)
    : words.pick(`未达到目标（≥ ${words.percent(summary.target, 0)}），相差 ${points} 个百分点。`, `The target (≥ ${words.percent(summary.target, 0)}) is missed by ${points} percentage points.`)
  const people = summary.blindSpotPeople === null ? '' : words.pick(`，涉及 ${words.number(summary.blindSpotPeople)} 人`, ` with ${words.number(summary.blindSpotPeople)} people`)
  return words.pick(
    `按${ruler}，${demand}的服务覆盖率为 ${words.percent(asked.ratio)}：总量 ${amount(words, asked.total, asked)}中已覆盖 ${amount(words, asked.covered, asked)}。${verdict}盲区 ${words.number(summary.blindSpotCount)} 处${people}。`,
    `By ${ruler}, ${words.percent(asked.ratio)} of ${demand} are served: ${amount(words, asked.covered, asked)} of ${amount(words, asked.total, asked)}. ${verdict} There are ${words.number(summary.blindSpotCount)} blind spots${people}.`,
  )
}

function figuresOf(words: ReportWords, { run: { summary } }: CoverageResult, input: CoverageInput): Figure[] {
  const asked = summary.ratios[input.demand]
  const beside = (Object.keys(summary.ratios) as Demand[]).filter((demand) => demand !== input.demand)
  const tone: Figure['tone'] = asked?.ratio == null || summary.target === null ? undefined : asked.ratio >= summary.target ? 'good' : 'warn'
  return [
    { label: words.pick(`${DEMANDS[input.demand].zh}覆盖率`, `Coverage of ${DEMANDS[input.demand].en}`), value: words.percent(asked?.ratio), ...(tone ? { tone } : {}), ...(summary.target === null ? {} : { note: words.pick(`目标 ≥ ${words.percent(summary.target, 0)}`, `target ≥ ${words.percent(summary.target, 0)}`) }) },
    { label: words.pick('已覆盖', 'Served'), value: asked ? amount(words, asked.covered, asked) : '—', ...(asked ? { note: words.pick(`总量 ${amount(words, asked.total, asked)}`, `of ${amount(words, asked.total, asked)}`) } : {}) },
    { label: words.pick('盲区', 'Blind spots'), value: words.number(summary.blindSpotCount), note: words.area(summary.blindSpotAreaM2) },
    { label: words.pick('盲区人口', 'People in blind spots'), value: summary.blindSpotPeople === null ? '—' : words.number(summary.blindSpotPeople) },
    { label: words.pick('计入设施', 'Facilities that count'), value: words.number(summary.facilitiesCounted) },
    summary.walking
      ? { label: words.pick('仅直线覆盖', 'Served on paper only'), value: amount(words, summary.walking.straight.only, asked), note: words.pick(`直线覆盖率 ${words.percent(summary.walking.straight.ratio)}`, `straight line ${words.percent(summary.walking.straight.ratio)}`) }
      : { label: words.pick('服务面积', 'Served area'), value: words.area(summary.servedAreaM2) },
    ...beside.map((demand): Figure => ({ label: words.pick(`${DEMANDS[demand].zh}覆盖率`, `Coverage of ${DEMANDS[demand].en}`), value: words.percent(summary.ratios[demand]?.ratio) })),
  ].slice(0, 8)
}

const classOf = (value: number, from: readonly number[]) => from.findLastIndex((least) => value >= least)

async function readAnswerMap({ db, city, words }: ReportTools, result: CoverageResult, input: CoverageInput, ground: Ground, scenario: RunScenario | null): Promise<ReportMap> {
  const walks = input.ruler === 'walk'
  const { frame } = ground
  const served = walks ? null : await findServedShape(db, result.run.id, frame)
  const reached = walks ? await findReachedShape(db, result.run.id, frame, MOST_STREETS) : null
  const spots = await listBlindSpotShapes(db, result.run.id, frame, MOST_SPOTS)
  const edits = scenario ? await listMeasuredShapes(db, city.measureSrid, scenario.shapes, 0) : []
  const usedClasses = PEOPLE_CLASSES.map((from, index) => ({ from, upTo: PEOPLE_CLASSES[index + 1], shapes: spots.filter(({ people }) => classOf(people ?? 0, PEOPLE_CLASSES) === index).map(({ shape }) => shape) }))
  const layers: MapLayer[] = [
    ...ground.below,
    ...(served ? [layerOf([served], { fill: COLOURS.served, fillOpacity: 0.22, stroke: COLOURS.served, strokeWidth: 0.4 })] : []),
    ...(reached ? [layerOf([reached], { stroke: COLOURS.served, strokeWidth: 0.75 })] : []),
    ...usedClasses.map(({ shapes }, index) => layerOf(shapes, { fill: GAP_RAMP[index]!, fillOpacity: 0.78, stroke: GAP_RAMP[Math.max(1, index)]!, strokeWidth: 0.4 })),
    ...ground.above,
    ...(edits.length > 0 ? [layerOf(edits, { fill: COLOURS.blue, fillOpacity: 0.25, stroke: COLOURS.blue, strokeWidth: 1.2, radius: 3 })] : []),
  ]
  const people = (from: number, upTo: number | undefined) => (upTo === undefined ? words.pick(`盲区 ≥ ${words.number(from)} 人`, `Blind spot, ${words.number(from)} people or more`) : words.pick(`盲区 ${words.number(from)}–${words.number(upTo - 1)} 人`, `Blind spot, ${words.number(from)}–${words.number(upTo - 1)} people`))
  const entries: LegendEntry[] = [
    ...(served ? [{ kind: 'area' as const, text: words.pick('服务范围', 'Served area'), fill: COLOURS.served, fillOpacity: 0.3, stroke: COLOURS.served }] : []),
    ...(reached ? [{ kind: 'line' as const, text: words.pick('步行可达街段', 'Streets within the walk'), stroke: COLOURS.served }] : []),
    ...usedClasses.flatMap(({ from, upTo, shapes }, index) => (shapes.length > 0 ? [{ kind: 'area' as const, text: people(from, upTo), fill: GAP_RAMP[index]!, fillOpacity: 0.85, stroke: GAP_RAMP[Math.max(1, index)]! }] : [])),
    ...(spots.length > 0 ? [{ kind: 'mark' as const, text: words.pick('盲区排名（与表对应）', 'Rank of a blind spot, as in the table'), fill: COLOURS.selection }] : []),
    ...(edits.length > 0 ? [{ kind: 'area' as const, text: words.pick('方案中的改动', 'Edits of the scenario'), fill: COLOURS.blue, fillOpacity: 0.3, stroke: COLOURS.blue }] : []),
    ...(input.facility === 'green' ? [] : [{ kind: 'point' as const, text: words.label(facilityName(input.facility)), fill: COLOURS.green }]),
    ...ground.legend,
  ]
  return {
    title: words.pick('服务覆盖与盲区', 'What is served, and the blind spots'),
    bounds: frame.bounds,
    layers,
    labels: ground.labels,
    marks: spots.slice(0, NUMBERED_SPOTS).map(({ rank, x, y }) => ({ x, y, text: String(rank), colour: COLOURS.selection })),
    legend: { title: words.pick('图例', 'Legend'), entries },
    note: ground.note,
  }
}

/** Units of a level coloured by their ratio. */
async function readUnitMap(db: Db, frame: Frame, words: ReportWords, ground: Ground, level: 'street' | 'community', units: readonly CoverageUnit[]): Promise<ReportMap> {
  const ratios = new Map(units.map(({ code, ratio }) => [code, ratio]))
  const areas = await listAdministrativeAreas(db, frame, level, 3000)
  const of = (at: number | null) => areas.filter(({ code }) => { const ratio = ratios.get(code); return at === null ? ratio == null : ratio != null && classOf(ratio, RATIO_CLASSES) === at }).map(({ shape }) => shape)
  const line = { stroke: COLOURS.paper, strokeWidth: 0.4 }
  const water = ground.below.filter(({ fill }) => fill === COLOURS.water)
  return {
    title: words.pick(`各${LEVELS[level].zh}覆盖率`, `Coverage by ${LEVELS[level].en.toLowerCase()}`),
    bounds: frame.bounds,
    layers: [
      layerOf(of(null), { fill: COLOURS.panel, ...line }),
      ...RATIO_CLASSES.map((_from, index) => layerOf(of(index), { fill: COVERAGE_RAMP[index]!, ...line })),
      ...water, ...ground.above,
    ],
    labels: ground.labels,
    marks: [],
    legend: {
      title: words.pick('覆盖率', 'Coverage'),
      entries: [
        ...RATIO_CLASSES.map((from, index): LegendEntry => ({ kind: 'area', text: `${words.percent(from, 0)} – ${index === 4 ? '' : '< '}${words.percent(RATIO_CLASSES[index + 1] ?? 1, 0)}`, fill: COVERAGE_RAMP[index]!, stroke: COLOURS.line })),
        { kind: 'area', text: words.pick('无值（没有需求）', 'No value (no demand)'), fill: COLOURS.panel, stroke: COLOURS.line },
        ...ground.legend.filter(({ kind }) => kind === 'line'),
      ],
    },
    note: ground.note,
  }
}

function unitTable(words: ReportWords, level: CoverageUnit['level'], units: readonly CoverageUnit[], asked: CoverageSummary['ratios'][Demand]): ReportTable {
  const sorted = units.filter(({ total }) => total > 0).toSorted((a, b) => (a.ratio ?? 0) - (b.ratio ?? 0))
  return {
    title: words.pick(`各${LEVELS[level].zh}覆盖情况（由低到高）`, `Coverage by ${LEVELS[level].en.toLowerCase()}, lowest first`),
    columns: [left(words.label(LEVELS[level]), 3), left(words.pick('代码', 'Code'), 2), right(words.pick('已覆盖', 'Served'), 1.6), right(words.pick('总量', 'Total'), 1.6), right(words.pick('未覆盖', 'Not served'), 1.6), right(words.pick('覆盖率', 'Coverage'), 1.2)],
    rows: sorted.slice(0, MOST_ROWS).map((unit) => [unit.name ?? '—', unit.code, amount(words, unit.covered, asked), amount(words, unit.total, asked), amount(words, unit.total - unit.covered, asked), words.percent(unit.ratio)]),
    note: boundNote(words, Math.min(sorted.length, MOST_ROWS), sorted.length),
  }
}

function spotTable(words: ReportWords, result: CoverageResult, walks: boolean): ReportTable {
  const { spots } = result
  const reasonOf = ({ why }: CoverageResult['spots'][number]) => (why ? `${words.label(REASONS[why.kind])}${why.barrier?.name ? words.pick(`（${why.barrier.name}）`, ` (${why.barrier.name})`) : ''}${why.cause ? words.pick(`（${why.cause.name ?? '未命名'}）`, ` (${why.cause.name ?? 'without a name'})`) : ''}` : '—')
  return {
    title: words.pick('盲区（按排名）', 'Blind spots by rank'),
    columns: [
      right(words.pick('排名', 'Rank'), 0.7), left(words.pick('街道', 'Street-level unit'), 1.7), left(words.pick('社区', 'Community'), 1.9), right(words.pick('人口', 'People'), 1), right(words.pick('面积', 'Area'), 1.2), left(words.pick('最近设施', 'Nearest'), 2), right(words.pick('直线', 'Straight'), 1),
      ...(walks ? [right(words.pick('步行', 'Walk'), 1)] : []), left(words.pick('原因', 'Why'), 2.4),
    ],
    rows: spots.slice(0, MOST_ROWS).map((spot) => [
      String(spot.rank), spot.streetName ?? '—', spot.communityName ?? '—', spot.people === null ? '—' : words.number(spot.people), words.area(spot.areaM2), spot.nearest?.name ?? '—', words.length(spot.nearest?.distanceMeters),
      ...(walks ? [words.length(spot.why?.walkedMeters)] : []), reasonOf(spot),
    ]),
    note: boundNote(words, Math.min(spots.length, MOST_ROWS), spots.length),
  }
}

/** Blind spots and their people by reason. */
function reasonTable(words: ReportWords, { spots }: CoverageResult): ReportTable | null {
  const sums = new Map<keyof typeof REASONS, { spots: number; people: number }>()
  for (const { why, people } of spots) {
    if (!why) continue
    const sum = sums.get(why.kind) ?? { spots: 0, people: 0 }
    sums.set(why.kind, { spots: sum.spots + 1, people: sum.people + (people ?? 0) })
  }
  if (sums.size === 0) return null
  const all = [...sums.values()].reduce((sum, { people }) => sum + people, 0)
  return {
    title: words.pick('盲区的原因', 'Why the blind spots are blind'),
    columns: [left(words.pick('原因', 'Why'), 4), right(words.pick('盲区', 'Blind spots'), 1.3), right(words.pick('人口', 'People'), 1.3), right(words.pick('人口占比', 'Share of people'), 1.3)],
    rows: [...sums].toSorted(([, a], [, b]) => b.people - a.people).map(([reason, sum]) => [words.label(REASONS[reason]), words.number(sum.spots), words.number(sum.people), words.percent(all > 0 ? sum.people / all : null)]),
    note: null,
  }
}

function sensitivityTable(words: ReportWords, { run: { summary } }: CoverageResult): ReportTable {
  return {
    title: words.pick('半径与最小面积的敏感性', 'How much radius and least area matter'),
    columns: [right(words.pick('半径倍数', 'Radius ×'), 1), right(words.pick('最小面积倍数', 'Least area ×'), 1), right(words.pick('覆盖率', 'Coverage'), 1)],
    rows: summary.sensitivity.map(({ radiusFactor, minAreaFactor, ratio }) => [words.number(radiusFactor, 2), words.number(minAreaFactor, 2), words.percent(ratio)]),
    note: null,
  }
}

function mendTable(words: ReportWords, { mends }: CoverageResult): ReportTable | null {
  if (!mends || mends.mends.length === 0) return null
  const shown = mends.mends.slice(0, 12)
  const unit = words.label(UNITS[mends.unit])
  return {
    title: words.pick('补救措施（按每份用力的效果）', 'Mends, by gain for their effort'),
    columns: [right(words.pick('排名', 'Rank'), 0.7), left(words.pick('补救', 'Mend'), 1.6), left(words.pick('名称', 'Name'), 2), left(words.pick('位置', 'Place'), 2), right(words.pick(`新增（${unit}）`, `Gain (${unit})`), 1.2), right(words.pick('用力（假定）', 'Effort (assumed)'), 1.2)],
    rows: shown.map((mend) => [String(mend.rank), words.label(MENDS[mend.edit.kind]), mend.name ?? '—', mend.place ?? '—', words.number(mend.gain), words.number(mend.effort, 1)]),
    note: boundNote(words, shown.length, mends.mends.length),
  }
}

export async function makeCoverageReport(tools: ReportTools, result: CoverageResult): Promise<Found> {
  const { db, city, words } = tools
  const { run } = result
  const input = run.input as CoverageInput
  const walks = input.ruler === 'walk'
  const asked = run.summary.ratios[input.demand]
  const [streets, communities] = [unitsOf(result, input.demand, 'street'), unitsOf(result, input.demand, 'community')]
  const level = communities.some(({ total }) => total > 0) ? 'community' : 'street'
  const units = level === 'community' ? communities : streets
  const scenario = input.scenario ? await findScenarioOfRun(db, city.cityId, input.scenario) : null
  const wantsMaps = tools.query.parts.includes('maps')
  const bounds = await boundsOfUnits(db, city, units.filter(({ total }) => total > 0).map(({ code }) => code), () => findRunBounds(db, city.cityId, city.measureSrid, run.id))
  const ground = wantsMaps ? await readGround(db, city, bounds, input.facility, words) : null
  const reasons = reasonTable(words, result)
  const mends = mendTable(words, result)
  const table = (one: ReportTable | null) => (one && one.rows.length > 0 ? [{ part: 'tables' as const, block: { kind: 'table' as const, table: one } }] : [])
  const heading = (part: 'tables' | 'method' | 'always', zh: string, en: string) => ({ part, block: { kind: 'heading' as const, text: words.pick(zh, en) } })
  const named = { reference: run.id, address: { tool: 'coverage', run: run.id } }
  return {
    ...named,
    finishedAt: run.passport.finishedAt,
    title: titleOf(words, result, input),
    subtitle: [
      words.pick(`${city.nameZh} · ${facilityName(input.facility).zh} · ${rulerOf(input).zh}`, `${city.nameEn} · ${facilityName(input.facility).en} · ${rulerOf(input).en}`),
      ...(scenario ? [words.pick(`方案“${scenario.title}”第 ${scenario.version} 版，改动 ${scenario.editCount} 项`, `Scenario “${scenario.title}”, version ${scenario.version}, ${scenario.editCount} edits`)] : []),
      words.pick(`数据时点 ${words.dateTime(run.passport.startedAt)}`, `Data as of ${words.dateTime(run.passport.startedAt)}`),
    ],
    finding: findingOf(words, result, input),
    figures: figuresOf(words, result, input),
    blocks: [
      ...(ground ? [{ part: 'maps' as const, block: { kind: 'map' as const, map: await readAnswerMap(tools, result, input, ground, scenario) } }] : []),
      ...(ground && units.some(({ total }) => total > 0) ? [{ part: 'maps' as const, block: { kind: 'map' as const, map: await readUnitMap(db, ground.frame, words, ground, level, units) } }] : []),
      heading('tables', '单元与盲区', 'Units and blind spots'),
      ...table(streets.length > 0 ? unitTable(words, 'street', streets, asked) : null),
      ...table(level === 'community' ? unitTable(words, 'community', communities, asked) : null),
      ...table(reasons),
      ...table(spotTable(words, result, walks)),
      ...table(mends),
      ...table(run.summary.sensitivity.length > 0 ? sensitivityTable(words, result) : null),
      ...table(notEnteredTable(words, notEnteredOfCoverage(run.summary.walking))),
      ...table(run.summary.notCounted.length > 0 ? { title: words.pick('未计入的设施', 'Facilities that do not count'), columns: [left(words.pick('原因', 'Why'), 2), right(words.pick('数量', 'Number'), 1), left(words.pick('例', 'Such as'), 4)], rows: run.summary.notCounted.map(({ reason, count, examples }) => [words.label(NOT_COUNTED[reason]), words.number(count), examples.flatMap(({ name }) => (name ? [name] : [])).slice(0, 4).join(words.pick('、', ', ')) || '—']), note: null } : null),
      heading('method', '方法', 'Method'),
      ...ruleBlocks(words, run.passport.rule, input.radiusMeters).map((block) => ({ part: 'method' as const, block })),
      ...methodBlocks(words, run.passport).map((block) => ({ part: 'method' as const, block })),
      heading('always', '出处', 'Where the figures come from'),
      ...passportBlocks(tools, named, run.passport, input).map((block) => ({ part: 'always' as const, block })),
    ],
  }
}

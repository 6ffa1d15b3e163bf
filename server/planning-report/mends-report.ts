/** Mends of a coverage run as a report: what serves the people of blind spots, for how much effort. */
import type { AppContext } from '../context.ts'
import { barrierClassName } from '../contract/barrier-names.ts'
import type { CoverageInput } from '../contract/coverage.ts'
import { facilityName } from '../contract/facility-names.ts'
import type { Mend, MendKind, MendsDrawing, MendsResult } from '../contract/mends.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import type { PlanningRunOf } from '../contract/planning.ts'
import { getCoverageRun } from '../coverage/coverage.ts'
import { CATEGORICAL, GAP_RAMP } from './colours.ts'
import { boundNote, type Found, left, methodBlocks, MOST_ROWS, passportBlocks, type ReportTools, right, ruleBlocks } from './common.ts'
import { findCityBounds, listBlindSpotShapes, listMeasuredPoints, listMeasuredShapes } from './ground-queries.ts'
import { frameOf, readGround } from './ground.ts'
import type { Figure, ReportMap, ReportTable } from './model.ts'
import { DEMANDS, MENDS, RULERS, UNITS } from './names.ts'
import { boundsOf, joinBounds, layerOf, partsOf, widened } from './shapes.ts'
import type { ReportWords } from './words.ts'

export interface MendsOutcome {
  run: PlanningRunOf<'mends'>
  result: MendsResult
  passport: PlanningPassport
  drawing: MendsDrawing
}

const NUMBERED = 20
const KIND_COLOURS: Record<MendKind, string> = { gate: CATEGORICAL[0], crossing: CATEGORICAL[3], facility: CATEGORICAL[2], open: CATEGORICAL[1], path: CATEGORICAL[5] }
const turnsOf = ({ mends }: MendsResult) => mends.filter((mend): mend is Mend & { turn: NonNullable<Mend['turn']> } => mend.turn !== null).toSorted((a, b) => a.turn.number - b.turn.number)

function findingOf(words: ReportWords, { result }: MendsOutcome): string {
  const unit = words.label(UNITS[result.unit])
  const last = turnsOf(result).at(-1)
  const together = last ? words.pick(`依次做前 ${last.turn.number} 项，共新增 ${words.number(last.turn.togetherGain)} ${unit}，占未覆盖的 ${words.percent(result.unserved.gain > 0 ? last.turn.togetherGain / result.unserved.gain : null)}。`, ` The first ${last.turn.number} in turn bring ${words.number(last.turn.togetherGain)} ${unit} together, ${words.percent(result.unserved.gain > 0 ? last.turn.togetherGain / result.unserved.gain : null)} of those not served.`) : ''
  return words.pick(`现有 ${words.number(result.unserved.gain)} ${unit}未覆盖（${words.number(result.unserved.people)} 人）。找到有效的补救 ${words.number(result.mends.length)} 项，每项效果均由引擎在改后的场地上算出。${together}`, `${words.number(result.unserved.gain)} ${unit} are not served now (${words.number(result.unserved.people)} people). ${words.number(result.mends.length)} mends bring some of them in; the gain of each is computed over the mended ground.${together}`)
}

function figuresOf(words: ReportWords, { result }: MendsOutcome): Figure[] {
  const unit = words.label(UNITS[result.unit])
  const last = turnsOf(result).at(-1)
  const [best] = result.mends
  return [
    { label: words.pick('未覆盖', 'Not served'), value: words.number(result.unserved.gain), unit, note: words.pick(`${words.number(result.unserved.homes)} 处住处`, `${words.number(result.unserved.homes)} homes`) },
    { label: words.pick('有效的补救', 'Mends that bring anybody'), value: words.number(result.mends.length) },
    ...(best ? [{ label: words.pick('最省力的一项', 'The best for its effort'), value: `+${words.number(best.gain)}`, unit, note: `${words.label(MENDS[best.edit.kind])} · ${best.name ?? best.place ?? mendName(words, best)}` }] : []),
    ...(last ? [{ label: words.pick(`依次前 ${last.turn.number} 项`, `The first ${last.turn.number} in turn`), value: `+${words.number(last.turn.togetherGain)}`, unit, tone: 'good' as const, note: words.percent(result.unserved.gain > 0 ? last.turn.togetherGain / result.unserved.gain : null) }] : []),
  ]
}

async function readMap({ db, city, words }: ReportTools, { result }: MendsOutcome, facility: string): Promise<ReportMap> {
  const city_ = (await findCityBounds(db, city.cityId, city.measureSrid)) ?? [0, 0, 1000, 1000]
  const spots = await listBlindSpotShapes(db, result.run, frameOf(city, city_), 5000)
  const shown = result.mends.slice(0, NUMBERED)
  const places = await listMeasuredPoints(db, city.measureSrid, shown.flatMap(({ center }) => center))
  const bounds = widened(joinBounds([boundsOf(spots.flatMap(({ shape }) => partsOf(shape).areas.flatMap(([ring]) => ring ?? []))), boundsOf(places)]) ?? city_, 0.03)
  const ground = await readGround(db, city, bounds, facility, words)
  const edits = await listMeasuredShapes(db, city.measureSrid, result.mends.map(({ edit }) => edit.geometry), 0)
  const kinds = (Object.keys(KIND_COLOURS) as MendKind[]).filter((kind) => result.mends.some(({ edit }) => edit.kind === kind))
  return {
    title: words.pick('补救措施与盲区', 'The mends and the blind spots'),
    bounds,
    layers: [
      ...ground.below,
      layerOf(spots.map(({ shape }) => shape), { fill: GAP_RAMP[1], fillOpacity: 0.4, stroke: GAP_RAMP[2], strokeWidth: 0.4 }),
      ...ground.above,
      ...kinds.map((kind) => layerOf(edits.filter((_shape, at) => result.mends[at]!.edit.kind === kind), { fill: KIND_COLOURS[kind], fillOpacity: 0.55, stroke: KIND_COLOURS[kind], strokeWidth: kind === 'crossing' || kind === 'path' ? 2 : 0.8, radius: 2 })),
    ],
    labels: ground.labels,
    marks: shown.map(({ rank, edit }, at) => ({ x: places[at * 2]!, y: places[at * 2 + 1]!, text: String(rank), colour: KIND_COLOURS[edit.kind] })),
    legend: {
      title: words.pick('图例', 'Legend'),
      entries: [
        ...kinds.map((kind) => ({ kind: 'mark' as const, text: words.label(MENDS[kind]), fill: KIND_COLOURS[kind] })),
        { kind: 'area', text: words.pick('盲区', 'Blind spot'), fill: GAP_RAMP[1], fillOpacity: 0.5, stroke: GAP_RAMP[2] },
        ...ground.legend,
      ],
    },
    note: ground.note,
  }
}

const mendName = (words: ReportWords, { name, barrier }: Mend) => name ?? (barrier ? words.label(barrierClassName(barrier.class)) : '—')

function detailOf(words: ReportWords, mend: Mend): string {
  const { edit } = mend
  if (edit.kind === 'crossing' || edit.kind === 'path') return `${words.length(edit.lengthMeters)}${mend.wayRoundMeters === null ? '' : words.pick(`，现绕行 ${words.length(mend.wayRoundMeters)}`, `, ${words.length(mend.wayRoundMeters)} round now`)}`
  if (edit.kind === 'facility') return words.area(edit.areaM2)
  return edit.kind === 'open' ? words.pick(edit.access === 'closed' ? '现不开放' : '现收费', edit.access === 'closed' ? 'closed now' : 'ticketed now') : '—'
}

function mendTable(words: ReportWords, { result }: MendsOutcome): ReportTable {
  const shown = result.mends.slice(0, MOST_ROWS)
  const unit = words.label(UNITS[result.unit])
  return {
    title: words.pick('补救措施（按每份用力的效果）', 'Mends, by gain for their effort'),
    columns: [right(words.pick('排名', 'Rank'), 0.7), left(words.pick('补救', 'Mend'), 1.5), left(words.pick('名称', 'Name'), 2), left(words.pick('位置', 'Place'), 1.8), left(words.pick('规模', 'Size'), 1.9), right(words.pick(`新增（${unit}）`, `Gain (${unit})`), 1.2), right(words.pick('住处', 'Homes'), 0.9), right(words.pick('用力', 'Effort'), 0.9), right(words.pick('每份用力', 'For each effort'), 1.1)],
    rows: shown.map((mend) => [String(mend.rank), words.label(MENDS[mend.edit.kind]), mendName(words, mend), mend.place ?? '—', detailOf(words, mend), words.number(mend.gain), words.number(mend.homes), words.number(mend.effort, 1), words.number(mend.worth, 1)]),
    note: [boundNote(words, shown.length, result.mends.length), words.pick(`用力为假定的相对倍数（第 ${result.settings.version} 版${result.settings.verified ? '' : '，未核实'}）。`, `Effort is a relative multiple (version ${result.settings.version}${result.settings.verified ? '' : ', not verified'}).`)].filter((one) => one !== null).join(' '),
  }
}

function turnTable(words: ReportWords, { result }: MendsOutcome): ReportTable {
  const unit = words.label(UNITS[result.unit])
  return {
    title: words.pick('依次采取：不重复计人', 'Taken in turn: nobody is counted twice'),
    columns: [right(words.pick('次序', 'Turn'), 0.7), right(words.pick('排名', 'Rank'), 0.7), left(words.pick('补救', 'Mend'), 1.8), left(words.pick('名称', 'Name'), 2.4), right(words.pick(`再新增（${unit}）`, `Adds (${unit})`), 1.4), right(words.pick(`累计（${unit}）`, `Together (${unit})`), 1.4), right(words.pick('占未覆盖', 'Of those not served'), 1.4)],
    rows: turnsOf(result).map(({ turn, rank, edit, name, place }) => [String(turn.number), String(rank), words.label(MENDS[edit.kind]), name ?? place ?? '—', words.number(turn.gain), words.number(turn.togetherGain), words.percent(result.unserved.gain > 0 ? turn.togetherGain / result.unserved.gain : null)]),
    note: null,
  }
}

export async function makeMendsReport(context: Pick<AppContext, 'db'>, tools: ReportTools, of: MendsOutcome): Promise<Found> {
  const { city, words } = tools
  const { run, result, passport } = of
  const coverage = await getCoverageRun(context, city.key, result.run)
  const input = coverage.input as CoverageInput
  const facility = words.label(facilityName(input.facility))
  const table = (one: ReportTable) => (one.rows.length > 0 ? [{ part: 'tables' as const, block: { kind: 'table' as const, table: one } }] : [])
  const method = (block: Found['blocks'][number]['block']) => ({ part: 'method' as const, block })
  const named = { reference: run.id, address: { tool: 'coverage', run: result.run, plan: run.id } }
  return {
    ...named,
    finishedAt: passport.finishedAt,
    title: words.pick(`${facility}盲区的补救`, `Mending the blind spots of ${facility.toLowerCase()}`),
    subtitle: [
      words.pick(`${city.nameZh} · ${DEMANDS[result.demand].zh} · ${RULERS[result.ruler].zh}`, `${city.nameEn} · ${DEMANDS[result.demand].en} · ${RULERS[result.ruler].en}`),
      words.pick(`依据覆盖计算 ${result.run}`, `Of coverage run ${result.run}`),
      words.pick(`数据时点 ${words.dateTime(passport.startedAt)}`, `Data as of ${words.dateTime(passport.startedAt)}`),
    ],
    finding: findingOf(words, of),
    figures: figuresOf(words, of),
    blocks: [
      ...(tools.query.parts.includes('maps') ? [{ part: 'maps' as const, block: { kind: 'map' as const, map: await readMap(tools, of, input.facility) } }] : []),
      { part: 'tables', block: { kind: 'heading', text: words.pick('补救措施', 'The mends') } },
      ...table(mendTable(words, of)),
      ...table(turnTable(words, of)),
      method({ kind: 'heading', text: words.pick('方法', 'Method') }),
      ...ruleBlocks(words, coverage.passport?.rule ?? null, input.radiusMeters).map(method),
      ...methodBlocks(words, passport).map(method),
      { part: 'always', block: { kind: 'heading', text: words.pick('出处', 'Where the figures come from') } },
      ...passportBlocks(tools, named, passport, run.input).map((block) => ({ part: 'always' as const, block })),
    ],
  }
}

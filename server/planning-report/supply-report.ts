/** Supply per person as a report: how much, how evenly, where it is short. */
import { facilityName } from '../contract/facility-names.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import type { PlanningRunOf } from '../contract/planning.ts'
import type { SupplyDrawing, SupplyUnit } from '../contract/planning-supply.ts'
import { NOT_COUNTED } from '../coverage/labels.ts'
import { notEnteredOfSupply } from '../coverage/not-entered.ts'
import { UNIT_TEXT } from '../supply/words.ts'
import { COLOURS, COVERAGE_RAMP, GAP_RAMP } from './colours.ts'
import { boundNote, type Found, left, methodBlocks, MOST_ROWS, notEnteredTable, passportBlocks, type ReportTools, right } from './common.ts'
import { boundsOfUnits } from './coverage-report.ts'
import { listMeasuredPoints, listMeasuredShapes } from './ground-queries.ts'
import { readGround } from './ground.ts'
import type { Figure, LegendEntry, MapLayer, ReportChart, ReportMap, ReportTable } from './model.ts'
import { DEMANDS, LEVELS, REASONS, rulerOf } from './names.ts'
import { boundsOf, layerOf } from './shapes.ts'
import type { ReportWords } from './words.ts'

export interface SupplyOutcome {
  run: PlanningRunOf<'supply'>
  result: NonNullable<PlanningRunOf<'supply'>['result']>
  passport: PlanningPassport
  drawing: SupplyDrawing
}

/** Small figures need decimals to tell them apart. */
const amount = (words: ReportWords, value: number | null) => words.number(value, value !== null && Math.abs(value) < 10 ? 3 : value !== null && Math.abs(value) < 1000 ? 2 : 0)

const perPersonUnit = (words: ReportWords, { result }: SupplyOutcome) => words.pick(`${UNIT_TEXT[result.unit].zh}/人`, `${UNIT_TEXT[result.unit].en} a person`)

/** Class colours: nobody reached is told apart, the rest from short to plenty. */
const coloursOf = (count: number) => [GAP_RAMP[2]!, ...COVERAGE_RAMP].slice(0, count)

function findingOf(words: ReportWords, of: SupplyOutcome): string {
  const { run, result } = of
  const { equity } = result
  const who = words.label(DEMANDS[run.input.demand])
  const below = equity.below ? words.pick(`其中 ${words.number(equity.below.people)} 人（${words.percent(equity.below.share)}）低于标准 ${amount(words, equity.below.standard)} ${perPersonUnit(words, of)}。`, ` ${words.number(equity.below.people)} of them (${words.percent(equity.below.share)}) have less than the standard of ${amount(words, equity.below.standard)} ${perPersonUnit(words, of)}.`) : ''
  return words.pick(
    `${who}人均${facilityName(run.input.facility).zh} ${amount(words, equity.mean)} ${perPersonUnit(words, of)}（中位 ${amount(words, equity.median)}），基尼系数 ${words.number(equity.gini, 3)}。${below}够不到任何设施的有 ${words.number(result.outOfReach.people)} 人。`,
    `There are ${amount(words, equity.mean)} ${perPersonUnit(words, of)} for ${who} on average (median ${amount(words, equity.median)}), with a Gini coefficient of ${words.number(equity.gini, 3)}.${below} ${words.number(result.outOfReach.people)} reach nothing at all.`,
  )
}

function figuresOf(words: ReportWords, of: SupplyOutcome): Figure[] {
  const { equity, outOfReach, paper, capacity, supplies, conservation } = of.result
  const unit = perPersonUnit(words, of)
  return [
    { label: words.pick('人均供给', 'Supply per person'), value: amount(words, equity.mean), unit, note: words.pick(`中位 ${amount(words, equity.median)}`, `median ${amount(words, equity.median)}`) },
    { label: words.pick('基尼系数', 'Gini coefficient'), value: words.number(equity.gini, 3) },
    ...(equity.below ? [{ label: words.pick('低于标准', 'Below the standard'), value: words.percent(equity.below.share), note: words.pick(`${words.number(equity.below.people)} 人 · 标准 ${amount(words, equity.below.standard)} ${unit}`, `${words.number(equity.below.people)} people · standard ${amount(words, equity.below.standard)} ${unit}`), tone: 'warn' as const }] : []),
    { label: words.pick('够不到任何设施', 'Reach nothing'), value: words.percent(outOfReach.share), note: words.pick(`${words.number(outOfReach.people)} 人`, `${words.number(outOfReach.people)} people`) },
    ...(paper ? [{ label: words.pick('账面已覆盖而供给不足', 'Served on paper, short here'), value: words.percent(paper.onlyShare), note: words.pick(`账面覆盖 ${words.percent(paper.ratio)}`, `${words.percent(paper.ratio)} on paper`) }] : []),
    { label: words.pick('供给总量', 'Supply in all'), value: of.result.unit === 'm2' ? words.area(capacity) : words.number(capacity), note: words.pick(`${words.number(supplies)} 处`, `${words.number(supplies)} facilities`) },
    { label: words.pick('守恒检查', 'Conservation'), value: conservation.relativeDifference === null ? '—' : conservation.relativeDifference === 0 ? '0' : conservation.relativeDifference.toExponential(1), note: words.pick('分出与现有之差', 'handed out against there'), ...(conservation.isConserved ? { tone: 'good' as const } : { tone: 'warn' as const }) },
  ]
}

async function readMap(tools: ReportTools, of: SupplyOutcome): Promise<ReportMap> {
  const { db, city, words } = tools
  const { drawing, result, run } = of
  const level = drawing.communities.length > 0 ? 'community' : drawing.streets.length > 0 ? 'street' : 'cell'
  const areas = { community: drawing.communities, street: drawing.streets, cell: drawing.cells }[level]
  // A city without areas has its people drawn where they live.
  const homes = areas.length === 0 ? await listMeasuredPoints(db, city.measureSrid, drawing.points.positions) : []
  const bounds = await boundsOfUnits(db, city, areas.filter(({ people }) => people > 0).map(({ code }) => code), () => Promise.resolve(boundsOf(homes)))
  const ground = await readGround(db, city, bounds, run.input.facility, words)
  const shapes = await listMeasuredShapes(db, city.measureSrid, areas.map(({ geometry }) => geometry), ground.frame.toleranceMeters)
  const colours = coloursOf(result.classes.length)
  const classOf = (value: number | null) => (value === null ? null : value === 0 ? 0 : Math.max(1, result.classes.findLastIndex(({ from }, index) => index > 0 && value >= from)))
  const of_ = (at: number | null) => shapes.filter((_shape, index) => classOf(areas[index]!.perPerson) === at)
  const homesOf = (at: number | null) => drawing.points.perPerson.flatMap((value, home) => (classOf(value) === at && homes.length > 0 ? [homes[home * 2]!, homes[home * 2 + 1]!] : []))
  const line = { stroke: COLOURS.paper, strokeWidth: 0.4 }
  const unit = perPersonUnit(words, of)
  return {
    title: homes.length > 0 ? words.pick('各住处人均供给', 'Supply per person by home') : words.pick(`各${LEVELS[level].zh}人均供给`, `Supply per person by ${LEVELS[level].en.toLowerCase()}`),
    bounds,
    layers: [layerOf(of_(null), { fill: COLOURS.panel, ...line }), ...colours.map((fill, at) => layerOf(of_(at), { fill, ...line })), ...ground.below.filter(({ fill }) => fill === COLOURS.water || homes.length > 0), ...colours.map((fill, at): MapLayer => ({ points: homesOf(at), fill, radius: 2.4, stroke: COLOURS.quiet, strokeWidth: 0.3 })), ...ground.above],
    labels: ground.labels,
    marks: [],
    legend: {
      title: unit,
      entries: [
        ...result.classes.map(({ from, upTo, people }, at): LegendEntry => ({
          kind: 'area', fill: colours[at]!, stroke: COLOURS.line,
          text: `${at === 0 ? words.pick('够不到（0）', 'Nothing (0)') : upTo === null ? `≥ ${amount(words, from)}` : `${amount(words, from)} – < ${amount(words, upTo)}`}${words.pick(`：${words.number(people)} 人`, `: ${words.number(people)} people`)}`,
        })),
        { kind: 'area', text: words.pick('没有人', 'Nobody'), fill: COLOURS.panel, stroke: COLOURS.line },
        ...(run.input.facility === 'green' ? [] : [{ kind: 'point' as const, text: words.label(facilityName(run.input.facility)), fill: COLOURS.green }]),
        ...ground.legend.filter(({ kind }) => kind === 'line'),
      ],
    },
    note: ground.note,
  }
}

function unitTable(words: ReportWords, of: SupplyOutcome, level: 'street' | 'community'): ReportTable {
  const sorted = of.result.units.filter((unit) => unit.level === level && unit.people > 0).toSorted((a: SupplyUnit, b: SupplyUnit) => (a.perPerson ?? 0) - (b.perPerson ?? 0))
  const hasStandard = of.result.equity.below !== null
  return {
    title: words.pick(`各${LEVELS[level].zh}人均供给（由低到高）`, `Supply per person by ${LEVELS[level].en.toLowerCase()}, lowest first`),
    columns: [left(words.label(LEVELS[level]), 2.6), left(words.pick('代码', 'Code'), 1.8), right(words.pick('需求', 'Demand'), 1.3), right(words.pick(`人均（${perPersonUnit(words, of)}）`, `Supply (${perPersonUnit(words, of)})`), 1.6), ...(hasStandard ? [right(words.pick('低于标准', 'Below standard'), 1.3), right(words.pick('占比', 'Share'), 1)] : []), right(words.pick('够不到', 'Reach nothing'), 1.2)],
    rows: sorted.slice(0, MOST_ROWS).map((unit) => [unit.name ?? '—', unit.code, words.number(unit.people), amount(words, unit.perPerson), ...(hasStandard ? [words.number(unit.below), words.percent(unit.belowShare)] : []), words.number(unit.outOfReach)]),
    note: boundNote(words, Math.min(sorted.length, MOST_ROWS), sorted.length),
  }
}

function crowdedTable(words: ReportWords, of: SupplyOutcome): ReportTable {
  const shown = of.result.crowded.slice(0, 15)
  return {
    title: words.pick('最拥挤的设施', 'The most crowded facilities'),
    columns: [left(words.pick('设施', 'Facility'), 3), right(words.pick(`供给（${UNIT_TEXT[of.result.unit].zh}）`, `Supply (${UNIT_TEXT[of.result.unit].en})`), 1.4), right(words.pick('可达人数（加权）', 'People in reach, weighted'), 1.6), right(words.pick(`每人（${UNIT_TEXT[of.result.unit].zh}）`, `Each (${UNIT_TEXT[of.result.unit].en})`), 1.4)],
    rows: shown.map(({ name, capacity, peopleInReach, perPerson }) => [name ?? '—', words.number(capacity), words.number(peopleInReach), amount(words, perPerson)]),
    note: boundNote(words, shown.length, of.result.crowded.length),
  }
}

function reasonTable(words: ReportWords, { result: { reasons, equity } }: SupplyOutcome): ReportTable {
  return {
    title: words.pick('低于标准的原因', 'Why people are below the standard'),
    columns: [left(words.pick('原因', 'Why'), 4), right(words.pick('需求点', 'Places'), 1.3), right(words.pick('人数', 'People'), 1.3), right(words.pick('占低于标准者', 'Share of them'), 1.3)],
    rows: (reasons ?? []).map(({ kind, demands, people }) => [kind === 'too_many' ? words.pick('够得到，但分享的人太多', 'in reach, but shared by too many people') : words.label(REASONS[kind]), words.number(demands), words.number(people), words.percent(equity.below && equity.below.people > 0 ? people / equity.below.people : null)]),
    note: null,
  }
}

function lorenzChart(words: ReportWords, { result: { equity } }: SupplyOutcome): ReportChart | null {
  if (!equity.lorenz || equity.lorenz.length < 2) return null
  return {
    title: words.pick(`洛伦兹曲线（基尼系数 ${words.number(equity.gini, 3)}）`, `Lorenz curve (Gini coefficient ${words.number(equity.gini, 3)})`),
    xLabel: words.pick('人口累计份额', 'Share of people'), yLabel: words.pick('供给累计份额', 'Share of supply'),
    xRange: [0, 1], yRange: [0, 1], isPercent: true,
    lines: [
      { points: [[0, 0], [1, 1]], colour: COLOURS.noData, dash: [4, 3], text: words.pick('完全均等', 'All alike') },
      { points: equity.lorenz.map(({ people, share }) => [people, share]), colour: COLOURS.green, text: words.pick('实际', 'As it is') },
    ],
  }
}

export async function makeSupplyReport(tools: ReportTools, of: SupplyOutcome): Promise<Found> {
  const { city, words } = tools
  const { run, result, passport } = of
  const facility = facilityName(run.input.facility)
  const chart = lorenzChart(words, of)
  const table = (one: ReportTable | null) => (one && one.rows.length > 0 ? [{ part: 'tables' as const, block: { kind: 'table' as const, table: one } }] : [])
  const method = (block: Found['blocks'][number]['block']) => ({ part: 'method' as const, block })
  const named = { reference: run.id, address: { tool: 'supply', plan: run.id } }
  return {
    ...named,
    finishedAt: passport.finishedAt,
    title: words.pick(`${facility.zh}人均供给与公平性`, `${facility.en}: supply per person and how evenly it serves`),
    subtitle: [
      words.pick(`${city.nameZh} · ${DEMANDS[run.input.demand].zh} · ${rulerOf(run.input).zh} ${words.number(run.input.catchmentMeters)} m 以内`, `${city.nameEn} · ${DEMANDS[run.input.demand].en} · within ${words.number(run.input.catchmentMeters)} m of ${rulerOf(run.input).en}`),
      words.pick(`数据时点 ${words.dateTime(passport.startedAt)}`, `Data as of ${words.dateTime(passport.startedAt)}`),
    ],
    finding: findingOf(words, of),
    figures: figuresOf(words, of),
    blocks: [
      ...(tools.query.parts.includes('maps') ? [{ part: 'maps' as const, block: { kind: 'map' as const, map: await readMap(tools, of) } }] : []),
      { part: 'tables', block: { kind: 'heading', text: words.pick('单元与公平性', 'Units and equity') } },
      ...table(unitTable(words, of, 'street')),
      ...table(unitTable(words, of, 'community')),
      ...(chart ? [{ part: 'tables' as const, block: { kind: 'chart' as const, chart } }] : []),
      ...table(reasonTable(words, of)),
      ...table(crowdedTable(words, of)),
      ...table(notEnteredTable(words, notEnteredOfSupply(result.walking))),
      ...table({ title: words.pick('未计入的设施', 'Facilities that do not count'), columns: [left(words.pick('原因', 'Why'), 2), right(words.pick('数量', 'Number'), 1), left(words.pick('例', 'Such as'), 4)], rows: result.notCounted.map(({ reason, count, examples }) => [words.label(NOT_COUNTED[reason]), words.number(count), examples.flatMap(({ name }) => (name ? [name] : [])).slice(0, 4).join(words.pick('、', ', ')) || '—']), note: null }),
      method({ kind: 'heading', text: words.pick('方法', 'Method') }),
      ...methodBlocks(words, passport).map(method),
      { part: 'always', block: { kind: 'heading', text: words.pick('出处', 'Where the figures come from') } },
      ...passportBlocks(tools, named, passport, run.input).map((block) => ({ part: 'always' as const, block })),
    ],
  }
}

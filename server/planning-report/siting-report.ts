/** The sites that a run chose, as a report: where, for whom, how near to the best, and what it would take to change the choice. */
import { facilityName } from '../contract/facility-names.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import type { PlanningRunOf } from '../contract/planning.ts'
import type { SitingAnswer, SitingDrawing, SitingSite } from '../contract/planning-siting.ts'
import { bandText } from '../coverage/method.ts'
import { CATEGORICAL, COLOURS } from './colours.ts'
import { boundNote, type Found, left, methodBlocks, MOST_ROWS, passportBlocks, type ReportTools, right } from './common.ts'
import { findCityBounds, listMeasuredPoints, listMeasuredShapes } from './ground-queries.ts'
import { readGround } from './ground.ts'
import type { Figure, MapLayer, ReportChart, ReportMap, ReportTable } from './model.ts'
import { DEMANDS, METHODS, rulerOf, UNITS } from './names.ts'
import { boundsOf, layerOf, roundRange, widened } from './shapes.ts'
import type { ReportWords } from './words.ts'

export interface SitingOutcome {
  run: PlanningRunOf<'siting'>
  result: NonNullable<PlanningRunOf<'siting'>['result']>
  answer: SitingAnswer
  passport: PlanningPassport
  drawing: SitingDrawing
}

const nameOf = (site: Pick<SitingSite, 'name' | 'communityName' | 'position'>) => site.name ?? site.communityName ?? site.position.map((degrees) => degrees.toFixed(4)).join(', ')
const unitOf = (words: ReportWords, { unit }: Pick<SitingOutcome['result'], 'unit'>) => words.label(UNITS[unit])
/** As many digits as it takes to tell a gap from nothing. */
const gapText = (words: ReportWords, gap: number) => words.percent(gap, gap > 0 && gap < 0.0005 ? 3 : 2)
const isCovering = ({ run }: SitingOutcome) => run.input.method === 'mclp' || run.input.method === 'lscp'

function objectiveText(words: ReportWords, { run, result, answer }: SitingOutcome, value = answer.objective): string {
  if (run.input.method === 'lscp') return words.pick(`${words.number(value)} 处`, `${words.number(value)} sites`)
  if (run.input.method === 'mclp') return `${words.number(value)} ${unitOf(words, result)}`
  return run.input.method === 'p-median' ? words.pick(`${words.number(value)} ${unitOf(words, result)}·m`, `${words.number(value)} ${unitOf(words, result)} × m`) : words.length(value)
}

function gainText(words: ReportWords, { run }: SitingOutcome, gain: number): string {
  return run.input.method === 'p-center' ? words.length(gain) : words.number(gain)
}

function findingOf(words: ReportWords, of: SitingOutcome): string {
  const { run, result, answer } = of
  const facility = words.label(facilityName(run.input.facility))
  const unit = unitOf(words, result)
  const certain = answer.isProven ? words.pick('已证明最优。', 'This is proved to be the best.') : words.pick(`与最优至多相差 ${gapText(words, answer.gap)}。`, `It is within ${gapText(words, answer.gap)} of the best.`)
  const served = words.pick(`服务半径内由 ${words.number(answer.before.weight)} ${unit}增至 ${words.number(answer.after.weight)} ${unit}（占 ${words.percent(result.counts.weight > 0 ? answer.after.weight / result.counts.weight : null)}）`, `Within the radius are ${words.number(answer.after.weight)} ${unit} instead of ${words.number(answer.before.weight)} (${words.percent(result.counts.weight > 0 ? answer.after.weight / result.counts.weight : null)} of all)`)
  return words.pick(`按${METHODS[run.input.method].zh}、${rulerOf(run.input).zh}，为${DEMANDS[run.input.demand].zh}新建${facility} ${answer.sites.length} 处：${served}。目标值 ${objectiveText(words, of)}，${certain}`, `By ${METHODS[run.input.method].en} and ${rulerOf(run.input).en}, ${answer.sites.length} new sites for ${facility.toLowerCase()}, for ${DEMANDS[run.input.demand].en}. ${served}. The objective is ${objectiveText(words, of)}. ${certain}`)
}

function figuresOf(words: ReportWords, of: SitingOutcome): Figure[] {
  const { result, answer } = of
  const unit = unitOf(words, result)
  return [
    { label: words.pick('新建点', 'New sites'), value: words.number(answer.sites.length) },
    { label: words.pick('服务半径内（建成后）', 'Within the radius, afterwards'), value: words.number(answer.after.weight), unit, note: words.pick(`现状 ${words.number(answer.before.weight)} ${unit}`, `${words.number(answer.before.weight)} ${unit} now`) },
    { label: words.pick('新增', 'More'), value: words.number(answer.after.weight - answer.before.weight), unit, tone: 'good' },
    { label: words.pick('目标值', 'Objective'), value: objectiveText(words, of), note: words.pick(`界 ${objectiveText(words, of, answer.bound)}`, `bound ${objectiveText(words, of, answer.bound)}`) },
    { label: words.pick('与最优的差距', 'Distance from the best'), value: answer.isProven ? words.pick('已证明最优', 'Proved best') : `≤ ${gapText(words, answer.gap)}` },
    { label: words.pick('平均距离', 'Mean distance'), value: words.length(answer.after.meanMeters), note: words.pick(`现状 ${words.length(answer.before.meanMeters)}`, `${words.length(answer.before.meanMeters)} now`) },
    { label: words.pick('最远距离', 'Greatest distance'), value: words.length(answer.after.greatestMeters), note: words.pick(`现状 ${words.length(answer.before.greatestMeters)}`, `${words.length(answer.before.greatestMeters)} now`) },
    { label: words.pick('候选点 / 现有设施', 'Candidates / existing'), value: `${words.number(result.counts.candidates)} / ${words.number(result.counts.existing)}` },
  ]
}

async function readMap({ db, city, words }: ReportTools, { run, answer, drawing }: SitingOutcome): Promise<ReportMap> {
  const homes = await listMeasuredPoints(db, city.measureSrid, drawing.homes.positions)
  const places = await listMeasuredPoints(db, city.measureSrid, answer.sites.flatMap(({ position }) => position))
  const candidates = await listMeasuredPoints(db, city.measureSrid, drawing.candidates.flat())
  const box = boundsOf([...homes, ...places]) ?? (await findCityBounds(db, city.cityId, city.measureSrid)) ?? [0, 0, 1000, 1000]
  const ground = await readGround(db, city, widened(box, 0.03), run.input.facility, words)
  const plots = await listMeasuredShapes(db, city.measureSrid, drawing.sites.flatMap(({ geometry }) => (geometry ? [geometry] : [])), ground.frame.toleranceMeters)
  const heaviest = Math.max(1, ...drawing.homes.weights)
  const radius = drawing.homes.weights.length > 8000 ? 0.7 : 1.1
  const homesOf = (isOf: (servedBy: number) => boolean, fill: string): MapLayer => {
    const chosen = drawing.homes.servedBy.flatMap((servedBy, home) => (isOf(servedBy) ? [home] : []))
    return { points: chosen.flatMap((home) => [homes[home * 2]!, homes[home * 2 + 1]!]), radii: chosen.map((home) => radius * (0.7 + Math.sqrt(drawing.homes.weights[home]! / heaviest))), fill, fillOpacity: 0.75 }
  }
  const siteColour = (number: number) => CATEGORICAL[(number - 1) % CATEGORICAL.length]!
  return {
    title: words.pick('新建点与它们服务的住处', 'The new sites and the homes they serve'),
    bounds: ground.frame.bounds,
    layers: [
      ...ground.below,
      homesOf((servedBy) => servedBy === -1, COLOURS.noData),
      homesOf((servedBy) => servedBy === 0, COLOURS.served),
      ...CATEGORICAL.map((colour) => homesOf((servedBy) => servedBy > 0 && siteColour(servedBy) === colour, colour)),
      { points: candidates, fill: COLOURS.paper, stroke: COLOURS.quiet, strokeWidth: 0.5, radius: 1.5 },
      ...ground.above,
      layerOf(plots, { fill: COLOURS.selection, fillOpacity: 0.25, stroke: COLOURS.selection, strokeWidth: 1 }),
    ],
    labels: ground.labels,
    marks: answer.sites.map(({ number }, index) => ({ x: places[index * 2]!, y: places[index * 2 + 1]!, text: String(number), colour: siteColour(number) })),
    legend: {
      title: words.pick('图例', 'Legend'),
      entries: [
        { kind: 'mark', text: words.pick('新建点（序号与表对应）', 'New site, numbered as in the table'), fill: CATEGORICAL[0] },
        { kind: 'point', text: words.pick('由同色新建点服务的住处', 'Home served by the new site of its colour'), fill: CATEGORICAL[0] },
        { kind: 'point', text: words.pick('由现有设施服务的住处', 'Home served by what stands'), fill: COLOURS.served },
        { kind: 'point', text: words.pick('没有服务到的住处', 'Home that nothing serves'), fill: COLOURS.noData },
        { kind: 'point', text: words.pick('候选点', 'Candidate'), fill: COLOURS.paper, stroke: COLOURS.quiet },
        ...ground.legend,
      ],
    },
    note: `${ground.note}${drawing.homes.isCut ? words.pick('图上略去了权重最小的住处。', ' The homes of least weight are left out of the picture.') : ''}`,
  }
}

function siteTable(words: ReportWords, of: SitingOutcome): ReportTable {
  const { answer, result } = of
  const shown = answer.sites.slice(0, 2 * MOST_ROWS)
  const unit = unitOf(words, result)
  const gainTitle = of.run.input.method === 'p-median' ? words.pick(`增益（${unit}·m）`, `Gain (${unit} × m)`) : of.run.input.method === 'p-center' ? words.pick('增益', 'Gain') : words.pick(`增益（${unit}）`, `Gain (${unit})`)
  return {
    title: words.pick('新建点', 'The new sites'),
    columns: [right(words.pick('序号', 'No.'), 0.7), left(words.pick('地块', 'Plot'), 2.4), left(words.pick('社区', 'Community'), 1.8), right(gainTitle, 1.4), right(words.pick(`服务（${unit}）`, `Serves (${unit})`), 1.3), right(words.pick('平均距离', 'Mean'), 1), right(words.pick('最远', 'Greatest'), 1), right(words.pick('面积', 'Area'), 1.1), right(words.pick('半径', 'Radius'), 1)],
    rows: shown.map((site) => [String(site.number), nameOf(site), site.communityName ?? '—', gainText(words, of, site.gain), words.number(site.serves.weight), words.length(site.serves.meanMeters), words.length(site.serves.greatestMeters), site.areaM2 ? words.area(site.areaM2) : '—', words.length(site.radiusMeters)]),
    note: boundNote(words, shown.length, answer.sites.length),
  }
}

/** What stands second to each site, and how much would have to change. */
function reasonTable(words: ReportWords, of: SitingOutcome): ReportTable | null {
  const shown = of.answer.sites.filter(({ runnerUp }) => runnerUp !== null).slice(0, MOST_ROWS)
  if (shown.length === 0) return null
  return {
    title: words.pick('为什么选这里：次选与差别', 'Why these: what stands second, and by how much'),
    columns: [right(words.pick('序号', 'No.'), 0.6), left(words.pick('新建点', 'Site'), 2), left(words.pick('次选', 'Second'), 2), right(words.pick('换用次选差', 'Worse by'), 1.3), left(words.pick('什么会改变选择', 'What would change the choice'), 4)],
    rows: shown.map((site) => [
      String(site.number), nameOf(site), nameOf(site.runnerUp!), gainText(words, of, site.runnerUp!.difference),
      site.runnerUp!.difference === 0 ? words.pick('两者一样好', 'Both are as good')
      : site.runnerUp!.weightFactor === null ? words.pick('无论那边的人增加多少都不会', 'No number of people there')
      : words.pick(`那边受益的人是现在的 ${words.number(site.runnerUp!.weightFactor, 2)} 倍`, `${words.number(site.runnerUp!.weightFactor, 2)} times as many of those better off there`),
    ]),
    note: words.pick('差别为目标值之差，其余新建点不变。', 'Differences of the objective, all other sites being kept.'),
  }
}

function curveChart(words: ReportWords, of: SitingOutcome): ReportChart | null {
  const points = (of.answer.curve ?? []).filter((point): point is { sites: number; objective: number; bound: number } => point.objective !== null)
  if (points.length < 2) return null
  const values = points.flatMap(({ objective, bound }) => [objective, bound])
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  return {
    title: words.pick('目标值随新建数量的变化', 'The objective by the number of new sites'),
    xLabel: words.pick('新建数量（处）', 'New sites'),
    yLabel: isCovering(of) ? unitOf(words, of.result) : words.pick('目标值', 'Objective'),
    xRange: [points[0]!.sites, points.at(-1)!.sites],
    yRange: roundRange(least, greatest),
    isPercent: false,
    lines: [
      { points: points.map(({ sites, bound }) => [sites, bound]), colour: COLOURS.noData, dash: [4, 3], text: words.pick('任何方案都越不过的界', 'No choice can pass this') },
      { points: points.map(({ sites, objective }) => [sites, objective]), colour: COLOURS.green, text: words.pick('逐处建，每次取当时最好的一处', 'One after the other, the best each time') },
    ],
  }
}

export async function makeSitingReport(tools: ReportTools, of: SitingOutcome): Promise<Found> {
  const { city, words } = tools
  const { run, result, passport } = of
  const facility = words.label(facilityName(run.input.facility))
  const chart = curveChart(words, of)
  const reasons = reasonTable(words, of)
  const method = (block: Found['blocks'][number]['block']) => ({ part: 'method' as const, block })
  const named = { reference: run.id, address: { tool: 'sites', plan: run.id } }
  return {
    ...named,
    finishedAt: passport.finishedAt,
    title: words.pick(`${facility}选址：${METHODS[run.input.method].zh}`, `Sites for ${facility.toLowerCase()}: ${METHODS[run.input.method].en}`),
    subtitle: [
      words.pick(`${city.nameZh} · ${DEMANDS[run.input.demand].zh} · ${rulerOf(run.input).zh} · ${run.input.candidates.from === 'plots' ? '候选为边角地与闲置地' : `候选为 ${run.input.candidates.spacingMeters} m 格点`}`, `${city.nameEn} · ${DEMANDS[run.input.demand].en} · ${rulerOf(run.input).en} · ${run.input.candidates.from === 'plots' ? 'candidates are leftover plots' : `candidates on a lattice of ${run.input.candidates.spacingMeters} m`}`),
      words.pick(`数据时点 ${words.dateTime(passport.startedAt)}`, `Data as of ${words.dateTime(passport.startedAt)}`),
    ],
    finding: findingOf(words, of),
    figures: figuresOf(words, of),
    blocks: [
      ...(tools.query.parts.includes('maps') ? [{ part: 'maps' as const, block: { kind: 'map' as const, map: await readMap(tools, of) } }] : []),
      { part: 'tables', block: { kind: 'heading', text: words.pick('新建点', 'The new sites') } },
      { part: 'tables', block: { kind: 'table', table: siteTable(words, of) } },
      ...(chart ? [{ part: 'tables' as const, block: { kind: 'chart' as const, chart } }] : []),
      ...(reasons ? [{ part: 'tables' as const, block: { kind: 'table' as const, table: reasons } }] : []),
      ...(result.notices.length > 0 ? [{ part: 'always' as const, block: { kind: 'facts' as const, rows: result.notices.map(({ zh, en }) => ({ label: words.pick('须知', 'To be known'), value: words.pick(zh, en) })) } }] : []),
      method({ kind: 'heading', text: words.pick('方法', 'Method') }),
      method({ kind: 'text', text: words.pick(`服务半径：${result.bands.map((band) => bandText(band, true)).join('；')}。`, `Radii: ${result.bands.map((band) => bandText(band, false)).join('; ')}.`) }),
      ...methodBlocks(words, passport).map(method),
      { part: 'always', block: { kind: 'heading', text: words.pick('出处', 'Where the figures come from') } },
      ...passportBlocks(tools, named, passport, run.input).map((block) => ({ part: 'always' as const, block })),
    ],
  }
}


/** The maps of an indicator sheet: green land by class, homes out of reach, stretches of road beyond their spacing. */
import { GREEN_SCHEME } from '../contract/green-indicators.ts'
import type { ReachFigure } from '../contract/green-reach.ts'
import type { SpacingFigure } from '../contract/spacing.ts'
import { COLOURS, GAP_RAMP } from './colours.ts'
import { boundsOfUnits } from './coverage-report.ts'
import { type Bounds, findCityBounds, listBuiltUp, listClassedGreen, listMeasuredPoints, listMeasuredShapes, type ShapeRow } from './ground-queries.ts'
import { type Ground, readGround } from './ground.ts'
import type { ReportTools } from './common.ts'
import type { SheetOutcome } from './indicators-report.ts'
import { tellingFigure } from './indicators-tables.ts'
import type { LegendEntry, MapLayer, ReportMap } from './model.ts'
import { boundsOf, joinBounds, layerOf, partsOf, widened } from './shapes.ts'

const MOST_GREEN = 6000

/** Classes of CJJ/T 85 as a map tells them apart. */
const GREEN_CLASSES = [
  { begins: ['G1'], zh: '公园绿地 G1', en: 'Parks G1', fill: '#6FBF8B' },
  { begins: ['G2'], zh: '防护绿地 G2', en: 'Protective green G2', fill: '#B7A6D9' },
  { begins: ['G3'], zh: '广场用地 G3', en: 'Squares G3', fill: '#E6B655' },
  { begins: ['XG', 'RG', 'AG', 'BG', 'MG', 'WG', 'SG', 'UG'], zh: '附属绿地 XG', en: 'Attached green XG', fill: '#BFDD9A' },
  { begins: ['EG'], zh: '区域绿地 EG', en: 'Regional green EG', fill: '#8FB9A8' },
] as const

interface Base {
  ground: Ground
  bounds: Bounds
  /** The edge of the scope, where the sheet is about the built-up area. */
  edge: ShapeRow['shape'][]
}

/** The box of a unit, of the built-up area or of the city; where none of them has a shape, of what the sheet is about. */
async function boundsOfSheet({ db, city }: ReportTools, { run: { input }, drawing }: SheetOutcome, edge: Base['edge']): Promise<Bounds> {
  if (input.unit) return boundsOfUnits(db, city, [input.unit.code])
  const ofEdge = joinBounds(edge.flatMap((shape) => partsOf(shape).areas.flatMap(([ring]) => (ring ? [boundsOf(ring)] : []))))
  const box = ofEdge ?? (await findCityBounds(db, city.cityId, city.measureSrid)) ?? boundsOf(await listMeasuredPoints(db, city.measureSrid, [...drawing.features.flatMap(({ position }) => position), ...(drawing.homes?.positions ?? [])]))
  return box ? widened(box, 0.03) : boundsOfUnits(db, city, [])
}

async function readBase(tools: ReportTools, of: SheetOutcome): Promise<Base> {
  const { db, city, words } = tools
  const { input } = of.run
  const edge = input.scope === 'built_up' ? await listBuiltUp(db, city.cityId, city.measureSrid) : []
  const bounds = await boundsOfSheet(tools, of, edge)
  return { ground: await readGround(db, city, bounds, 'green', words), bounds, edge }
}

const edgeLayers = ({ edge }: Base): MapLayer[] => (edge.length > 0 ? [layerOf(edge, { stroke: COLOURS.selection, strokeWidth: 1.2 })] : [])

function edgeLegend({ words }: ReportTools, { ground, edge }: Base): LegendEntry[] {
  return [...(edge.length > 0 ? [{ kind: 'line' as const, text: words.pick('建成区界', 'Edge of the built-up area'), stroke: COLOURS.selection }] : []), ...ground.legend.filter(({ kind }) => kind === 'line')]
}

async function readGreenMap(tools: ReportTools, base: Base): Promise<ReportMap> {
  const { db, words } = tools
  const { ground } = base
  const green = await listClassedGreen(db, ground.frame, GREEN_SCHEME, MOST_GREEN)
  const classOf = (code: string | null) => (code === null ? -1 : GREEN_CLASSES.findIndex(({ begins }) => begins.some((one) => code.startsWith(one))))
  const grouped = GREEN_CLASSES.map((one, at) => ({ ...one, shapes: green.filter((row) => classOf(row.class) === at).map(({ shape }) => shape) }))
  const others = green.filter((row) => classOf(row.class) === -1).map(({ shape }) => shape)
  const notGreen = ground.below.filter(({ fill }) => fill !== COLOURS.park)
  return {
    title: words.pick('绿地现状（CJJ/T 85-2017 分类）', 'Green land as it is, by class of CJJ/T 85-2017'),
    bounds: base.bounds,
    layers: [...notGreen, layerOf(others, { fill: COLOURS.panel, stroke: COLOURS.noData, strokeWidth: 0.3 }), ...grouped.map(({ shapes, fill }) => layerOf(shapes, { fill, stroke: COLOURS.parkEdge, strokeWidth: 0.25 })), ...ground.above, ...edgeLayers(base)],
    labels: ground.labels,
    marks: [],
    legend: {
      title: words.pick('图例', 'Legend'),
      entries: [
        ...grouped.filter(({ shapes }) => shapes.length > 0).map((one): LegendEntry => ({ kind: 'area', text: words.label(one), fill: one.fill, stroke: COLOURS.parkEdge })),
        ...(others.length > 0 ? [{ kind: 'area' as const, text: words.pick('未分类或其他标准（不计入）', 'Without a class or of another scheme (not counted)'), fill: COLOURS.panel, stroke: COLOURS.noData }] : []),
        ...ground.legend.filter(({ fill }) => fill === COLOURS.water),
        ...edgeLegend(tools, base),
      ],
    },
    note: ground.note,
  }
}

/** Whether the home at a place of a bit field, lowest bit first, is marked. */
const isMarked = (bits: Uint8Array, home: number) => ((bits[home >> 3] ?? 0) & (1 << (home & 7))) !== 0

async function readReachMap(tools: ReportTools, { drawing }: SheetOutcome, base: Base, figures: readonly ReachFigure[]): Promise<ReportMap | null> {
  const { db, city, words } = tools
  const telling = tellingFigure(figures)
  const { homes } = drawing
  if (!telling || !homes) return null
  const { rule, measures } = telling.figure
  const { ruler } = measures[telling.at]!
  const field = homes.unserved.find((one) => one.code === rule.code && one.ruler === ruler)
  if (!field) return null
  const bits = Buffer.from(field.bits, 'base64')
  const places = await listMeasuredPoints(db, city.measureSrid, homes.positions)
  const heaviest = Math.max(1, ...homes.people)
  const radius = homes.people.length > 8000 ? 0.7 : 1.1
  const homesOf = (isOut: boolean, fill: string): MapLayer => {
    const chosen = homes.people.flatMap((_people, home) => (isMarked(bits, home) === isOut ? [home] : []))
    return { points: chosen.flatMap((home) => [places[home * 2]!, places[home * 2 + 1]!]), radii: chosen.map((home) => radius * (0.7 + Math.sqrt(homes.people[home]! / heaviest))), fill, fillOpacity: 0.75 }
  }
  const how = ruler === 'walk' ? words.pick('步行', 'on foot') : words.pick('直线', 'straight line')
  return {
    title: words.pick(`可达与够不到的住处：${rule.titleZh}（${rule.family}，${how}）`, `Homes within and out of reach: ${rule.titleEn} (${rule.family}, ${how})`),
    bounds: base.bounds,
    layers: [...base.ground.below, homesOf(false, COLOURS.served), homesOf(true, GAP_RAMP[2]!), ...base.ground.above, ...edgeLayers(base)],
    labels: base.ground.labels,
    marks: [],
    legend: {
      title: words.pick('图例', 'Legend'),
      entries: [
        { kind: 'point', text: words.pick(`可达：${words.number(measures[telling.at]!.covered)} 人`, `Within reach: ${words.number(measures[telling.at]!.covered)} people`), fill: COLOURS.served },
        { kind: 'point', text: words.pick(`够不到：${words.number(measures[telling.at]!.missing)} 人`, `Out of reach: ${words.number(measures[telling.at]!.missing)} people`), fill: GAP_RAMP[2]! },
        ...base.ground.legend.filter(({ kind }) => kind === 'area'),
        ...edgeLegend(tools, base),
      ],
    },
    note: `${base.ground.note}${homes.isCut ? words.pick('图上略去了人数最少的住处。', ' The homes of fewest people are left out of the picture.') : ''}`,
  }
}

/** How many times its limit a stretch is long, from which the next colour begins. */
const TIMES_BEYOND = [1, 1.5, 2, 4, 8]

/** One rule, since rules lie on the same roads: of those drawn nearly whole the one of the greatest length beyond its limit. */
async function readSpacingMap(tools: ReportTools, { drawing, result }: SheetOutcome, base: Base): Promise<ReportMap | null> {
  const { db, city, words } = tools
  const isNearlyWhole = ({ listed, gaps }: SpacingFigure) => listed.length >= 0.8 * gaps!
  const [shown] = (result.spacing ?? []).filter(({ listed }) => listed.length > 0).toSorted((a, b) => Number(isNearlyWhole(b)) - Number(isNearlyWhole(a)) || b.gapMeters! - a.gapMeters!)
  if (!shown) return null
  const { rule, listed, gaps } = shown
  const lines = (drawing.spacing.find((one) => one.code === rule.code)?.lines ?? []).map((line) => ({ type: 'LineString', coordinates: Array.from({ length: line.length / 2 }, (_value, at) => [line[at * 2]!, line[at * 2 + 1]!]) }))
  const shapes = await listMeasuredShapes(db, city.measureSrid, lines, base.ground.frame.toleranceMeters)
  const classes = TIMES_BEYOND.map((from, index) => ({
    from, upTo: TIMES_BEYOND[index + 1], colour: GAP_RAMP[index]!,
    shapes: shapes.filter((_shape, at) => TIMES_BEYOND.findLastIndex((least) => (listed[at]?.lengthMeters ?? 0) / rule.limitMeters >= least) === index),
  }))
  const timesText = (from: number, upTo: number | undefined) => words.pick(`限值的 ${from}${upTo === undefined ? ' 倍以上' : `–${upTo} 倍`}`, `${from}${upTo === undefined ? ' times the limit and more' : `–${upTo} times the limit`}`)
  return {
    title: words.pick(`间距超限路段：${rule.titleZh}（≤ ${words.length(rule.limitMeters)}）`, `Stretches of road beyond their spacing: ${rule.titleEn} (≤ ${words.length(rule.limitMeters)})`),
    bounds: base.bounds,
    layers: [...base.ground.below, ...classes.map(({ shapes: some, colour }, index) => layerOf(some, { stroke: colour, strokeWidth: 1.4 + index * 0.3 })), ...base.ground.above, ...edgeLayers(base)],
    labels: base.ground.labels,
    marks: [],
    legend: {
      title: words.pick('图例', 'Legend'),
      entries: [
        ...classes.flatMap((one): LegendEntry[] => (one.shapes.length > 0 ? [{ kind: 'line', text: words.pick(`${timesText(one.from, one.upTo)}：${words.number(one.shapes.length)} 段`, `${timesText(one.from, one.upTo)}: ${words.number(one.shapes.length)}`), stroke: one.colour }] : [])),
        ...base.ground.legend.filter(({ kind }) => kind === 'area'),
        ...edgeLegend(tools, base),
      ],
    },
    note: `${base.ground.note}${listed.length < gaps! ? words.pick(`图上为最长的 ${words.number(listed.length)} 段，共 ${words.number(gaps)} 段。`, ` Drawn are the ${words.number(listed.length)} longest of ${words.number(gaps)}.`) : ''}`,
  }
}

export async function readSheetMaps(tools: ReportTools, of: SheetOutcome): Promise<ReportMap[]> {
  const { result } = of
  const base = await readBase(tools, of)
  const maps = [
    result.indices || result.tiers || result.comparators ? await readGreenMap(tools, base) : null,
    result.tiers ? await readReachMap(tools, of, base, result.tiers) : null,
    result.spacing ? await readSpacingMap(tools, of, base) : null,
    result.comparators ? await readReachMap(tools, of, base, result.comparators) : null,
  ]
  return maps.filter((map) => map !== null)
}

import { type GapKind, gapKind, gapKindsOf, type GapUnit } from '../contract/management-gaps.ts'
import { rankUnits } from '../management-gaps/judgement.ts'
import type { GapAnswer } from '../management-gaps/management-gaps.ts'
import { CATEGORICAL, COLOURS } from './colours.ts'
import type { ReportTools } from './common.ts'
import { boundsOfUnits } from './coverage-report.ts'
import { findGridBounds, listMeasuredPoints, listUnitShapes } from './ground-queries.ts'
import { readGround } from './ground.ts'
import type { LegendEntry, ReportMap } from './model.ts'
import { boundsOf, joinBounds, layerOf, widened } from './shapes.ts'

/** Units that a map bears; the gravest. */
const MOST_UNITS = 8000
const NUMBERED = 15

const [BLUE, YELLOW, TEAL, RED, GREY, VIOLET] = CATEGORICAL

/** As the console colours them; kinds of one layer never share a colour. */
const KIND_COLOURS: Record<GapKind, string> = {
  no_owner: RED, owner_gone: YELLOW, no_cells: VIOLET, uncovered: BLUE, no_person: TEAL, no_collector: GREY,
  under_reported: RED, too_few: COLOURS.noData, unknown: GREY, as_expected: COLOURS.served, above_expected: BLUE,
  never_checked: RED, stale: YELLOW, no_case: VIOLET,
  missing: RED, wrong_unit: YELLOW, outside_city: VIOLET, unplaced: BLUE, old: GREY,
}

/** Units of a layer by kind: areas where there are shapes, points for single features, the gravest numbered as in the table. */
export async function readGapMap({ db, city, words }: ReportTools, { rows, judgement: { layer, units } }: GapAnswer, isOfOneKind: boolean): Promise<ReportMap> {
  // Where units that are no gap are judged too, they are the ground that gaps stand out from.
  const judged: readonly GapUnit[] = layer === 'reporting' && !isOfOneKind ? rankUnits(layer, units) : rows
  const rankOf = new Map(rows.map(({ id, rank }) => [id, rank]))
  const drawn = judged.slice(0, MOST_UNITS).filter(({ drawnBy, center }) => drawnBy !== null || center !== null)
  const middles = await listMeasuredPoints(db, city.measureSrid, drawn.flatMap(({ center }) => center ?? [0, 0]))
  const placed = drawn.flatMap((row, at) => (row.center ? [{ row, x: middles[at * 2]!, y: middles[at * 2 + 1]! }] : []))
  // What lies outside the city is on the map too.
  const ofGrid = layer === 'responsibility' || layer === 'attention' ? await findGridBounds(db, city.cityId, city.measureSrid) : null
  const bounds = widened(joinBounds([ofGrid ?? (await boundsOfUnits(db, city, [])), boundsOf(placed.flatMap(({ x, y }) => [x, y]))])!, 0.02)
  const ground = await readGround(db, city, bounds, 'green', words)
  const idsOf = (table: 'unit_grids' | 'administrative_areas') => drawn.filter(({ drawnBy }) => drawnBy === table).map(({ id }) => id)
  const shapes = new Map([...(await listUnitShapes(db, 'unit_grids', idsOf('unit_grids'), ground.frame)), ...(await listUnitShapes(db, 'administrative_areas', idsOf('administrative_areas'), ground.frame))])
  const kinds = gapKindsOf(layer).filter((kind) => drawn.some((row) => row.kind === kind))
  const count = (kind: GapKind) => judged.filter((row) => row.kind === kind).length
  const entries = kinds.map((kind): LegendEntry => {
    const areas = drawn.some((row) => row.kind === kind && shapes.has(row.id))
    return { kind: areas ? 'area' : 'point', text: words.pick(`${gapKind(kind).zh}：${words.number(count(kind))}`, `${gapKind(kind).en}: ${words.number(count(kind))}`), fill: KIND_COLOURS[kind], ...(areas ? { fillOpacity: 0.7, stroke: KIND_COLOURS[kind] } : {}) }
  })
  return {
    title: words.pick('盲区分布', 'Where the gaps are'),
    bounds,
    layers: [
      ...ground.below,
      ...kinds.toReversed().map((kind) => layerOf(drawn.filter((row) => row.kind === kind).map(({ id }) => shapes.get(id) ?? null), { fill: KIND_COLOURS[kind], fillOpacity: gapKind(kind).isGap ? 0.5 : 0.22, stroke: KIND_COLOURS[kind], strokeWidth: 0.3 })),
      ...ground.above,
      ...kinds.toReversed().map((kind) => ({ points: placed.filter(({ row }) => row.kind === kind && !shapes.has(row.id)).flatMap(({ x, y }) => [x, y]), fill: KIND_COLOURS[kind], stroke: COLOURS.paper, strokeWidth: 0.3, radius: 1.8 })),
    ],
    labels: ground.labels,
    marks: placed.filter(({ row }) => gapKind(row.kind).isGap).slice(0, NUMBERED).map(({ row, x, y }) => ({ x, y, text: String(rankOf.get(row.id) ?? ''), colour: COLOURS.selection })),
    legend: {
      title: words.pick('图例', 'Legend'),
      entries: [
        ...entries,
        ...(placed.some(({ row }) => gapKind(row.kind).isGap) ? [{ kind: 'mark' as const, text: words.pick('排名（与表对应）', 'Rank, as in the table'), fill: COLOURS.selection }] : []),
        ...ground.legend,
      ],
    },
    note: `${ground.note}${judged.length > MOST_UNITS ? words.pick(`图上为最严重的 ${words.number(MOST_UNITS)} 个。`, ` Drawn are the ${words.number(MOST_UNITS)} gravest.`) : ''}`,
  }
}

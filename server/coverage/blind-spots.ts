/** Blind spots: what no facility reaches, joined, measured, peopled and ranked. */
import type { Level, PointSet } from './city-inputs.ts'
import { hullClusters, joinTouching, type JoinedSpot } from './geometry-queries.ts'
import { listCellShapes } from './input-queries.ts'
import { SLIVER_M2 } from './method.ts'
import type { Tools } from './residential.ts'

export interface SpotResult {
  wkb: Uint8Array
  areaM2: number
  residentialM2: number
  people: number | null
  peopleMethod: 'buildings' | 'cells' | 'none'
  communityCode: string | null
  communityName: string | null
  streetName: string | null
  /** From where its reason is looked for. */
  nearest: { facility: number; distanceMeters: number } | null
  /** Where its reason is looked for, metres: its home with the most people, or a point of the land. */
  x: number
  y: number
  /** That home, by its number in the set of points; null for land without homes. */
  home: number | null
}

export interface SpotsFound {
  spots: SpotResult[]
  slivers: { count: number; areaM2: number }
}

/** Cracks between pieces of one gap that were cut apart are narrower than this. */
const TOUCH_METERS = 0.01
/** Cells of a grid may miss each other's edges by the rounding of their source. */
const CELL_TOUCH_METERS = 1
const GROUP_METERS = 100
const HULL_MARGIN_METERS = 20

interface Draft extends JoinedSpot {
  residentialM2: number
  /** Given where the spot is made of demand points themselves. */
  people: number | null
  home: number | null
}

async function describe(
  tools: Tools,
  drafts: Draft[],
  method: SpotResult['peopleMethod'],
  around: Around & { /** Homes that are looked for within the spots. */ people: PointSet | null; /** The set that numbers of homes are of. */ homes: PointSet | null },
): Promise<SpotResult[]> {
  const placeOf = ({ x, y }: Draft, home: number | null): { x: number; y: number } => (home === null ? { x, y } : { x: around.homes!.points[home * 2]!, y: around.homes!.points[home * 2 + 1]! })
  const kept = around.levels.filter(({ level }) => level === 'street' || level === 'community')
  const found = await tools.thread.compute(
    'describeSpots',
    {
      spots: drafts.map((draft) => draft.wkb),
      labels: Float64Array.from(drafts.flatMap(({ x, y }) => [x, y])),
      places: Float64Array.from(drafts.flatMap((draft) => {
        const { x, y } = placeOf(draft, draft.home)
        return [x, y]
      })),
      people: around.people ? { points: around.people.points, weights: around.people.people } : null,
      facilities: around.facilities,
      radii: around.radii,
      levels: kept.map((level) => level.shapes),
    },
    tools.signal,
  )
  const unitAt = (level: 'street' | 'community', spot: number) => {
    const at = kept.findIndex((candidate) => candidate.level === level)
    const unit = at < 0 ? -1 : found.owners[at]![spot]!
    return unit < 0 ? null : kept[at]!.units[unit]!
  }
  const homeOf = (spot: number): number | null => {
    const within = found.homes?.[spot] ?? -1
    return drafts[spot]!.home ?? (within < 0 ? null : within)
  }
  const spots = drafts.map((draft, spot): SpotResult => ({
    wkb: draft.wkb,
    areaM2: draft.areaM2,
    residentialM2: draft.residentialM2,
    people: draft.people ?? found.people?.[spot] ?? null,
    peopleMethod: method,
    communityCode: unitAt('community', spot)?.code ?? null,
    communityName: unitAt('community', spot)?.name ?? null,
    streetName: unitAt('street', spot)?.name ?? null,
    nearest: found.nearest[spot]! < 0 ? null : { facility: found.nearest[spot]!, distanceMeters: found.distance[spot]! },
    ...placeOf(draft, homeOf(spot)),
    home: homeOf(spot),
  }))
  return spots.sort((a, b) => (b.people ?? 0) - (a.people ?? 0) || b.areaM2 - a.areaM2)
}

/** What every description needs. */
interface Around {
  levels: Level[]
  facilities: Uint8Array[]
  radii: Float64Array
}

function methodOf(people: PointSet | null): SpotResult['peopleMethod'] {
  if (!people) return 'none'
  return people.kind === 'buildings' ? 'buildings' : 'cells'
}

/** Blind spots of residential land, from the polygons that the service areas left over. */
export async function spotsOfLand(tools: Tools, gaps: readonly { wkb: Uint8Array }[], around: Around & { people: PointSet | null }): Promise<SpotsFound> {
  const joined = await joinTouching(tools.db, tools.plane, gaps.map((gap) => gap.wkb), TOUCH_METERS)
  const kept = joined.filter((spot) => spot.areaM2 >= SLIVER_M2)
  const dropped = joined.filter((spot) => spot.areaM2 < SLIVER_M2)
  const drafts = kept.map((spot) => ({ ...spot, residentialM2: spot.areaM2, people: null, home: null }))
  return {
    spots: await describe(tools, drafts, methodOf(around.people), { ...around, homes: around.people }),
    slivers: { count: dropped.length, areaM2: dropped.reduce((sum, spot) => sum + spot.areaM2, 0) },
  }
}

/** Blind spots of a city without residential land: unserved cells joined, or unserved buildings grouped. */
export async function spotsOfPoints(tools: Tools, cityId: number, set: PointSet, unserved: readonly number[], around: Around): Promise<SpotsFound> {
  const byRow = new Map(unserved.map((point) => [set.rowIds[point]!, point]))
  const members: number[] = []
  const shapes: Uint8Array[] = []
  if (set.kind === 'population_cells') {
    const rows = [...byRow.keys()]
    for (let start = 0; start < rows.length; start += 5000) {
      for (const row of await listCellShapes(tools.db, cityId, tools.plane.srid, rows.slice(start, start + 5000))) {
        if (row.dimension < 2) continue
        members.push(byRow.get(row.rowId)!)
        shapes.push(row.wkb)
      }
    }
  }
  const withShape = new Set(members)
  const bare = unserved.filter((point) => !withShape.has(point))
  const joined = shapes.length > 0 ? await joinTouching(tools.db, tools.plane, shapes, CELL_TOUCH_METERS) : []
  const hulls = bare.length > 0 ? await hullClusters(tools.db, tools.plane, Float64Array.from(bare.flatMap((point) => [set.points[point * 2]!, set.points[point * 2 + 1]!])), GROUP_METERS, HULL_MARGIN_METERS) : []
  const hasPeople = set.people.some((people) => people > 0)
  const draft = (points: readonly number[]) => (spot: JoinedSpot): Draft => ({
    ...spot,
    residentialM2: 0,
    people: hasPeople ? spot.members.reduce((sum, member) => sum + set.people[points[member]!]!, 0) : null,
    home: spot.members.reduce((most, member) => (set.people[points[member]!]! > set.people[most]! ? points[member]! : most), points[spot.members[0]!]!),
  })
  const drafts = [...joined.map(draft(members)), ...hulls.map(draft(bare))]
  return { spots: await describe(tools, drafts, hasPeople ? methodOf(set) : 'none', { ...around, people: null, homes: set }), slivers: { count: 0, areaM2: 0 } }
}

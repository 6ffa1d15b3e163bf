/** Where the answer of a planning run lies. Pure. */
import type { BoundingBox } from '../../server/contract/geojson.ts'
import type { PlanningDrawing } from '../../server/contract/planning.ts'

/** Of the city's extent on either side: what takes more is seen as well in the whole city. */
const WORTH_GOING = 0.6

function boxOf(positions: readonly number[], isMeant: (index: number) => boolean): BoundingBox | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let index = 0; index * 2 + 1 < positions.length; index += 1) {
    if (!isMeant(index)) continue
    const [longitude, latitude] = [positions[index * 2]!, positions[index * 2 + 1]!]
    ;[west, south, east, north] = [Math.min(west, longitude), Math.min(south, latitude), Math.max(east, longitude), Math.max(north, latitude)]
  }
  return west <= east ? [west, south, east, north] : null
}

/**
 * Sites with whom they serve, or the homes that supply was told of.
 * @returns null for other answers, empty ones, and those as wide as the city
 */
export function boxOfAnswer({ kind, drawing }: Pick<PlanningDrawing, 'kind' | 'drawing'>, city: BoundingBox | null): BoundingBox | null {
  let box: BoundingBox | null = null
  if (kind === 'siting' && 'sites' in drawing && 'homes' in drawing) {
    const sites = drawing.sites.flatMap(({ position }) => position)
    box = boxOf([...sites, ...drawing.homes.positions], (index) => index * 2 < sites.length || drawing.homes.servedBy[index - sites.length / 2]! > 0)
  } else if (kind === 'supply' && 'points' in drawing) box = boxOf(drawing.points.positions, () => true)
  if (!box || !city) return box
  const isSmaller = box[2] - box[0] < (city[2] - city[0]) * WORTH_GOING && box[3] - box[1] < (city[3] - city[1]) * WORTH_GOING
  return isSmaller ? box : null
}

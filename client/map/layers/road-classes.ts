/** Roads by rank: which words of the sources belong to which rank, and how wide each is drawn at which zoom. */
import type { ExpressionSpecification } from 'maplibre-gl'

export const ROAD_RANKS = {
  trunk: ['expressway', 'motorway', 'trunk', 'motorway_link', 'trunk_link'],
  primary: ['arterial', 'primary', 'primary_link'],
  secondary: ['secondary', 'secondary_link'],
  tertiary: ['local', 'country', 'tertiary', 'tertiary_link'],
  minor: ['alley', 'unclassified', 'residential', 'living_street', 'service', 'road'],
  path: ['pedestrian', 'footway', 'path', 'cycleway', 'steps', 'track', 'bridleway', 'corridor'],
  rail: ['rail', 'light_rail', 'subway', 'tram', 'narrow_gauge'],
} as const
export type RoadRank = keyof typeof ROAD_RANKS

/** Ranks that motor traffic uses, lowest first; drawn in this order. */
export const STREET_RANKS = ['minor', 'tertiary', 'secondary', 'primary', 'trunk'] as const

/** CSS pixels at zooms 9, 11, 12, 13, 14, 16, 18. */
const ZOOMS = [9, 11, 12, 13, 14, 16, 18] as const
const WIDTHS: Record<(typeof STREET_RANKS)[number], readonly number[]> = {
  trunk: [1, 2, 2.8, 4.2, 7, 18, 44],
  primary: [0.6, 1.4, 2.1, 3.4, 5.6, 15, 36],
  secondary: [0.3, 0.9, 1.5, 2.6, 4.4, 12, 30],
  tertiary: [0.2, 0.5, 0.9, 1.8, 3.2, 9, 24],
  minor: [0.1, 0.3, 0.5, 1, 2, 6.4, 18],
}

/** One value per rank, chosen by the feature's class; roads of a class unknown here read as minor. */
export function byRank<T extends string | number>(values: Record<(typeof STREET_RANKS)[number], T>): ExpressionSpecification {
  const { minor, ...others } = values
  return ['match', ['get', 'class'], ...Object.entries(others).flatMap(([rank, value]) => [[...ROAD_RANKS[rank as RoadRank]], value]), minor] as unknown as ExpressionSpecification
}

/** Drawn width by zoom and rank. @param extra CSS pixels added on both sides together, for casings */
export function roadWidth(extra: readonly number[] = ZOOMS.map(() => 0)): ExpressionSpecification {
  const at = (index: number) => {
    const width = (rank: (typeof STREET_RANKS)[number]) => WIDTHS[rank][index]! + extra[index]!
    return byRank({ minor: width('minor'), tertiary: width('tertiary'), secondary: width('secondary'), primary: width('primary'), trunk: width('trunk') })
  }
  return ['interpolate', ['exponential', 1.5], ['zoom'], ...ZOOMS.flatMap((zoom, index) => [zoom, at(index)])] as unknown as ExpressionSpecification
}

/** Extra width of a casing at the zooms of `roadWidth`. */
export const CASING = [0, 0.8, 1, 1.4, 1.8, 2.4, 3]
export const BRIDGE_CASING = [0.8, 1.6, 2, 2.6, 3.2, 4.4, 6]

export function ofRanks(...ranks: RoadRank[]): ExpressionSpecification {
  return ['in', ['get', 'class'], ['literal', ranks.flatMap((rank) => [...ROAD_RANKS[rank]])]]
}

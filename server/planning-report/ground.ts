/** The ground of a report's maps: water, green land, roads and boundaries under what a run found. */
import type { CityRow } from '../cities/cities.ts'
import type { Db } from '../db/db.ts'
import { COLOURS } from './colours.ts'
import { type AreaRow, type Bounds, type Frame, listAdministrativeAreas, listAreas, listFacilityPlaces, listRoads, type ShapeRow } from './ground-queries.ts'
import type { LegendEntry, MapLabel, MapLayer } from './model.ts'
import { layerOf } from './shapes.ts'
import type { ReportWords } from './words.ts'

/** Most shapes of a sort that a map bears. */
const MOST = { water: 3000, green: 4000, residential: 4000, terrain: 500, roads: 6000, areas: 3000, facilities: 8000 }
/** Widest side of a map in metres up to which a class of roads is drawn. */
const ROADS_UP_TO: readonly { meters: number; classes: readonly string[] }[] = [
  { meters: Infinity, classes: ['motorway', 'trunk', 'expressway', 'rail'] },
  { meters: 60_000, classes: ['primary', 'arterial'] },
  { meters: 35_000, classes: ['secondary', 'country'] },
  { meters: 14_000, classes: ['tertiary', 'local'] },
  { meters: 6000, classes: ['residential', 'unclassified', 'living_street', 'service', 'alley', 'pedestrian'] },
]
const GREAT_ROADS = new Set(['motorway', 'trunk', 'expressway', 'primary', 'arterial'])

export interface Ground {
  frame: Frame
  /** Under the answer, and over it. */
  below: MapLayer[]
  above: MapLayer[]
  labels: MapLabel[]
  legend: LegendEntry[]
  streets: AreaRow[]
  note: string
}

/** How fine a box is drawn: a fifth of a point on a page some 520 points wide. */
export function frameOf(city: CityRow, bounds: Bounds): Frame {
  const side = Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1])
  return { cityId: city.cityId, srid: city.measureSrid, bounds, toleranceMeters: (side / 520) * 0.2 }
}

const shapesOf = (rows: readonly ShapeRow[]) => rows.map(({ shape }) => shape)

/** Roads by the width they are drawn with: casings first, so that they join at crossings. */
function roadLayers(rows: readonly ShapeRow[]): MapLayer[] {
  const rails = shapesOf(rows.filter((row) => row.class === 'rail'))
  const great = shapesOf(rows.filter((row) => GREAT_ROADS.has(row.class ?? '')))
  const small = shapesOf(rows.filter((row) => row.class !== 'rail' && !GREAT_ROADS.has(row.class ?? '')))
  return [
    layerOf(small, { stroke: COLOURS.roadCasing, strokeWidth: 1 }),
    layerOf(great, { stroke: COLOURS.roadCasing, strokeWidth: 2 }),
    layerOf(small, { stroke: COLOURS.road, strokeWidth: 0.6 }),
    layerOf(great, { stroke: COLOURS.roadTrunk, strokeWidth: 1.3 }),
    layerOf(rails, { stroke: COLOURS.rail, strokeWidth: 0.9, dash: [4, 2] }),
  ]
}

/** @param facility whose sites are drawn: `green` or a class of facilities */
export async function readGround(db: Db, city: CityRow, bounds: Bounds, facility: string, words: ReportWords): Promise<Ground> {
  const frame = frameOf(city, bounds)
  const side = Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1])
  const terrain = await listAreas(db, frame, 'terrain_areas', MOST.terrain)
  const residential = await listAreas(db, frame, 'residential_areas', MOST.residential)
  const water = await listAreas(db, frame, 'water_bodies', MOST.water)
  const green = await listAreas(db, frame, 'green_spaces', MOST.green)
  const roads = await listRoads(db, frame, ROADS_UP_TO.filter(({ meters }) => side <= meters).flatMap(({ classes }) => classes), MOST.roads)
  const counties = await listAdministrativeAreas(db, frame, 'county', MOST.areas)
  const streets = await listAdministrativeAreas(db, frame, 'street', MOST.areas)
  const points = facility === 'green' ? [] : await listFacilityPlaces(db, frame, facility, MOST.facilities)
  const isGreen = facility === 'green'
  return {
    frame, streets,
    below: [
      layerOf(shapesOf(terrain), { fill: COLOURS.hill }),
      layerOf(shapesOf(residential), { fill: COLOURS.residential }),
      layerOf(shapesOf(water), { fill: COLOURS.water, stroke: COLOURS.waterEdge, strokeWidth: 0.3 }),
      layerOf(shapesOf(green), { fill: COLOURS.park, ...(isGreen ? { stroke: COLOURS.parkEdge, strokeWidth: 0.35 } : {}) }),
      ...roadLayers(roads),
    ],
    above: [
      layerOf(streets.map(({ shape }) => shape), { stroke: COLOURS.strong, strokeWidth: 0.45, dash: [2, 1.6] }),
      layerOf(counties.map(({ shape }) => shape), { stroke: COLOURS.quiet, strokeWidth: 0.9, dash: [6, 2] }),
      ...(points.length > 0 ? [{ points: points.flatMap(({ x, y }) => [x, y]), fill: COLOURS.green, stroke: COLOURS.paper, strokeWidth: 0.4, radius: points.length > 1500 ? 1.1 : 1.8 }] : []),
    ],
    labels: streets.map(({ name, x, y }): MapLabel => ({ x, y, text: name, colour: COLOURS.labelStrong, size: 7.5, isStrong: true })),
    legend: [
      { kind: 'area', text: words.pick('绿地（现状）', 'Green space as it is'), fill: COLOURS.park, ...(isGreen ? { stroke: COLOURS.parkEdge } : {}) },
      ...(water.length > 0 ? [{ kind: 'area' as const, text: words.pick('水体', 'Water'), fill: COLOURS.water, stroke: COLOURS.waterEdge }] : []),
      ...(counties.length > 0 ? [{ kind: 'line' as const, text: words.pick('区县界', 'County boundary'), stroke: COLOURS.quiet, dash: [6, 2] as [number, number] }] : []),
      ...(streets.length > 0 ? [{ kind: 'line' as const, text: words.pick('街道界', 'Street-level boundary'), stroke: COLOURS.strong, dash: [2, 1.6] as [number, number] }] : []),
    ],
    note: words.pick(`投影 ${city.measureName}（EPSG:${city.measureSrid}），上方为坐标北。底图为本市数据现状，绘于出具本报告时。`, `Projection ${city.measureName} (EPSG:${city.measureSrid}); grid north is up. The ground is the city’s data as they are when this report was made.`),
  }
}

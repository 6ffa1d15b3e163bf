/** Symbols of facilities and parts: told apart by shape, so that colour may fail. */
import { box, circle, type Distance, distanceImage, grown, polygon, type RasterImage, stroke, union, without } from './shapes.ts'

/** Facilities are badges with a pictogram cut out of them. */
const badge = box(1, 1, 23, 23, 6)
const cut = (...pictogram: Distance[]): Distance => without(badge, ...pictogram)

const figure = (x: number): Distance => union(circle(x, 6.6, 1.9), box(x - 2, 9.4, x + 2, 18.4, 1.6))

export const FACILITY_SYMBOLS = {
  toilet: cut(figure(7.6), figure(16.4), box(11.4, 5, 12.6, 19, 0.6)),
  school: cut(polygon([12, 5.5], [20, 9.5], [12, 13.5], [4, 9.5]), polygon([7, 13.2], [12, 15.7], [17, 13.2], [17, 16.6], [12, 18.8], [7, 16.6])),
  kindergarten: cut(box(6, 11.5, 11.4, 18.5, 0.8), box(12.6, 11.5, 18, 18.5, 0.8), polygon([12, 4.6], [15, 9.8], [9, 9.8])),
  clinic: cut(box(10, 5, 14, 19, 0.8), box(5, 10, 19, 14, 0.8)),
  shelter: cut(polygon([12, 4.6], [20, 11.4], [17.4, 11.4], [17.4, 18.6], [6.6, 18.6], [6.6, 11.4], [4, 11.4])),
  market: cut(polygon([5.4, 9.4], [18.6, 9.4], [17.2, 18.8], [6.8, 18.8]), without(circle(12, 9.4, 4.4), circle(12, 9.4, 2.8), box(0, 9.4, 24, 24))),
  refuse: cut(polygon([7, 9.4], [17, 9.4], [16, 19], [8, 19]), box(5.6, 6.6, 18.4, 8.4, 0.8), box(10, 4.8, 14, 7)),
  elderly: cut(circle(9, 9.6, 3.7), circle(15, 9.6, 3.7), polygon([5.8, 11.6], [18.2, 11.6], [12, 19.2])),
  culture: cut(polygon([4.8, 6.4], [11.3, 8], [11.3, 18.4], [4.8, 16.8]), polygon([19.2, 6.4], [12.7, 8], [12.7, 18.4], [19.2, 16.8])),
  sport: cut(without(circle(12, 12, 7), stroke(1.2, [5, 12], [19, 12]), without(circle(12, 12, 4.2), circle(12, 12, 3)))),
  fire: cut(polygon([12.6, 4.2], [17.4, 11], [17.2, 15.6], [14.4, 19], [9.6, 19], [6.8, 15.6], [7.4, 11.4], [10, 12.4])),
  police: cut(polygon([12, 4.4], [18.6, 6.8], [18, 13.6], [12, 19.6], [6, 13.6], [5.4, 6.8])),
  transport: cut(without(box(6.4, 5, 17.6, 17.2, 2), box(8.2, 7.2, 15.8, 11.4, 0.8), circle(9.2, 14.4, 1), circle(14.8, 14.4, 1)), box(7.4, 16.8, 9.6, 19.2, 0.6), box(14.4, 16.8, 16.6, 19.2, 0.6)),
  office: cut(without(box(7, 4.8, 17, 19.2, 0.8), box(9, 7, 11, 9), box(13, 7, 15, 9), box(9, 11, 11, 13), box(13, 11, 15, 13), box(10.8, 15.4, 13.2, 19.4))),
  other: cut(circle(12, 12, 4.2)),
} as const satisfies Record<string, Distance>
export type FacilitySymbol = keyof typeof FACILITY_SYMBOLS

/** Words of sources (our own classes and OpenStreetMap's) → symbol. */
export const FACILITY_CLASSES: Readonly<Record<string, FacilitySymbol>> = {
  toilet: 'toilet', toilets: 'toilet',
  school: 'school', primary_school: 'school', middle_school: 'school', high_school: 'school', college: 'school', university: 'school',
  kindergarten: 'kindergarten', nursery: 'kindergarten',
  clinic: 'clinic', hospital: 'clinic', health_center: 'clinic', pharmacy: 'clinic', aed: 'clinic',
  shelter: 'shelter', emergency_shelter: 'shelter', fixed_shelter: 'shelter', air_raid_shelter: 'shelter',
  market: 'market', wet_market: 'market', marketplace: 'market', community_shop: 'market',
  waste_collection: 'refuse', litter_collection: 'refuse', waste_station: 'refuse', transfer_station: 'refuse', garbage_truck_stop: 'refuse', recycling: 'refuse',
  clothes_recycling: 'refuse', litter_bin: 'refuse', litter: 'refuse', refuse: 'refuse', refuse_station: 'refuse', refuse_transfer: 'refuse',
  elder_care: 'elderly', elderly_care: 'elderly', day_care: 'elderly', nursing_home: 'elderly', care: 'elderly', senior_center: 'elderly',
  cultural_centre: 'culture', cultural_center: 'culture', culture: 'culture', library: 'culture', museum: 'culture',
  sports_ground: 'sport', sport: 'sport', sports: 'sport', fitness: 'sport',
  fire_station: 'fire', fire_hydrant: 'fire', police: 'police', police_station: 'police',
  bus_stop: 'transport', bus_station: 'transport', subway_station: 'transport', metro_station: 'transport', railway_station: 'transport', parking: 'transport', bicycle_parking: 'transport',
  community_service: 'office', community_center: 'office', street_office: 'office', government: 'office', townhall: 'office', office: 'office', post_office: 'office',
}

/** Parts are small outlines, one shape per large class of GB/T 30428.2; filled marks are incidents', whose shapes are some of the same. */
export const PART_SYMBOLS = {
  /** 01 公用设施 */ utility: circle(12, 12, 8),
  /** 02 道路交通 */ traffic: polygon([12, 2.5], [21.5, 12], [12, 21.5], [2.5, 12]),
  /** 03 市容环境 */ environment: box(4.4, 4.4, 19.6, 19.6, 1),
  /** 04 园林绿化 */ greening: polygon([12, 2.6], [21, 19.4], [3, 19.4]),
  /** 05 其他设施 */ other: polygon([12, 2.6], [20.2, 7.3], [20.2, 16.7], [12, 21.4], [3.8, 16.7], [3.8, 7.3]),
  /** local extensions */ local: union(box(9, 3, 15, 21, 1), box(3, 9, 21, 15, 1)),
} as const satisfies Record<string, Distance>
export type PartSymbol = keyof typeof PART_SYMBOLS

/** A part that is not intact is crossed, whatever its class. */
const DEFECT = union(stroke(4, [4.5, 4.5], [19.5, 19.5]), stroke(4, [19.5, 4.5], [4.5, 19.5]))
const RING = without(circle(12, 12, 11.5), circle(12, 12, 9.2))

const outlined = (shape: Distance): Distance => without(grown(shape, 0.9), grown(shape, -3.1))

export const SYMBOL_PIXELS_PER_UNIT = 2

/** The shape of a symbol id (`facility:toilet`, `part:traffic`, `part:defect`, `mark:ring`); null for an id that is none of ours. */
export function symbolShape(id: string): Distance | null {
  const [group, name = ''] = id.split(':')
  if (id === 'part:defect') return DEFECT
  if (id === 'mark:ring') return RING
  if (group === 'facility' && Object.hasOwn(FACILITY_SYMBOLS, name)) return FACILITY_SYMBOLS[name as FacilitySymbol]
  if (group === 'part' && Object.hasOwn(PART_SYMBOLS, name)) return outlined(PART_SYMBOLS[name as PartSymbol])
  return null
}

/** The distance image of a symbol id; null for an id that is none of ours. */
export function symbolImage(id: string): RasterImage | null {
  const shape = symbolShape(id)
  return shape ? distanceImage(shape, SYMBOL_PIXELS_PER_UNIT) : null
}

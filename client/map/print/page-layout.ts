/**
 * A sheet of paper with a map on it, in CSS pixels of 1/96 inch. Pure.
 * Terminology
 * - ratio: device pixels for each CSS pixel, which is what the resolution comes to.
 * - scale: 1 : n, metres on the ground for each metre on paper, in the middle of the map.
 */

/** Short and long side, millimetres (ISO 216). */
export const PAPERS = { a4: [210, 297], a3: [297, 420], a2: [420, 594], a1: [594, 841] } as const
export type Paper = keyof typeof PAPERS
export const RESOLUTIONS = [96, 150, 300] as const
export type Resolution = (typeof RESOLUTIONS)[number]
/** 1 : n that planners draw in; null takes what the screen shows. */
export const SCALES = [null, 2000, 5000, 10_000, 25_000, 50_000, 100_000] as const
export type Scale = (typeof SCALES)[number]

export interface PageWish {
  paper: Paper
  isLandscape: boolean
  resolution: Resolution
  hasLegend: boolean
}

export interface Frame {
  left: number
  top: number
  width: number
  height: number
}

export interface PageLayout {
  width: number
  height: number
  ratio: number
  title: Frame
  map: Frame
  legend: Frame | null
  notes: Frame
}

const PIXELS_PER_MM = 96 / 25.4
const METERS_PER_PIXEL_OF_PAPER = 0.0254 / 96
const [MARGIN, TITLE, NOTES, GAP, LEGEND_WIDE, LEGEND_HIGH] = [10, 14, 7, 4, 52, 56].map((millimetres) => millimetres * PIXELS_PER_MM) as [number, number, number, number, number, number]

/** Where everything stands: title above, legend at the right of a landscape sheet or under the map of an upright one, notes below. */
export function layoutPage({ paper, isLandscape, resolution, hasLegend }: PageWish): PageLayout {
  const [short, long] = PAPERS[paper].map((millimetres) => Math.round(millimetres * PIXELS_PER_MM)) as [number, number]
  const [width, height] = isLandscape ? [long, short] : [short, long]
  const inner = width - 2 * MARGIN
  const top = MARGIN + TITLE
  const bottom = height - MARGIN - NOTES
  const isBeside = hasLegend && isLandscape
  const isBelow = hasLegend && !isLandscape
  const map = { left: MARGIN, top, width: Math.round(inner - (isBeside ? LEGEND_WIDE + GAP : 0)), height: Math.round(bottom - top - (isBelow ? LEGEND_HIGH + GAP : 0)) }
  const legend = isBeside ? { left: map.left + map.width + GAP, top, width: LEGEND_WIDE, height: map.height } : isBelow ? { left: MARGIN, top: top + map.height + GAP, width: inner, height: LEGEND_HIGH } : null
  return { width, height, ratio: resolution / 96, title: { left: MARGIN, top: MARGIN, width: inner, height: TITLE }, map, legend, notes: { left: MARGIN, top: bottom, width: inner, height: NOTES } }
}

/** Whether a graphics card that draws so many pixels a side can draw the map of a page in one piece. */
export function fitsCard({ map, ratio }: PageLayout, maximumSide: number): boolean {
  return Math.ceil(map.width * ratio) <= maximumSide && Math.ceil(map.height * ratio) <= maximumSide
}

/** Zoom at which a view of one size holds what a view of another shows. */
export function zoomThatHolds(zoom: number, seen: { width: number; height: number }, map: { width: number; height: number }): number {
  return zoom + Math.log2(Math.min(map.width / seen.width, map.height / seen.height))
}

/** Equator of web Mercator, metres; a tile has 512 CSS pixels. */
const EQUATOR_METERS = 2 * Math.PI * 6_378_137

/** Zoom of a map that is drawn 1 : n in its middle. @param latitude degrees */
export function zoomOfScale(scale: number, latitude: number): number {
  return Math.log2((Math.cos((latitude * Math.PI) / 180) * EQUATOR_METERS) / (512 * scale * METERS_PER_PIXEL_OF_PAPER))
}

/** Metres of a CSS pixel in the middle of a map. @param latitude degrees */
export function metersOfPixel(zoom: number, latitude: number): number {
  return (Math.cos((latitude * Math.PI) / 180) * EQUATOR_METERS) / (512 * 2 ** zoom)
}

/** 1 : n of a map by how many metres one of its CSS pixels is. */
export function scaleOf(metersPerPixel: number): number {
  return metersPerPixel / METERS_PER_PIXEL_OF_PAPER
}

/** The longest bar of 1, 2 or 5 times a power of ten that is no wider. */
export function scaleBar(metersPerPixel: number, widest: number): { meters: number; width: number } {
  const most = metersPerPixel * widest
  const power = 10 ** Math.floor(Math.log10(most))
  const meters = [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power
  return { meters, width: meters / metersPerPixel }
}

/** 12,345 becomes 12,300: what is said of a scale that nobody chose. */
export function roundScale(scale: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(scale)) - 2)
  return Math.round(scale / power) * power
}

/**
 * A report before it is drawn: plain data, so that it can be checked, and handed to the thread that writes the file.
 * Coordinates are metres of the city's measuring system, x and y side by side; sizes on paper are points.
 */
import type { ReportLanguage, ReportOrientation, ReportPaper } from '../contract/planning-report.ts'

/** Rings or lines as `[x, y, x, y, …]`. */
export type Course = number[]

export interface MapLayer {
  /** Polygons as lists of rings, lines, or points. */
  areas?: Course[][]
  lines?: Course[]
  points?: Course
  fill?: string
  fillOpacity?: number
  stroke?: string
  /** Points of paper. */
  strokeWidth?: number
  dash?: [number, number]
  /** Of points, in points of paper. */
  radius?: number
  /** Sizes of points, one each, instead of `radius`. */
  radii?: number[]
}

/** A name on the map; the first ones have the first right to room. */
export interface MapLabel {
  x: number
  y: number
  text: string
  colour: string
  size: number
  isStrong?: boolean
}

/** A numbered disc. */
export interface MapMark {
  x: number
  y: number
  text: string
  colour: string
}

export interface LegendEntry {
  kind: 'area' | 'line' | 'point' | 'mark'
  text: string
  fill?: string
  fillOpacity?: number
  stroke?: string
  dash?: [number, number]
}

export interface ReportMap {
  title: string
  /** West, south, east, north. */
  bounds: readonly [number, number, number, number]
  layers: MapLayer[]
  labels: MapLabel[]
  marks: MapMark[]
  legend: { title: string; entries: LegendEntry[] }
  /** Measuring system and sources. */
  note: string
}

export interface Figure {
  label: string
  value: string
  unit?: string
  note?: string
  tone?: 'good' | 'warn'
}

export interface TableColumn {
  title: string
  /** Share of the width. */
  width: number
  align?: 'left' | 'right'
}

export interface ReportTable {
  title: string
  columns: TableColumn[]
  rows: string[][]
  /** Such as how many rows there are in all. */
  note: string | null
}

/** Lines over equal axes: gain by number of sites, Lorenz. */
export interface ReportChart {
  title: string
  xLabel: string
  yLabel: string
  xRange: readonly [number, number]
  yRange: readonly [number, number]
  isPercent: boolean
  lines: { points: [number, number][]; colour: string; dash?: [number, number]; text: string }[]
}

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'formula'; text: string }
  | { kind: 'facts'; rows: { label: string; value: string }[] }
  | { kind: 'table'; table: ReportTable }
  | { kind: 'map'; map: ReportMap }
  | { kind: 'chart'; chart: ReportChart }

export interface Report {
  language: ReportLanguage
  paper: ReportPaper
  orientation: ReportOrientation
  /** `规划分析报告` above the title. */
  overline: string
  title: string
  /** City, date of the data, ruler. */
  subtitle: string[]
  /** Words of the badge of made-up data; null for real data. */
  badge: string | null
  /** What the run found, in a sentence or two. */
  finding: string
  figures: Figure[]
  blocks: Block[]
  /** The address that opens the run, and what stands beside its code. */
  link: { address: string; text: string }
  footer: string
  /** `第 {n} / {m} 页` */
  pageText: string
  continued: string
}

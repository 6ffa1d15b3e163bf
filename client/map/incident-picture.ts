/**
 * What of the incidents is drawn at a zoom: marks one by one, and far out groups of the ordinary ones.
 * An open incident of the first level is never hidden in a group. Pure, over typed arrays.
 */
import { ENDED_STATES, IncidentState } from '../../server/contract/incidents.ts'
import type { IncidentColumns } from '../stores/state.ts'
import { type IncidentLook, lightIndex, markIndex } from './icons/incident-atlas.ts'

export interface IncidentMarks {
  count: number
  /** longitude, latitude interleaved; least important first, so that the urgent lie on top */
  positions: Float64Array
  /** index into the atlas */
  icons: Uint8Array
  /** CSS pixels of the 24-unit field at scale 1 */
  sizes: Float32Array
  /** row of each mark in the columns */
  rows: Uint32Array
}

export interface IncidentGroup {
  longitude: number
  latitude: number
  count: number
  /** of the second level, or of the overdue where the map is coloured by light; 0 to 1 */
  urgentShare: number
}

export interface IncidentPicture {
  marks: IncidentMarks
  groups: IncidentGroup[]
}

/** From this zoom on nothing is grouped. */
export const GROUPS_UNTIL_ZOOM = 13
/** CSS pixels of the side of the squares within which marks are grouped. */
const GROUP_PIXELS = 46
const GROUP_FROM = 4
/** CSS pixels of a map tile, MapLibre's measure of zoom. */
const TILE_PIXELS = 512

const SIZES: Readonly<Record<number, number>> = { 1: 25, 2: 20, 3: 17 }
const ENDED_INDEXES = new Set(ENDED_STATES.map((state) => IncidentState.options.indexOf(state)))

/** Marks grow with zoom; the same for all. */
export function markScale(zoom: number): number {
  return Math.min(1.25, Math.max(0.62, 0.62 + (zoom - 10.5) * 0.105))
}

/** CSS pixels across a group's disc: grows with the logarithm of its count. */
export function groupDiameter(count: number): number {
  return Math.min(62, 18 + 4.4 * Math.log2(count / 3))
}

/** Web Mercator, 0 to 1 from north-west to south-east. */
export function mercator(longitude: number, latitude: number): [number, number] {
  const sine = Math.sin((latitude * Math.PI) / 180)
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)]
}

function lookOf(columns: IncidentColumns, row: number): IncidentLook {
  if (ENDED_INDEXES.has(columns.states[row]!)) return 'ended'
  return columns.overdue[row] === 1 ? 'overdue' : 'open'
}

/** Higher is drawn later: the ended below, then 三级, 二级, 一级; the overdue above their equals. */
function rank(look: IncidentLook, severity: number): number {
  return look === 'ended' ? 0 : (4 - severity) * 2 + (look === 'overdue' ? 1 : 0)
}

/** Rows of the columns that are to be grouped, by square; each square with at least four. */
function squares(columns: IncidentColumns, zoom: number): number[][] {
  const scale = (TILE_PIXELS * 2 ** Math.floor(zoom)) / GROUP_PIXELS
  const bySquare = new Map<string, number[]>()
  for (let row = 0; row < columns.count; row += 1) {
    const longitude = columns.positions[row * 2]!
    const latitude = columns.positions[row * 2 + 1]!
    if (Number.isNaN(longitude) || (columns.severities[row] === 1 && lookOf(columns, row) !== 'ended')) continue
    const [x, y] = mercator(longitude, latitude)
    const key = `${Math.floor(x * scale)},${Math.floor(y * scale)}`
    const square = bySquare.get(key)
    if (square) square.push(row)
    else bySquare.set(key, [row])
  }
  return [...bySquare.values()].filter((rows) => rows.length >= GROUP_FROM)
}

/** Groups that would lie over each other become one, the larger taking in the smaller. */
function withoutOverlap(squareRows: number[][], columns: IncidentColumns, zoom: number): number[][] {
  const world = TILE_PIXELS * 2 ** Math.floor(zoom)
  const kept: { rows: number[]; x: number; y: number }[] = []
  for (const rows of squareRows.toSorted((a, b) => b.length - a.length)) {
    let [x, y] = [0, 0]
    for (const row of rows) {
      const place = mercator(columns.positions[row * 2]!, columns.positions[row * 2 + 1]!)
      x += (place[0] * world) / rows.length
      y += (place[1] * world) / rows.length
    }
    const near = kept.find((one) => Math.hypot(one.x - x, one.y - y) < (groupDiameter(one.rows.length) + groupDiameter(rows.length)) / 2)
    if (near) near.rows.push(...rows)
    else kept.push({ rows: [...rows], x, y })
  }
  return kept.map((one) => one.rows)
}

/** From this number on a light says that the limit has passed. */
const RED = 4

/**
 * The picture at a zoom. Rows without a place are left out.
 * @param lights the light of each row, as `lightNumber` tells it, where colour tells the light; null where it tells the level
 */
export function incidentPicture(columns: IncidentColumns, zoom: number, lights: Uint8Array | null = null): IncidentPicture {
  const isGrouped = new Uint8Array(columns.count)
  const groups: IncidentGroup[] = []
  if (zoom < GROUPS_UNTIL_ZOOM) {
    for (const rows of withoutOverlap(squares(columns, zoom), columns, zoom)) {
      let [longitude, latitude, urgent] = [0, 0, 0]
      for (const row of rows) {
        isGrouped[row] = 1
        longitude += columns.positions[row * 2]!
        latitude += columns.positions[row * 2 + 1]!
        if (lights ? lights[row]! >= RED : columns.severities[row]! <= 2) urgent += 1
      }
      groups.push({ longitude: longitude / rows.length, latitude: latitude / rows.length, count: rows.length, urgentShare: urgent / rows.length })
    }
    groups.sort((a, b) => a.count - b.count)
  }
  const single: { row: number; rank: number }[] = []
  for (let row = 0; row < columns.count; row += 1) {
    if (isGrouped[row] === 1 || Number.isNaN(columns.positions[row * 2]!)) continue
    single.push({ row, rank: lights ? lights[row]! : rank(lookOf(columns, row), columns.severities[row]!) })
  }
  single.sort((a, b) => a.rank - b.rank)
  const marks: IncidentMarks = {
    count: single.length,
    positions: new Float64Array(single.length * 2),
    icons: new Uint8Array(single.length),
    sizes: new Float32Array(single.length),
    rows: new Uint32Array(single.length),
  }
  single.forEach(({ row }, index) => {
    const severity = columns.severities[row]!
    marks.positions[index * 2] = columns.positions[row * 2]!
    marks.positions[index * 2 + 1] = columns.positions[row * 2 + 1]!
    const look = lookOf(columns, row)
    marks.icons[index] = lights && look !== 'ended' ? lightIndex(lights[row]!) : markIndex(severity, look)
    marks.sizes[index] = SIZES[severity] ?? SIZES[3]!
    marks.rows[index] = row
  })
  return { marks, groups }
}

export type Picked = { kind: 'incident'; row: number } | { kind: 'group'; group: IncidentGroup }

/** Extra CSS pixels round a mark that still count as on it: fingers and hurried mice. */
const SLACK = 3

/**
 * What lies under the pointer, the topmost first. Works on the ground first and on the screen for the few that are near, so that no
 * picture has to be read back from the graphics card.
 * @param pointer CSS pixels; `ground` its place on the earth; `project` from the earth to CSS pixels
 */
export function pickIncident(
  picture: IncidentPicture,
  zoom: number,
  pointer: { x: number; y: number },
  ground: { longitude: number; latitude: number },
  project: (longitude: number, latitude: number) => { x: number; y: number },
): Picked | null {
  const world = TILE_PIXELS * 2 ** zoom
  const [groundX, groundY] = mercator(ground.longitude, ground.latitude)
  // Towards the horizon a pixel covers more ground; six radii hold for any tilt the map allows.
  const reach = (6 * 62) / world
  const isOn = (longitude: number, latitude: number, radius: number): boolean => {
    const [x, y] = mercator(longitude, latitude)
    if (Math.abs(x - groundX) > reach || Math.abs(y - groundY) > reach) return false
    const screen = project(longitude, latitude)
    return Math.hypot(screen.x - pointer.x, screen.y - pointer.y) <= radius + SLACK
  }
  const { marks, groups } = picture
  const scale = markScale(zoom)
  for (let index = marks.count - 1; index >= 0; index -= 1) {
    if (isOn(marks.positions[index * 2]!, marks.positions[index * 2 + 1]!, marks.sizes[index]! * scale * 0.38)) return { kind: 'incident', row: marks.rows[index]! }
  }
  const group = groups.findLast((one) => isOn(one.longitude, one.latitude, groupDiameter(one.count) / 2))
  return group ? { kind: 'group', group } : null
}

/** Draws a map as vectors: layers, names that do not lie on each other, numbered discs, scale bar, north arrow, legend. */
import { COLOURS } from '../colours.ts'
import type { Course, LegendEntry, MapLayer, ReportMap } from '../model.ts'
import { roundLength, roundScale } from '../shapes.ts'
import type { Box, Sheet } from './sheet.ts'

const POINTS_PER_METER = 72 / 0.0254
const MARK_RADIUS = 6.2
/** Points of a layer up to which each is a disc. */
const MOST_DISCS = 400

/** Metres of the plane to points of the page. */
export interface Projection {
  x(meters: number): number
  y(meters: number): number
  /** 1 : so much. */
  scale: number
}

/** Fits a box into a frame, middle to middle, at a round scale. */
export function fit([west, south, east, north]: ReportMap['bounds'], frame: Box): Projection {
  const scale = roundScale(Math.max(((east - west) * POINTS_PER_METER) / frame.width, ((north - south) * POINTS_PER_METER) / frame.height))
  const pointsPerMeter = POINTS_PER_METER / scale
  const [middleX, middleY] = [(west + east) / 2, (south + north) / 2]
  return { scale, x: (meters) => frame.x + frame.width / 2 + (meters - middleX) * pointsPerMeter, y: (meters) => frame.y + frame.height / 2 - (meters - middleY) * pointsPerMeter }
}

/** Whether any of a course may be inside the frame. */
function touches(course: Course, to: Projection, frame: Box): boolean {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at + 1 < course.length; at += 2) {
    const [x, y] = [to.x(course[at]!), to.y(course[at + 1]!)]
    west = Math.min(west, x)
    east = Math.max(east, x)
    north = Math.min(north, y)
    south = Math.max(south, y)
  }
  return east >= frame.x && west <= frame.x + frame.width && south >= frame.y && north <= frame.y + frame.height
}

function trace(doc: PDFKit.PDFDocument, course: Course, to: Projection): void {
  doc.moveTo(to.x(course[0]!), to.y(course[1]!))
  for (let at = 2; at + 1 < course.length; at += 2) doc.lineTo(to.x(course[at]!), to.y(course[at + 1]!))
}

function paint(doc: PDFKit.PDFDocument, { fill, stroke }: MapLayer, rule: 'even-odd' | 'non-zero' = 'non-zero'): void {
  if (fill && stroke) doc.fillAndStroke(fill, stroke, rule)
  else if (fill) doc.fill(fill, rule)
  else if (stroke) doc.stroke(stroke)
}

function drawLayer(doc: PDFKit.PDFDocument, layer: MapLayer, to: Projection, frame: Box): void {
  doc.fillOpacity(layer.fillOpacity ?? 1).strokeOpacity(1).lineWidth(layer.strokeWidth ?? 0.5).lineJoin('round').lineCap(layer.dash ? 'butt' : 'round')
  if (layer.dash) doc.dash(layer.dash[0], { space: layer.dash[1] })
  else doc.undash()
  for (const rings of layer.areas ?? []) {
    if (!rings[0] || !touches(rings[0], to, frame)) continue
    for (const ring of rings) {
      trace(doc, ring, to)
      doc.closePath()
    }
    paint(doc, layer, 'even-odd')
  }
  const lines = (layer.lines ?? []).filter((line) => line.length >= 4 && touches(line, to, frame))
  for (let start = 0; start < lines.length; start += 400) {
    for (const line of lines.slice(start, start + 400)) trace(doc, line, to)
    if (layer.stroke) doc.stroke(layer.stroke)
  }
  const points = layer.points ?? []
  // Thousands of discs make a large file: small ones are squares, and many are painted as one shape.
  const areSquares = points.length > 2 * MOST_DISCS
  for (let start = 0; start < points.length; start += 2 * 500) {
    for (let at = start; at + 1 < Math.min(points.length, start + 2 * 500); at += 2) {
      const [x, y, radius] = [to.x(points[at]!), to.y(points[at + 1]!), layer.radii?.[at / 2] ?? layer.radius ?? 1.5]
      if (x < frame.x || x > frame.x + frame.width || y < frame.y || y > frame.y + frame.height) continue
      if (areSquares) doc.rect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8)
      else doc.circle(x, y, radius)
    }
    paint(doc, layer)
  }
  doc.undash()
}

const overlaps = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const holds = (frame: Box, box: Box) => box.x >= frame.x + 2 && box.y >= frame.y + 2 && box.x + box.width <= frame.x + frame.width - 2 && box.y + box.height <= frame.y + frame.height - 2

/** Discs first, since they are what is spoken of; a disc that lies on another moves aside, with a line to its place. */
function drawMarks(sheet: Sheet, { marks }: ReportMap, to: Projection, frame: Box): Box[] {
  const { doc } = sheet
  const taken: Box[] = []
  const placed = marks.flatMap((mark) => {
    const at = { x: to.x(mark.x), y: to.y(mark.y) }
    if (at.x < frame.x || at.x > frame.x + frame.width || at.y < frame.y || at.y > frame.y + frame.height) return []
    const ways = [{ x: 0, y: 0 }, ...[1.7, 2.9, 4.2].flatMap((far) => Array.from({ length: 8 }, (_one, turn) => ({ x: far * MARK_RADIUS * Math.cos((turn * Math.PI) / 4), y: far * MARK_RADIUS * Math.sin((turn * Math.PI) / 4) })))]
    const boxes = ways.map((way) => ({ x: at.x + way.x - MARK_RADIUS, y: at.y + way.y - MARK_RADIUS, width: 2 * MARK_RADIUS, height: 2 * MARK_RADIUS }))
    const box = boxes.find((one) => holds(frame, one) && !taken.some((other) => overlaps(one, other)))
    if (!box) return []
    taken.push(box)
    return [{ mark, at, middle: { x: box.x + MARK_RADIUS, y: box.y + MARK_RADIUS } }]
  })
  for (const { mark, at, middle } of placed) {
    if (Math.hypot(at.x - middle.x, at.y - middle.y) < 1) continue
    sheet.line(at.x, at.y, middle.x, middle.y, 0.7, mark.colour)
    doc.circle(at.x, at.y, 1.4).fill(mark.colour)
  }
  for (const { mark, middle } of placed) {
    doc.fillOpacity(1).strokeOpacity(1).lineWidth(0.8).circle(middle.x, middle.y, MARK_RADIUS).fillAndStroke(mark.colour, COLOURS.paper)
    sheet.write(mark.text, middle.x - MARK_RADIUS - 2, middle.y - 4.8, { size: mark.text.length > 2 ? 5.2 : 6.4, isStrong: true, colour: COLOURS.paper, width: 2 * MARK_RADIUS + 4, align: 'center' })
  }
  return taken
}

function drawLabels(sheet: Sheet, { labels }: ReportMap, to: Projection, frame: Box, taken: Box[]): void {
  for (const label of labels) {
    const width = sheet.widthOf(label.text, { size: label.size, isStrong: label.isStrong ?? false })
    const height = label.size * 1.3
    const box = { x: to.x(label.x) - width / 2 - 2, y: to.y(label.y) - height / 2, width: width + 4, height }
    if (!holds(frame, box) || taken.some((one) => overlaps(one, box))) continue
    taken.push(box)
    sheet.doc.fillOpacity(0.72).roundedRect(box.x, box.y, box.width, box.height, 2).fill(COLOURS.paper)
    sheet.write(label.text, box.x + 2, box.y - label.size * 0.07, { size: label.size, isStrong: label.isStrong ?? false, colour: label.colour })
  }
}

/** The scale bar says metres of the measuring system, and what one is on paper. */
function drawScale(sheet: Sheet, to: Projection, frame: Box): Box {
  const { doc } = sheet
  const length = roundLength((110 * to.scale) / POINTS_PER_METER)
  const points = (length * POINTS_PER_METER) / to.scale
  const box = { x: frame.x + 8, y: frame.y + frame.height - 34, width: points + 36, height: 27 }
  doc.fillOpacity(0.86).roundedRect(box.x, box.y, box.width, box.height, 3).fill(COLOURS.paper)
  doc.fillOpacity(1).strokeOpacity(1).lineWidth(0.6)
  for (let part = 0; part < 4; part++) doc.rect(box.x + 8 + (part * points) / 4, box.y + 7, points / 4, 3.4).fillAndStroke(part % 2 === 0 ? COLOURS.ink : COLOURS.paper, COLOURS.ink)
  const unit = length >= 1000 ? { by: 1000, text: 'km' } : { by: 1, text: 'm' }
  const write = (meters: number, text: string) => sheet.write(text, box.x + 8 + (points * meters) / length - 20, box.y + 12, { size: 6.5, colour: COLOURS.ink, width: 40, align: 'center' })
  write(0, '0')
  write(length / 2, String(length / 2 / unit.by))
  write(length, `${length / unit.by} ${unit.text}`)
  return box
}

function drawNorth(sheet: Sheet, frame: Box): Box {
  const { doc } = sheet
  const [x, y] = [frame.x + frame.width - 20, frame.y + 10]
  const box = { x: x - 11, y: y - 4, width: 22, height: 36 }
  doc.fillOpacity(0.86).roundedRect(box.x, box.y, box.width, box.height, 3).fill(COLOURS.paper)
  doc.fillOpacity(1).strokeOpacity(1).lineWidth(0.6)
  sheet.write('N', x - 10, y - 4, { size: 8, isStrong: true, width: 20, align: 'center' })
  doc.moveTo(x, y + 8).lineTo(x - 5.5, y + 26).lineTo(x, y + 22).closePath().fillAndStroke(COLOURS.ink, COLOURS.ink)
  doc.moveTo(x, y + 8).lineTo(x + 5.5, y + 26).lineTo(x, y + 22).closePath().fillAndStroke(COLOURS.paper, COLOURS.ink)
  return box
}

const styleOf = ({ fill, stroke }: LegendEntry): MapLayer => ({ ...(fill ? { fill } : {}), ...(stroke ? { stroke } : {}) })

function drawKey(sheet: Sheet, entry: LegendEntry, x: number, y: number): void {
  const { doc } = sheet
  doc.fillOpacity(entry.fillOpacity ?? 1).strokeOpacity(1).lineWidth(0.6).undash()
  if (entry.kind === 'area') paint(doc.rect(x, y + 1.5, 15, 8), styleOf(entry))
  else if (entry.kind === 'line') {
    if (entry.dash) doc.dash(entry.dash[0], { space: entry.dash[1] })
    doc.lineWidth(1.2).moveTo(x, y + 5.5).lineTo(x + 15, y + 5.5).stroke(entry.stroke ?? COLOURS.ink).undash()
  } else {
    doc.circle(x + 7.5, y + 5.5, entry.kind === 'mark' ? 5 : 2.4)
    paint(doc, styleOf(entry))
    if (entry.kind === 'mark') sheet.write('1', x, y + 1.3, { size: 5.6, isStrong: true, colour: COLOURS.paper, width: 15, align: 'center' })
  }
  doc.fillOpacity(1)
}

/** Columns of a legend that fit a width. */
function legendColumns(sheet: Sheet, { legend }: ReportMap, width: number): { count: number; rows: number; each: number } {
  const widest = Math.max(60, ...legend.entries.map(({ text }) => sheet.widthOf(text, { size: 7.5 }))) + 34
  const count = Math.max(1, Math.min(4, Math.floor(width / widest)))
  return { count, rows: Math.ceil(legend.entries.length / count), each: width / count }
}

export function legendHeight(sheet: Sheet, map: ReportMap, width: number): number {
  return 15 + legendColumns(sheet, map, width).rows * 13
}

export function drawLegend(sheet: Sheet, map: ReportMap, x: number, y: number, width: number): void {
  const { rows, each } = legendColumns(sheet, map, width)
  sheet.write(map.legend.title, x, y, { size: 8, isStrong: true, colour: COLOURS.quiet })
  map.legend.entries.forEach((entry, index) => {
    const [left, top] = [x + Math.floor(index / rows) * each, y + 15 + (index % rows) * 13]
    drawKey(sheet, entry, left, top)
    sheet.write(entry.text, left + 21, top, { size: 7.5, colour: COLOURS.quiet, width: each - 24, lineGap: -1 })
  })
}

/** Draws a map into a frame and answers its scale. */
export function drawMap(sheet: Sheet, map: ReportMap, frame: Box): number {
  const { doc } = sheet
  const to = fit(map.bounds, frame)
  doc.save()
  doc.rect(frame.x, frame.y, frame.width, frame.height).clip()
  doc.fillOpacity(1).rect(frame.x, frame.y, frame.width, frame.height).fill(COLOURS.land)
  for (const layer of map.layers) drawLayer(doc, layer, to, frame)
  const taken = [drawScale(sheet, to, frame), drawNorth(sheet, frame)]
  taken.push(...drawMarks(sheet, map, to, frame))
  drawLabels(sheet, map, to, frame, taken)
  doc.restore()
  doc.undash().strokeOpacity(1).lineWidth(0.9).rect(frame.x, frame.y, frame.width, frame.height).stroke(COLOURS.quiet)
  return to.scale
}

/** Draws the blocks of a report one under the other. */
import { COLOURS } from '../colours.ts'
import type { Block, Figure, ReportChart, ReportMap, ReportTable } from '../model.ts'
import { drawLegend, drawMap, legendHeight } from './map.ts'
import type { Box, Sheet } from './sheet.ts'

const CELL = { size: 7.6, padX: 3.5, padY: 2.6 }
/** A table of few columns is not drawn out over a wide page. */
const WIDEST_SHARE = 84

/** Numbers of pictures and tables, which have one count each. */
export interface Count {
  pictures: number
  tables: number
}

const numbered = (sheet: Sheet, what: 'picture' | 'table', number: number, title: string) => {
  const word = sheet.report.language === 'zh' ? { picture: '图', table: '表' }[what] : { picture: 'Figure', table: 'Table' }[what]
  return `${word} ${number}  ${title}`
}

export function drawFigures(sheet: Sheet, figures: readonly Figure[], box: Omit<Box, 'height'>, columns: number): number {
  const each = box.width / columns
  let y = box.y
  for (let start = 0; start < figures.length; start += columns) {
    const row = figures.slice(start, start + columns)
    const widthOf = (index: number) => each - (index === 0 ? 10 : 16)
    // A label of two lines must not push its figure out of the row.
    const labelHeight = Math.max(...row.map(({ label }, index) => sheet.heightOf(label, { size: 7.5, width: widthOf(index), lineGap: -1 })))
    const heights = row.map((figure, index) => {
      const x = box.x + index * each + (index === 0 ? 0 : 10)
      const width = widthOf(index)
      sheet.write(figure.label, x, y + 6, { size: 7.5, colour: COLOURS.faint, width, lineGap: -1 })
      let at = y + 7 + labelHeight
      const unit = figure.unit ? ` ${figure.unit}` : ''
      const size = [17, 14.5, 12, 10].find((one) => sheet.widthOf(figure.value, { size: one, isStrong: true }) + sheet.widthOf(unit, { size: 8 }) <= width) ?? 9
      const wide = sheet.widthOf(figure.value, { size, isStrong: true })
      sheet.write(figure.value, x, at + (17 - size) * 0.9, { size, isStrong: true, colour: figure.tone === 'good' ? COLOURS.green : figure.tone === 'warn' ? COLOURS.red : COLOURS.ink })
      if (unit) sheet.write(unit, x + wide, at + 10.5, { size: 8, colour: COLOURS.faint })
      at += 25
      if (figure.note) at += sheet.write(figure.note, x, at, { size: 7, colour: COLOURS.faint, width, lineGap: -1 })
      return at - y + 6
    })
    const height = Math.max(...heights)
    sheet.line(box.x, y, box.x + box.width, y, 0.5, COLOURS.line)
    row.forEach((_figure, index) => index > 0 && sheet.line(box.x + index * each + 2, y + 7, box.x + index * each + 2, y + height - 6, 0.5, COLOURS.line))
    y += height
  }
  sheet.line(box.x, y, box.x + box.width, y, 0.5, COLOURS.line)
  return y - box.y
}

export function drawHeading(sheet: Sheet, text: string): void {
  sheet.need(132)
  sheet.y += 6
  sheet.doc.fillOpacity(1).rect(sheet.left, sheet.y + 3, 3, 12).fill(COLOURS.green)
  sheet.doc.outline.addItem(text)
  sheet.y += sheet.write(text, sheet.left + 9, sheet.y, { size: 12, isStrong: true, width: sheet.width - 9 }) + 6
}

/** Sentences of a text, each with its end. */
const sentencesOf = (text: string) => text.match(/[^。；]+[。；]?|[。；]/gu) ?? [text]

/** A paragraph; one that does not fit goes on over the page between two sentences. */
export function drawText(sheet: Sheet, text: string): void {
  const style = { size: 8.6, colour: COLOURS.quiet, width: sheet.width, lineGap: 1 }
  let rest = sheet.report.language === 'zh' ? sentencesOf(text) : text.split(/(?<=[.;:]) /u).map((one) => `${one} `)
  while (rest.length > 0) {
    let count = rest.length
    while (count > 0 && sheet.heightOf(rest.slice(0, count).join(''), style) > sheet.room) count -= 1
    if (count > 0) sheet.y += sheet.write(rest.slice(0, count).join('').trimEnd(), sheet.left, sheet.y, style) + 6
    rest = rest.slice(count)
    if (rest.length > 0) sheet.addPage()
  }
}

function drawFormula(sheet: Sheet, text: string): void {
  const style = { size: 9, width: sheet.width - 24, lineGap: 1 }
  const height = sheet.heightOf(text, style) + 12
  sheet.need(height)
  sheet.doc.fillOpacity(1).roundedRect(sheet.left, sheet.y, sheet.width, height, 3).fill(COLOURS.panel)
  sheet.write(text, sheet.left + 12, sheet.y + 5, style)
  sheet.y += height + 8
}

function drawFacts(sheet: Sheet, rows: readonly { label: string; value: string }[]): void {
  const first = Math.min(150, sheet.width * 0.27)
  for (const { label, value } of rows) {
    const style = { size: 8, width: sheet.width - first - 8, lineGap: 0.5 }
    const height = Math.max(sheet.heightOf(value, style), sheet.heightOf(label, { size: 8, width: first - 8 })) + 6
    sheet.need(height)
    sheet.write(label, sheet.left, sheet.y + 2.5, { size: 8, colour: COLOURS.faint, width: first - 8 })
    sheet.write(value, sheet.left + first, sheet.y + 2.5, style)
    sheet.y += height
    sheet.line(sheet.left, sheet.y, sheet.left + sheet.width, sheet.y, 0.4, COLOURS.line)
  }
  sheet.y += 10
}

/** A table of three lines: thick above and below, thin under the heading; the heading again on each page. */
function drawTable(sheet: Sheet, table: ReportTable, number: number): void {
  const shares = table.columns.reduce((sum, { width }) => sum + width, 0)
  const whole = Math.min(sheet.width, shares * WIDEST_SHARE)
  const widths = table.columns.map(({ width }) => (whole * width) / shares)
  const heightOfRow = (cells: readonly string[], isStrong: boolean) => Math.max(...cells.map((cell, at) => sheet.heightOf(cell === '' ? ' ' : cell, { size: CELL.size, isStrong, width: widths[at]! - 2 * CELL.padX, lineGap: -1 }))) + 2 * CELL.padY
  const drawRow = (cells: readonly string[], isStrong: boolean, height: number) => {
    let x = sheet.left
    cells.forEach((cell, at) => {
      sheet.write(cell, x + CELL.padX, sheet.y + CELL.padY, { size: CELL.size, isStrong, width: widths[at]! - 2 * CELL.padX, align: table.columns[at]!.align ?? 'left', lineGap: -1, colour: isStrong ? COLOURS.quiet : COLOURS.ink })
      x += widths[at]!
    })
    sheet.y += height
  }
  const titles = table.columns.map(({ title }) => title)
  const headHeight = heightOfRow(titles, true)
  const drawHead = (title: string) => {
    sheet.y += sheet.write(title, sheet.left, sheet.y, { size: 8.8, isStrong: true, width: sheet.width }) + 3
    sheet.line(sheet.left, sheet.y, sheet.left + whole, sheet.y, 1.1, COLOURS.ink)
    drawRow(titles, true, headHeight)
    sheet.line(sheet.left, sheet.y, sheet.left + whole, sheet.y, 0.5, COLOURS.ink)
  }
  const title = numbered(sheet, 'table', number, table.title)
  const heights = table.rows.map((row) => heightOfRow(row, false))
  sheet.need(18 + headHeight + heights.slice(0, 3).reduce((sum, one) => sum + one, 0) + 10)
  drawHead(title)
  table.rows.forEach((row, index) => {
    if (heights[index]! > sheet.room - 4) {
      sheet.line(sheet.left, sheet.y, sheet.left + whole, sheet.y, 1.1, COLOURS.ink)
      sheet.addPage()
      drawHead(`${title}${sheet.report.continued}`)
    } else if (index > 0) sheet.line(sheet.left, sheet.y, sheet.left + whole, sheet.y, 0.25, COLOURS.line)
    drawRow(row, false, heights[index]!)
  })
  sheet.line(sheet.left, sheet.y, sheet.left + whole, sheet.y, 1.1, COLOURS.ink)
  if (table.note) sheet.y += 3 + sheet.write(table.note, sheet.left, sheet.y + 3, { size: 7, colour: COLOURS.faint, width: sheet.width })
  sheet.y += 12
}

const aspectOf = ({ bounds: [west, south, east, north] }: ReportMap) => (north - south) / (east - west)

/** Title and note under a map, with its scale. */
function drawCaption(sheet: Sheet, map: ReportMap, number: number, scale: number, box: Box): number {
  const title = `${numbered(sheet, 'picture', number, map.title)}  ·  1\u00a0:\u00a0${scale.toLocaleString('en-US')}`
  const first = sheet.write(title, box.x, box.y, { size: 8.8, isStrong: true, width: box.width })
  return first + sheet.write(map.note, box.x, box.y + first, { size: 6.8, colour: COLOURS.faint, width: box.width, lineGap: -0.5 })
}

/** A map with its legend below it, or at its right on a wide page. */
export function drawMapBlock(sheet: Sheet, map: ReportMap, number: number): void {
  const side = sheet.isLandscape ? 178 : 0
  const width = sheet.width - (side > 0 ? side + 14 : 0)
  const below = (side > 0 ? 0 : legendHeight(sheet, map, width) + 6) + 44
  const wished = Math.min(width * Math.max(0.45, aspectOf(map)), sheet.wholeRoom - below)
  // A map that had to be drawn much smaller than it could be waits for the next page.
  if (sheet.room - below < wished * 0.5) sheet.need(sheet.room + 1)
  const frame = { x: sheet.left, y: sheet.y, width, height: Math.min(wished, sheet.room - below) }
  const scale = drawMap(sheet, map, frame)
  if (side > 0) drawLegend(sheet, map, frame.x + width + 14, frame.y, side)
  sheet.y += frame.height + 5
  sheet.y += drawCaption(sheet, map, number, scale, { x: sheet.left, y: sheet.y, width, height: 0 }) + 4
  if (side === 0) {
    drawLegend(sheet, map, sheet.left, sheet.y, width)
    sheet.y += legendHeight(sheet, map, width)
  }
  sheet.y += 10
}

/** A map at the left, the figures and the legend at its right: the first page of a wide report. */
export function drawMapBesideFigures(sheet: Sheet, map: ReportMap, figures: readonly Figure[], number: number): void {
  const side = Math.min(250, sheet.width * 0.31)
  const width = sheet.width - side - 16
  const frame = { x: sheet.left, y: sheet.y, width, height: sheet.room - 40 }
  const scale = drawMap(sheet, map, frame)
  drawCaption(sheet, map, number, scale, { x: sheet.left, y: frame.y + frame.height + 5, width, height: 0 })
  const right = frame.x + width + 16
  const used = drawFigures(sheet, figures, { x: right, y: frame.y, width: side }, 2)
  drawLegend(sheet, map, right, frame.y + used + 12, side)
  sheet.y = sheet.floor
}

function drawChart(sheet: Sheet, chart: ReportChart, number: number): void {
  const height = 176
  sheet.need(height + 56)
  const { doc } = sheet
  const frame = { x: sheet.left + 46, y: sheet.y + 16, width: Math.min(sheet.width - 60, 420), height }
  const x = (value: number) => frame.x + ((value - chart.xRange[0]) / (chart.xRange[1] - chart.xRange[0] || 1)) * frame.width
  const y = (value: number) => frame.y + frame.height - ((value - chart.yRange[0]) / (chart.yRange[1] - chart.yRange[0] || 1)) * frame.height
  const shown = (value: number) => (chart.isPercent ? `${Math.round(value * 100)} %` : value.toLocaleString('en-US', { maximumFractionDigits: 0 }))
  for (let step = 0; step <= 4; step++) {
    const at = chart.yRange[0] + ((chart.yRange[1] - chart.yRange[0]) * step) / 4
    sheet.line(frame.x, y(at), frame.x + frame.width, y(at), 0.4, COLOURS.line)
    sheet.write(shown(at), sheet.left, y(at) - 5, { size: 7, colour: COLOURS.faint, width: 42, align: 'right' })
  }
  const span = chart.xRange[1] - chart.xRange[0]
  const steps = chart.isPercent ? 4 : Math.min(10, Math.max(1, Math.round(span)))
  for (let step = 0; step <= steps; step++) {
    const at = chart.isPercent ? chart.xRange[0] + (span * step) / steps : Math.round(chart.xRange[0] + (span * step) / steps)
    sheet.write(shown(at), x(at) - 20, frame.y + frame.height + 4, { size: 7, colour: COLOURS.faint, width: 40, align: 'center' })
  }
  sheet.line(frame.x, frame.y + frame.height, frame.x + frame.width, frame.y + frame.height, 0.8, COLOURS.quiet)
  sheet.write(chart.yLabel, sheet.left, sheet.y, { size: 7.5, colour: COLOURS.faint })
  sheet.write(chart.xLabel, frame.x, frame.y + frame.height + 15, { size: 7.5, colour: COLOURS.faint, width: frame.width, align: 'right' })
  let key = frame.x
  for (const line of chart.lines) {
    doc.strokeOpacity(1).lineWidth(1.5).lineJoin('round')
    if (line.dash) doc.dash(line.dash[0], { space: line.dash[1] })
    line.points.forEach(([at, value], index) => (index === 0 ? doc.moveTo(x(at), y(value)) : doc.lineTo(x(at), y(value))))
    doc.stroke(line.colour)
    doc.moveTo(key, frame.y + frame.height + 20).lineTo(key + 16, frame.y + frame.height + 20).stroke(line.colour).undash()
    sheet.write(line.text, key + 20, frame.y + frame.height + 14.5, { size: 7.5, colour: COLOURS.quiet })
    key += sheet.widthOf(line.text, { size: 7.5 }) + 34
  }
  sheet.y = frame.y + frame.height + 30
  sheet.y += sheet.write(numbered(sheet, 'picture', number, chart.title), sheet.left, sheet.y, { size: 8.8, isStrong: true, width: sheet.width }) + 12
}

export function drawBlock(sheet: Sheet, block: Block, count: Count): void {
  switch (block.kind) {
    case 'heading': return drawHeading(sheet, block.text)
    case 'text': return drawText(sheet, block.text)
    case 'formula': return drawFormula(sheet, block.text)
    case 'facts': return drawFacts(sheet, block.rows)
    case 'table': return drawTable(sheet, block.table, (count.tables += 1))
    case 'map': return drawMapBlock(sheet, block.map, (count.pictures += 1))
    case 'chart': return drawChart(sheet, block.chart, (count.pictures += 1))
  }
}

/** Legend lines on a canvas, from the records that the map itself is drawn from. */
import type { LegendItem } from '../layers/index.ts'
import type { Frame } from './page-layout.ts'

export interface LegendGroup {
  title: string
  items: readonly LegendItem[]
}

export interface LegendLook {
  text: string
  note: string
  family: string
  /** A label in the language of the page. */
  label: (text: { zh: string; en: string }) => string
  number: (value: number) => string
  /** What is said of groups that found no room. */
  more: (count: number) => string
}

const ROW = 18
const PATCH = 22
const COLUMN = 165

type Row = { kind: 'title'; text: string } | { kind: 'item'; item: Exclude<LegendItem, { kind: 'ramp' }> } | { kind: 'step'; colour: string; hatch?: 'thin' | 'dense' | undefined; text: string }

function rowsOf({ title, items }: LegendGroup, look: LegendLook): Row[] {
  return [
    { kind: 'title', text: title },
    ...items.flatMap((item): Row[] => {
      if (item.kind !== 'ramp') return [{ kind: 'item', item }]
      return item.steps.map(({ colour, hatch, from, to }): Row => ({ kind: 'step', colour, hatch, text: `${from === to ? look.number(from) : `${look.number(from)} – ${look.number(to)}`}${item.unit ? ` ${item.unit}` : ''}` }))
    }),
  ]
}

function fillPatch(context: CanvasRenderingContext2D, left: number, middle: number, colour: string, hatch: 'thin' | 'dense' | undefined): void {
  const top = middle - 6
  context.save()
  context.beginPath()
  context.rect(left, top, PATCH, 12)
  context.clip()
  context.fillStyle = colour
  context.strokeStyle = colour
  if (!hatch) context.fillRect(left, top, PATCH, 12)
  context.lineWidth = hatch === 'dense' ? 2 : 1.2
  for (let at = left - 12; hatch && at < left + PATCH; at += hatch === 'dense' ? 4.5 : 5.5) {
    context.beginPath()
    context.moveTo(at, top + 12)
    context.lineTo(at + 12, top)
    context.stroke()
  }
  context.restore()
}

function drawMark(context: CanvasRenderingContext2D, item: Exclude<LegendItem, { kind: 'ramp' }>, left: number, middle: number): void {
  context.save()
  if (item.kind === 'fill') {
    context.globalAlpha = item.opacity ?? 1
    fillPatch(context, left, middle, item.colour, item.hatch)
    context.strokeStyle = item.outline ?? 'transparent'
    context.lineWidth = 1
    context.strokeRect(left + 0.5, middle - 5.5, PATCH - 1, 11)
  } else if (item.kind === 'line') {
    const stroke = (colour: string, width: number, dash: readonly number[] = []) => {
      context.strokeStyle = colour
      context.lineWidth = width
      context.setLineDash([...dash])
      context.beginPath()
      context.moveTo(left, middle)
      context.lineTo(left + PATCH, middle)
      context.stroke()
    }
    if (item.casing) stroke(item.casing, Math.min(item.width + 2, 10))
    stroke(item.colour, Math.min(item.width, 8), item.dash?.map((one) => one * Math.max(1, item.width)))
  } else {
    const size = Math.min(item.size, 16)
    if (item.ring) {
      context.strokeStyle = item.ring
      context.lineWidth = 1.6
      context.beginPath()
      context.arc(left + PATCH / 2, middle, 8, 0, 2 * Math.PI)
      context.stroke()
    }
    context.translate(left + PATCH / 2 - size / 2, middle - size / 2)
    context.scale(size / 24, size / 24)
    const shape = new Path2D(item.path)
    context.lineWidth = 2.4
    context.strokeStyle = item.colour
    context.fillStyle = item.colour
    if (item.hollow) context.stroke(shape)
    else context.fill(shape)
  }
  context.restore()
}

/** Draws the groups column by column; what finds no room is counted in the last line. */
export function drawLegend(context: CanvasRenderingContext2D, frame: Frame, groups: readonly LegendGroup[], look: LegendLook): void {
  const columns = Math.max(1, Math.floor(frame.width / COLUMN))
  const perColumn = Math.max(1, Math.floor(frame.height / ROW))
  const width = frame.width / columns
  let [column, line] = [0, 0]
  context.textBaseline = 'middle'
  context.textAlign = 'left'
  const write = (text: string, colour: string, font: string, left: number, middle: number) => {
    context.fillStyle = colour
    context.font = `${font} ${look.family}`
    context.fillText(text, left, middle, width - (left - frame.left - column * width) - 8)
  }
  for (const [index, group] of groups.entries()) {
    const rows = rowsOf(group, look)
    // A title does not stand alone at the foot of a column.
    if (line > 0 && line + Math.min(rows.length, 3) > perColumn) [column, line] = [column + 1, 0]
    for (const row of rows) {
      if (line >= perColumn) [column, line] = [column + 1, 0]
      if (column >= columns || (column === columns - 1 && line === perColumn - 1 && index < groups.length - 1)) {
        column = Math.min(column, columns - 1)
        write(look.more(groups.length - index), look.note, '400 11px', frame.left + column * width, frame.top + (perColumn - 0.5) * ROW)
        return
      }
      const left = frame.left + column * width
      const middle = frame.top + (line + 0.5) * ROW
      if (row.kind === 'title') write(row.text, look.text, '600 12px', left, middle)
      else {
        if (row.kind === 'item') drawMark(context, row.item, left, middle)
        else fillPatch(context, left, middle, row.colour, row.hatch)
        write(row.kind === 'item' ? look.label(row.item.label) : row.text, look.text, '400 12px', left + PATCH + 8, middle)
      }
      line += 1
    }
    line += line > 0 && line < perColumn ? 0.4 : 0
  }
}

/** The sheet as a picture: map, title, legend, scale, north, sources. */
import { drawLegend, type LegendGroup, type LegendLook } from './draw-legend.ts'
import { drawSides, type SheetSides, type SidesLook } from './draw-sides.ts'
import { type PageLayout, roundScale, scaleBar, scaleOf } from './page-layout.ts'

export interface PageTexts {
  title: string
  /** City, time and what is shown, under the title. */
  subtitle: string
  sources: string
  /** The words of the demo's badge; null for real data. */
  badge: string | null
  /** 比例尺 before 1 : n. */
  scale: string
  /** Two versions on either side of a seam; null without. */
  sides: SheetSides | null
}

export interface PageLook extends LegendLook, SidesLook {
  line: string
  badge: string
}

export interface PrintedMap {
  canvas: HTMLCanvasElement
  /** Metres of a CSS pixel in the middle. */
  metersPerPixel: number
  /** Degrees clockwise from north. */
  bearing: number
  isScaleChosen: boolean
}

function drawNorth(context: CanvasRenderingContext2D, x: number, y: number, bearing: number, { text, ground, family }: PageLook): void {
  context.save()
  context.translate(x, y)
  context.fillStyle = ground
  context.globalAlpha = 0.82
  context.beginPath()
  context.arc(0, 0, 22, 0, 2 * Math.PI)
  context.fill()
  context.globalAlpha = 1
  context.rotate((-bearing * Math.PI) / 180)
  context.fillStyle = text
  context.beginPath()
  context.moveTo(0, -9)
  context.lineTo(6, 14)
  context.lineTo(0, 9)
  context.lineTo(-6, 14)
  context.fill()
  context.font = `600 11px ${family}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText('N', 0, -15)
  context.restore()
}

/** A bar in two halves, with 1 : n before it. It stands below the sheet's map, at the left. */
function drawScale(context: CanvasRenderingContext2D, { notes }: PageLayout, { metersPerPixel, isScaleChosen }: PrintedMap, texts: PageTexts, look: PageLook): number {
  const { meters, width } = scaleBar(metersPerPixel, 150)
  const middle = notes.top + notes.height / 2 + 3
  const scale = scaleOf(metersPerPixel)
  const said = `${texts.scale} ${isScaleChosen ? '1' : '≈ 1'} : ${look.number(isScaleChosen ? Math.round(scale) : roundScale(scale))}`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillStyle = look.text
  context.font = `500 12px ${look.family}`
  context.fillText(said, notes.left, middle)
  const left = notes.left + context.measureText(said).width + 14
  context.strokeStyle = look.text
  context.lineWidth = 1
  context.strokeRect(left, middle - 3, width, 6)
  context.fillRect(left, middle - 3, width / 2, 6)
  context.font = `400 11px ${look.family}`
  const length = meters >= 1000 ? `${look.number(meters / 1000)} km` : `${look.number(meters)} m`
  context.fillText(length, left + width + 6, middle)
  return left + width + 6 + context.measureText(length).width + 24
}

/** @returns the sheet as PNG; throws when the browser cannot hold or encode it */
export async function drawPage(layout: PageLayout, map: PrintedMap, legend: readonly LegendGroup[], texts: PageTexts, look: PageLook): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(layout.width * layout.ratio)
  canvas.height = Math.round(layout.height * layout.ratio)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser offers no 2D canvas of that size.')
  context.scale(layout.ratio, layout.ratio)
  context.fillStyle = look.ground
  context.fillRect(0, 0, layout.width, layout.height)
  const { left, top, width, height } = layout.map
  context.drawImage(map.canvas, left, top, width, height)
  context.strokeStyle = look.line
  context.lineWidth = 1
  context.strokeRect(left, top, width, height)
  if (texts.sides) drawSides(context, layout.map, texts.sides, look)
  drawNorth(context, left + width - 34, top + 34, map.bearing, look)
  context.textBaseline = 'alphabetic'
  context.textAlign = 'left'
  context.fillStyle = look.text
  context.font = `600 22px ${look.family}`
  context.fillText(texts.title, layout.title.left, layout.title.top + 22, layout.title.width - 140)
  context.fillStyle = look.note
  context.font = `400 12px ${look.family}`
  context.fillText(texts.subtitle, layout.title.left, layout.title.top + 42, layout.title.width)
  if (texts.badge !== null) {
    context.textAlign = 'right'
    context.fillStyle = look.badge
    context.font = `600 13px ${look.family}`
    context.fillText(texts.badge, layout.title.left + layout.title.width, layout.title.top + 20)
  }
  if (layout.legend) drawLegend(context, layout.legend, legend, look)
  const from = drawScale(context, layout, map, texts, look)
  context.textAlign = 'right'
  context.fillStyle = look.note
  context.font = `400 11px ${look.family}`
  context.fillText(texts.sources, layout.notes.left + layout.notes.width, layout.notes.top + layout.notes.height / 2 + 3, Math.max(40, layout.notes.left + layout.notes.width - from))
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not encode the picture.'))), 'image/png'))
}

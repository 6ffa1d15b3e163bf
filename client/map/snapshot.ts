/** The map as a picture with its caption: whose city, when, from which sources, and that it is made up when it is. */
import type { Map as MapLibreMap } from 'maplibre-gl'

export interface SnapshotCaption {
  title: string
  sources: string
  /** The words of the demo's badge; null for real data. */
  badge: string | null
  colours: { ground: string; text: string; note: string; badge: string }
}

/** @returns a PNG of the map as it stands; throws when the browser cannot encode it */
export async function snapshotMap(map: MapLibreMap, caption: SnapshotCaption): Promise<Blob> {
  const source = map.getCanvas()
  const ratio = map.getPixelRatio()
  const strip = Math.round(36 * ratio)
  const canvas = document.createElement('canvas')
  canvas.width = source.width
  canvas.height = source.height + strip
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser offers no 2D canvas to draw the picture on.')
  // The drawing buffer is kept only until the task ends: draw and copy belong together.
  map.redraw()
  context.drawImage(source, 0, 0)
  context.fillStyle = caption.colours.ground
  context.fillRect(0, source.height, canvas.width, strip)
  context.textBaseline = 'middle'
  const middle = source.height + strip / 2
  const family = "'Inter Variable', 'Noto Sans SC Variable', sans-serif"
  const pad = 12 * ratio
  context.fillStyle = caption.colours.text
  context.font = `500 ${14 * ratio}px ${family}`
  context.fillText(caption.title, pad, middle)
  let left = pad + context.measureText(caption.title).width + pad
  if (caption.badge !== null) {
    context.fillStyle = caption.colours.badge
    context.fillText(caption.badge, left, middle)
    left += context.measureText(caption.badge).width + pad
  }
  context.fillStyle = caption.colours.note
  context.font = `400 ${12 * ratio}px ${family}`
  context.textAlign = 'right'
  context.fillText(caption.sources, canvas.width - pad, middle, Math.max(40, canvas.width - pad - left))
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not encode the picture.'))), 'image/png')
  })
}

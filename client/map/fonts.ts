/**
 * Map labels without a glyph server: MapLibre draws every glyph from our own web font. The font comes in about a hundred files by
 * range of characters; the style declares them all, and a file is fetched when the first character of its range is drawn.
 */
import type { FontFacesSpecification } from 'maplibre-gl'
import ranges from '@fontsource-variable/noto-sans-sc/unicode.json'

/** `text-font` of every label. */
export const FONT = ['Noto Sans SC Variable']

// Small files must not become data: addresses; the content policy lets fonts be fetched from this server only.
const FILES = import.meta.glob<string>('../../node_modules/@fontsource-variable/noto-sans-sc/files/*-wght-normal.woff2', { query: '?url&no-inline', import: 'default', eager: true })

/** Name of a file's range in unicode.json: `[104]` for numbered ones, else the name of a script. */
function rangeName(path: string): string {
  const name = /noto-sans-sc-(.+)-wght-normal\.woff2$/.exec(path)?.[1] ?? ''
  return /^\d+$/.test(name) ? `[${name}]` : name
}

/** The `font-faces` of the style. */
export function fontFaces(): FontFacesSpecification {
  const byRange: Record<string, string> = ranges
  const faces = Object.entries(FILES).flatMap(([path, url]) => {
    const range = byRange[rangeName(path)]
    return range === undefined ? [] : [{ url: new URL(url, document.baseURI).href, 'unicode-range': range.split(',') }]
  })
  return { [FONT[0]!]: faces }
}

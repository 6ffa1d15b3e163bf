import type { StyleSpecification } from 'maplibre-gl'
import { slotAnchor } from './slots.ts'

/** What a drawing tool puts on the map bears this at the front of its names. */
export const DRAWING_PREFIX = 'drawn'

/** The next style with what a drawing tool has put on the map since: a style of ours knows nothing of it and would take it away. */
export function withDrawnLayers(previous: StyleSpecification | undefined, next: StyleSpecification): StyleSpecification {
  const isDrawn = (name: string) => name.startsWith(DRAWING_PREFIX)
  const sources = Object.entries(previous?.sources ?? {}).filter(([name]) => isDrawn(name))
  if (!previous || sources.length === 0) return next
  const layers = previous.layers.filter(({ id }) => isDrawn(id))
  const anchor = next.layers.findIndex(({ id }) => id === slotAnchor('drawing'))
  const at = anchor < 0 ? next.layers.length : anchor
  return { ...next, sources: { ...next.sources, ...Object.fromEntries(sources) }, layers: [...next.layers.slice(0, at), ...layers, ...next.layers.slice(at)] }
}

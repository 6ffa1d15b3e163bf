/**
 * The levels of the map, bottom to top. Each ends in an invisible anchor layer of the style; whatever is drawn says which level it
 * belongs to, and what comes from outside the style (deck.gl, drawing tools) is put before that level's anchor.
 * The order so never depends on what was added first.
 */
export const SLOTS = ['ground', 'area', 'line', 'building', 'label', 'point', 'live', 'selection', 'drawing'] as const
export type Slot = (typeof SLOTS)[number]

/** Id of the anchor layer that closes a level. */
export function slotAnchor(slot: Slot): string {
  return `slot:${slot}`
}

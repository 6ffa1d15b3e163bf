import type { BlindSpot } from '../../server/contract/coverage.ts'
import { useSelectionStore } from '../stores/selection.ts'
import { useViewStore } from '../stores/view.ts'

/** A blind spot chosen or pointed at in a table is the same on the map, and the other way round. */
export function useBlindSpots() {
  const selection = useSelectionStore()
  const view = useViewStore()

  function open(spot: BlindSpot): void {
    selection.select({ kind: 'blind_spot', id: spot.id })
    view.wishBox(spot.boundingBox, 16)
  }

  function hover(spot: BlindSpot | null): void {
    selection.hover(spot ? { kind: 'blind_spot', id: spot.id } : null)
  }

  return { open, hover, selection }
}

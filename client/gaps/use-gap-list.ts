import { computed } from 'vue'
import type { GapRow, GapUnit } from '../../server/contract/management-gaps.ts'
import { selectedByGap, useGapsStore } from '../stores/gaps.ts'
import { useSelectionStore } from '../stores/selection.ts'
import { useViewStore } from '../stores/view.ts'

const ZOOM: Readonly<Record<GapUnit['level'], number>> = { cell: 15.5, community: 13.8, street: 12.5, feature: 16.5, layer: 11 }

/** A row of the list: one unit may be in it under two kinds, so that a row has a key of its own. */
export type ListedGap = GapRow & { unitId: string }

/** A unit chosen or pointed at in a list is the same on the map, and the other way round. */
export function useGapList() {
  const gaps = useGapsStore()
  const selection = useSelectionStore()
  const view = useViewStore()

  const rows = computed<ListedGap[]>(() => gaps.rows.map((row) => ({ ...row, unitId: row.id, id: `${row.kind} ${row.id}` })))
  const rowOf = (unitId: string | undefined): string | null => (unitId === undefined ? null : (rows.value.find((row) => row.unitId === unitId)?.id ?? null))
  const selectedId = computed(() => rowOf(selection.selected?.id))
  const hoveredId = computed(() => rowOf(selection.hovered?.id))

  function open(row: ListedGap): void {
    const selected = selectedByGap({ ...row, id: row.unitId })
    if (selected) selection.select(selected)
    if (row.center) view.wishCamera({ longitude: row.center[0], latitude: row.center[1], zoom: ZOOM[row.level] })
  }

  function hover(row: ListedGap | null): void {
    selection.hover(row ? selectedByGap({ ...row, id: row.unitId }) : null)
  }

  return { rows, selectedId, hoveredId, open, hover }
}

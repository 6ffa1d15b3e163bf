import { type ShallowRef, shallowRef, watch } from 'vue'
import { type FeatureRow, listFeatures } from '../../server/contract/layers.ts'
import { ApiError, call } from '../api.ts'
import { LABEL_KINDS, type LabelPoints, labelPoints } from './labels.ts'

const PAGE = 500
/** Beyond this many of a kind the smallest stay unnamed on the map; search and lists know them all. */
const MOST_PAGES = 4

async function rowsOf(city: string, kind: (typeof LABEL_KINDS)[number], signal: AbortSignal): Promise<FeatureRow[]> {
  const rows: FeatureRow[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const reply = await call(listFeatures, { params: { city, kind }, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } }, { signal })
    rows.push(...reply.rows)
    if (reply.nextCursor === null) break
    cursor = reply.nextCursor
  }
  return rows
}

/**
 * Names of the city's places; read again when one of their layers has a new version.
 * A kind that cannot be read leaves the map without its names, and says so in the browser's console.
 */
export function useLabelPoints(city: () => string | null, versions: () => Record<string, number>): ShallowRef<LabelPoints> {
  const points = shallowRef<LabelPoints>(labelPoints([]))
  watch(
    [city, () => LABEL_KINDS.map((kind) => versions()[kind] ?? 0).join()],
    async ([key], _before, onCleanup) => {
      if (key === null) {
        points.value = labelPoints([])
        return
      }
      const controller = new AbortController()
      onCleanup(() => controller.abort())
      const lists = await Promise.allSettled(LABEL_KINDS.map((kind) => rowsOf(key, kind, controller.signal)))
      if (controller.signal.aborted) return
      for (const list of lists) if (list.status === 'rejected') console.warn(`Some names are missing on the map: ${list.reason instanceof ApiError ? list.reason.message : String(list.reason)}`)
      points.value = labelPoints(lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : [])))
    },
    { immediate: true },
  )
  return points
}

import { computed, shallowRef, watch } from 'vue'
import { type FeatureRow, listFeatures } from '../../server/contract/layers.ts'
import { call } from '../api.ts'
import { useLoading } from '../stores/loading.ts'
import { useSessionStore } from '../stores/session.ts'

/** More areas than this are not offered as choices; the search finds them. */
const MOST_AREAS = 3_000

async function listAll(city: string, signal: AbortSignal): Promise<FeatureRow[]> {
  const rows: FeatureRow[] = []
  let cursor: string | undefined
  do {
    const page = await call(listFeatures, { params: { city, kind: 'administrative_areas' }, query: { limit: 500, ...(cursor === undefined ? {} : { cursor }) } }, { signal })
    rows.push(...page.rows)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined && rows.length < MOST_AREAS)
  return rows
}

export interface AreaOption {
  value: string
  label: string
  /** 0 county, 1 street, 2 community. */
  depth: number
}

/** Streets and communities of the session's city, each community under its street, as choices of the filter. */
export function useAreas() {
  const session = useSessionStore()
  const rows = shallowRef<FeatureRow[]>([])
  const loading = useLoading()
  watch(
    () => session.city?.key,
    (city) => {
      rows.value = []
      if (city !== undefined) {
        void loading.run(
          (signal) => listAll(city, signal),
          (found) => {
            rows.value = found
          },
        )
      }
    },
    { immediate: true },
  )
  const options = computed<AreaOption[]>(() =>
    rows.value
      .flatMap((row) => (row.code === null ? [] : [{ value: row.code, label: row.name ?? row.code, depth: row.code.endsWith('000000') ? 0 : row.code.endsWith('000') ? 1 : 2 }]))
      .sort((a, b) => a.value.localeCompare(b.value)),
  )
  return { options, status: loading.status }
}

import { refDebounced } from '@vueuse/core'
import { computed, ref, shallowRef, watch } from 'vue'
import { search, type SearchHit } from '../../server/contract/layers.ts'
import { call } from '../api.ts'
import { useLoading } from '../stores/loading.ts'
import { useSessionStore } from '../stores/session.ts'

const DEBOUNCE_MILLISECONDS = 180
const LIMIT = 20

export interface HitGroup {
  kind: SearchHit['kind']
  hits: { hit: SearchHit; index: number }[]
}

/** Hits by kind, kinds in the order of their best hit, numbered through as the keyboard walks them. */
export function groupHits(hits: readonly SearchHit[]): HitGroup[] {
  const groups = new Map<SearchHit['kind'], SearchHit[]>()
  for (const hit of hits) groups.set(hit.kind, [...(groups.get(hit.kind) ?? []), hit])
  let index = 0
  return [...groups].map(([kind, members]) => ({ kind, hits: members.map((hit) => ({ hit, index: index++ })) }))
}

/** Suggestions for what is being typed, asked for when the typing pauses; only the latest answer counts. */
export function useSearch() {
  const session = useSessionStore()
  const text = ref('')
  const settled = refDebounced(text, DEBOUNCE_MILLISECONDS)
  const hits = shallowRef<SearchHit[]>([])
  const askedFor = ref('')
  const loading = useLoading()

  async function ask(): Promise<void> {
    const wanted = text.value.trim()
    const city = session.city?.key
    if (wanted === '' || city === undefined) {
      loading.reset()
      hits.value = []
      askedFor.value = ''
      return
    }
    await loading.run(
      (signal) => call(search, { params: { city }, query: { text: wanted, limit: LIMIT } }, { signal, timeoutMilliseconds: 10_000 }),
      (reply) => {
        hits.value = reply.hits
        askedFor.value = wanted
      },
    )
  }

  watch(settled, () => void ask())
  watch(
    () => session.city?.key,
    () => {
      text.value = ''
      hits.value = []
    },
  )

  return { text, hits, askedFor, groups: computed(() => groupHits(hits.value)), status: loading.status, failure: loading.failure, ask }
}

import { refDebounced } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { listDraftDuplicates, type DuplicateList } from '../../server/contract/duplicates.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { getPlaceFacts } from '../../server/contract/facts.ts'
import { call } from '../api.ts'
import { useLoading } from '../stores/loading.ts'
import { useSessionStore } from '../stores/session.ts'
import { classOf, placeOf, type ReportDraft } from './report-draft.ts'

/** What the place of a draft says of a case of its class, and which open cases may be the same; asked whenever either changes. */
export function usePlaceAnswers(draft: ReportDraft) {
  const session = useSessionStore()
  const place = shallowRef<Reply<typeof getPlaceFacts> | null>(null)
  const similar = shallowRef<DuplicateList | null>(null)
  const loading = useLoading()
  const question = refDebounced(computed(() => `${draft.class} ${draft.coordinates}`), 200)

  async function ask(): Promise<void> {
    const city = session.city?.key
    const about = classOf(draft)
    const position = placeOf(draft.coordinates)
    place.value = null
    similar.value = null
    if (city === undefined || about === null || position === null) return loading.reset()
    const input = { params: { city }, query: { longitude: position[0], latitude: position[1], ...about } }
    await loading.run(
      (signal) => Promise.all([call(getPlaceFacts, input, { signal }), call(listDraftDuplicates, input, { signal })]),
      ([facts, list]) => {
        place.value = facts
        similar.value = list
      },
    )
  }
  watch(question, () => void ask(), { immediate: true })

  return { place, similar, status: loading.status, failure: loading.failure, ask }
}

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { exportReplay, replayRoutingRules, type REPLAY_EXPORT_FORMATS } from '../../server/contract/dispatch.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { call, callFile } from '../api.ts'
import { saveFile } from '../save-file.ts'
import { toInput } from '../dispatch/draft.ts'
import { useDispatchRulesStore } from './dispatch-rules.ts'
import { useLoading } from './loading.ts'

export type Replay = Reply<typeof replayRoutingRules>

const TIMEOUT_MILLISECONDS = 60_000

/** The past played through the draft of the rules. */
export const useDispatchReplayStore = defineStore('dispatch-replay', () => {
  const rules = useDispatchRulesStore()
  /** Instants; null for the server's own 30 days. */
  const from = ref<string | null>(null)
  const to = ref<string | null>(null)
  const replay = shallowRef<Replay | null>(null)
  const playedQuestion = ref('')
  const loading = useLoading()
  const exporting = useLoading()

  const question = computed(() => JSON.stringify([rules.city, rules.draftText, rules.version, from.value, to.value]))
  /** Nothing was changed since it was played. */
  const isCurrent = computed(() => replay.value !== null && playedQuestion.value === question.value)

  function body() {
    return { rules: toInput(rules.draft), ...(from.value === null ? {} : { from: from.value }), ...(to.value === null ? {} : { to: to.value }) }
  }

  function play(): Promise<boolean> {
    const city = rules.city
    if (city === null) return Promise.resolve(false)
    const asked = question.value
    return loading.run(
      (signal) => call(replayRoutingRules, { params: { city }, body: body() }, { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS }),
      (reply) => {
        replay.value = reply
        playedQuestion.value = asked
      },
    )
  }

  /** Fetches the replay of the draft as a file and hands it to the browser. */
  function exportFile(format: (typeof REPLAY_EXPORT_FORMATS)[number]): Promise<boolean> {
    const city = rules.city
    if (city === null) return Promise.resolve(false)
    return exporting.run(
      (signal) => callFile(exportReplay, { params: { city }, body: { ...body(), format } }, { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS }),
      saveFile,
    )
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    loading.reset()
    exporting.reset()
    replay.value = null
  }

  return { from, to, replay, isCurrent, status: loading.status, failure: loading.failure, exportStatus: exporting.status, exportFailure: exporting.failure, play, exportFile, clear }
})

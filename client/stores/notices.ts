import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export interface Notice {
  id: number
  kind: 'done' | 'problem' | 'waiting'
  text: string
  /** What can still be done about it: its word, and when the chance is over (ms since 1970, this machine's clock). */
  act?: { word: (secondsLeft: number) => string; until: number; run: () => void }
}

const SHOWN_MILLISECONDS = 6_000
const PROBLEM_MILLISECONDS = 12_000
const MOST = 4

/** What has just happened, said in passing at the edge of the page. Nothing that has to be read stands only here. */
export const useNoticesStore = defineStore('notices', () => {
  const notices = shallowRef<Notice[]>([])
  let last = 0

  function dismiss(id: number): void {
    notices.value = notices.value.filter((one) => one.id !== id)
  }

  /** @returns the notice's id, to take it away before its time. */
  function tell(kind: Notice['kind'], text: string, act?: Notice['act']): number {
    const id = ++last
    notices.value = [...notices.value.slice(1 - MOST), { id, kind, text, ...(act ? { act } : {}) }]
    const stays = act ? Math.max(0, act.until - Date.now()) : kind === 'problem' ? PROBLEM_MILLISECONDS : SHOWN_MILLISECONDS
    setTimeout(() => dismiss(id), stays)
    return id
  }

  return { notices, tell, dismiss }
})

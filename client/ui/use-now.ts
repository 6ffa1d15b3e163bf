import { useIntervalFn } from '@vueuse/core'
import { ref, type Ref } from 'vue'

/** This machine's time in ms since 1970, renewed every `everyMilliseconds`. */
export function useNowEvery(everyMilliseconds = 1_000): Ref<number> {
  const now = ref(Date.now())
  useIntervalFn(() => {
    now.value = Date.now()
  }, everyMilliseconds)
  return now
}

import { useMediaQuery } from '@vueuse/core'

/** Up to this width the console is laid out for a phone; the style sheets say the same. */
export const NARROW = '(max-width: 720px)'

export function useNarrow() {
  return useMediaQuery(NARROW)
}

export function isNarrow(): boolean {
  return window.matchMedia(NARROW).matches
}

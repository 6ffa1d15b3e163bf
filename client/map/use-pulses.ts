import { useRafFn } from '@vueuse/core'
import { type ShallowRef, shallowRef, watch } from 'vue'
import type { IncidentColumns } from '../stores/state.ts'
import { MOTION } from '../theme/tokens.ts'
import type { Pulse } from './build-deck-layers.ts'

/** Progress of a ring that stands still, where motion is not wanted. */
const STILL = 0.35

/**
 * One pulse of 600 ms for each incident that has just come, then nothing; drawn frame by frame only while one runs.
 * @param isReduced reduced motion: a still ring for the same time
 */
export function usePulses(fresh: () => readonly string[], columns: () => IncidentColumns | null, isReduced: () => boolean): ShallowRef<Pulse[]> {
  const pulses = shallowRef<Pulse[]>([])
  const began = new Map<string, { at: number; position: [number, number] }>()
  const seen = new Set<string>()

  const { pause, resume } = useRafFn(
    () => {
      const now = performance.now()
      for (const [id, { at }] of began) if (now - at >= MOTION.pulse) began.delete(id)
      pulses.value = [...began.values()].map(({ at, position }) => ({ position, progress: isReduced() ? STILL : Math.min(1, (now - at) / MOTION.pulse) }))
      if (began.size === 0) pause()
    },
    { immediate: false },
  )

  watch(fresh, (ids) => {
    for (const id of seen) if (!ids.includes(id)) seen.delete(id)
    const held = columns()
    if (!held) return
    for (const id of ids) {
      if (seen.has(id)) continue
      seen.add(id)
      const row = held.ids.indexOf(id)
      const [longitude, latitude] = [held.positions[row * 2], held.positions[row * 2 + 1]]
      if (row < 0 || longitude === undefined || latitude === undefined || Number.isNaN(longitude)) continue
      began.set(id, { at: performance.now(), position: [longitude, latitude] })
    }
    if (began.size > 0) resume()
  })

  return pulses
}

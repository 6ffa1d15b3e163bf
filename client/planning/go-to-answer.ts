import { watch } from 'vue'
import { usePlanningStore } from '../stores/planning.ts'
import { useSessionStore } from '../stores/session.ts'
import { useViewStore } from '../stores/view.ts'
import { boxOfAnswer } from './answer-box.ts'

const NEAREST_ZOOM = 16

/** Takes the map to the answer of the open run as soon as its picture is there, unless another run is opened first or the answer is still under way: nobody waits at the link for that long. */
export function goToAnswer(): void {
  const planning = usePlanningStore()
  const { runId: id } = planning
  if (planning.run?.status !== 'finished') return
  const stop = watch(
    [() => planning.drawing, () => planning.runId],
    ([drawing, now]) => {
      if (now === id && !drawing) return
      stop()
      const box = now === id && drawing ? boxOfAnswer(drawing, useSessionStore().city?.boundingBox ?? null) : null
      if (box) useViewStore().wishBox(box, NEAREST_ZOOM)
    },
  )
}

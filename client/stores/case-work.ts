import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { ACTION_LABELS } from '../../server/contract/incident-workflow.ts'
import { getWorkflowSettings, type Incident, type IncidentAction, type IncidentTransition, transitionIncident, type WorkflowSettings } from '../../server/contract/incidents.ts'
import { ApiError, call } from '../api.ts'
import { useSelectionStore } from './selection.ts'

export type Deed = Omit<IncidentTransition, 'version' | 'action'>

/** What is being done with the chosen case: which action's form stands open, and the sending of it. */
export const useCaseWorkStore = defineStore('case-work', () => {
  const started = ref<IncidentAction | null>(null)
  const isSending = ref(false)
  /** How the city organises the flow: whether steps have to be proved by photographs, and who files. */
  const settings = shallowRef<WorkflowSettings | null>(null)
  let settingsOf = ''

  function start(action: IncidentAction): void {
    started.value = action
  }

  function stop(): void {
    started.value = null
  }

  async function loadSettings(city: string): Promise<void> {
    if (settingsOf === city) return
    settings.value = await call(getWorkflowSettings, { params: { city } })
    settingsOf = city
  }

  /**
   * Does an action on a case as it was seen; the answer takes its place in the selection.
   * @throws ApiError; after `stale` the case has been read again, so that the reader sees what came between.
   */
  async function act(city: string, incident: Pick<Incident, 'id' | 'version'>, action: IncidentAction, deed: Deed): Promise<Incident> {
    const selection = useSelectionStore()
    isSending.value = true
    try {
      const reply = await call(transitionIncident, { params: { city, id: incident.id }, body: { action, version: incident.version, ...deed } })
      if (selection.selected?.id === incident.id) selection.incident = reply
      stop()
      return reply
    } catch (error) {
      if (error instanceof ApiError && (error.code === 'stale' || error.code === 'illegal_transition') && selection.selected?.id === incident.id) await selection.loadDetail(city)
      throw error
    } finally {
      isSending.value = false
    }
  }

  return { started, isSending, settings, start, stop, loadSettings, act }
})

/** The last step of a case in words, for telling who came first. */
export function lastStep(incident: Incident): { who: string; what: { zh: string; en: string } } | null {
  const entry = incident.flow.at(-1)
  if (!entry) return null
  const labels: Record<string, { zh: string; en: string }> = ACTION_LABELS
  return { who: entry.actor, what: labels[entry.action] ?? { zh: entry.action, en: entry.action } }
}

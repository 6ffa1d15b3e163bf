import type { IncidentSummary } from '../../server/contract/incidents.ts'
import { useSelectionStore } from '../stores/selection.ts'
import { useViewStore } from '../stores/view.ts'

/** What every row of incidents offers: 详情 opens it in the inspector, 定位 flies there as well. */
export function useOpenIncident() {
  const selection = useSelectionStore()
  const view = useViewStore()

  function open(incident: IncidentSummary): void {
    selection.select({ kind: 'incidents', id: incident.id })
  }

  function locate(incident: IncidentSummary): void {
    open(incident)
    if (incident.position) view.wishPoint(incident.position)
  }

  function hover(incident: IncidentSummary | null): void {
    selection.hover(incident ? { kind: 'incidents', id: incident.id } : null)
  }

  return { open, locate, hover, selection }
}

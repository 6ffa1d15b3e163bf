/** The keys of the workbench: up and down the list, open, tick, and the actions of the chosen case. */
import { computed } from 'vue'
import { ACTION_LABELS } from '../../server/contract/incident-workflow.ts'
import { ACTION_KEYS, actionOfKey } from '../cases/case-actions.ts'
import { type Shortcut, useShortcuts } from '../frame/use-shortcuts.ts'
import { useWords } from '../i18n/use-words.ts'
import { useCaseWorkStore } from '../stores/case-work.ts'
import { useIncidentsStore } from '../stores/incidents.ts'
import { useNoticesStore } from '../stores/notices.ts'
import { useSelectionStore } from '../stores/selection.ts'
import { useSessionStore } from '../stores/session.ts'

/** Steps through the list from what is chosen; at its end the next page is read. */
export function useCaseSteps() {
  const incidents = useIncidentsStore()
  const selection = useSelectionStore()
  const session = useSessionStore()
  const index = computed(() => incidents.rows.findIndex((one) => one.id === selection.selected?.id))

  function step(by: 1 | -1): string | null {
    const { rows } = incidents
    // A case that left the queue is no longer in the list: one goes on from its top.
    const at = index.value < 0 ? (by > 0 ? 0 : rows.length - 1) : index.value + by
    const next = rows[at]
    if (!next) return null
    if (at > rows.length - 5 && session.city) void incidents.loadMore(session.city.key)
    selection.select({ kind: 'incidents', id: next.id })
    return next.id
  }

  return { index, step }
}

export function useCaseKeys(more: readonly Shortcut[]): void {
  const selection = useSelectionStore()
  const work = useCaseWorkStore()
  const notices = useNoticesStore()
  const { t, label } = useWords()

  function begin(key: string): void {
    const { incident } = selection
    if (!incident) return void notices.tell('problem', t('workbench.noneChosen'))
    const choice = actionOfKey(key, incident.actions)
    if (!choice) return
    if (choice.allowed) return work.start(choice.action)
    notices.tell('problem', t('workbench.noKey', { name: label(ACTION_LABELS[choice.action]), why: choice.reason ? label(choice.reason) : '' }))
  }

  useShortcuts([...ACTION_KEYS.map(({ key }) => ({ key, run: () => begin(key) })), ...more])
}

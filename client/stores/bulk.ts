import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Reply } from '../../server/contract/endpoint.ts'
import type { IncidentAction, IncidentSummary } from '../../server/contract/incidents.ts'
import { type BulkTransition, bulkTransition, undoBulk } from '../../server/contract/workbench.ts'
import { call } from '../api.ts'

export type BulkReply = Reply<typeof bulkTransition>
export type BulkDeed = Omit<BulkTransition, 'cases' | 'action'>

/** One of many cases that was not done, with the sentence why. */
export interface Refused {
  incident: Pick<IncidentSummary, 'id' | 'reportNumber' | 'caseNumber' | 'classKind' | 'classCode' | 'className'>
  reason: string
}

/** A step on many cases at once, and the taking back of it while that is possible. */
export const useBulkStore = defineStore('bulk', () => {
  const isSending = ref(false)
  const refused = shallowRef<Refused[]>([])

  function remember(incidents: readonly IncidentSummary[], outcomes: BulkReply['outcomes']): number {
    const byId = new Map(incidents.map((one) => [one.id, one]))
    refused.value = outcomes.flatMap((one) => {
      const incident = byId.get(one.id)
      return one.outcome === 'refused' && incident ? [{ incident, reason: one.reason ?? '' }] : []
    })
    return outcomes.filter((one) => one.outcome === 'done').length
  }

  /** @returns how many were done, and what takes them back. */
  async function act(city: string, action: IncidentAction, deed: BulkDeed, incidents: readonly IncidentSummary[]): Promise<{ done: number; undo: BulkReply['undo'] }> {
    isSending.value = true
    try {
      const reply = await call(bulkTransition, { params: { city }, body: { action, ...deed, cases: incidents.map(({ id, version }) => ({ id, version })) } })
      return { done: remember(incidents, reply.outcomes), undo: reply.undo }
    } finally {
      isSending.value = false
    }
  }

  /** @returns how many are again where they were. */
  async function undo(city: string, id: string, incidents: readonly IncidentSummary[]): Promise<number> {
    const reply = await call(undoBulk, { params: { city, id } })
    return remember(incidents, reply.outcomes)
  }

  function forget(): void {
    refused.value = []
  }

  return { isSending, refused, act, undo, forget }
})

import { describe, expect, test } from 'vitest'
import { stageMarks } from '../../../client/cases/stages.ts'
import type { IncidentFlowEntry, IncidentState } from '../../../server/contract/incidents.ts'

function flow(...states: IncidentState[]): IncidentFlowEntry[] {
  return states.map((toState, index) => ({ sequence: index + 1, action: 'x', operation: 'forward', fromState: states[index - 1] ?? null, toState, actor: 'someone', actorRole: null, receiver: null, at: `2026-11-23T0${index}:00:00Z`, opinion: null, stage: null, spentMilliseconds: null, wasOverdue: null }))
}

const told = (state: IncidentState, ...states: IncidentState[]) => stageMarks({ state, flow: flow(...states) }).map((mark) => mark.state)

describe('the six stages of a case', () => {
  test('a case that is being handled has been reported, filed and dispatched', () => {
    expect(told('disposing', 'pending_accept', 'pending_filing', 'pending_dispatch', 'pending_dispose', 'disposing')).toEqual(['done', 'done', 'done', 'now', 'todo', 'todo'])
  })
  test('a closed case is done throughout', () => {
    expect(told('closed', 'pending_accept', 'pending_filing', 'pending_dispatch', 'pending_dispose', 'disposing', 'disposed', 'pending_check', 'pending_close', 'closed')).toEqual(['done', 'done', 'done', 'done', 'done', 'done'])
  })
  test('a case sent back for rework has its check open again', () => {
    expect(told('pending_dispose', 'pending_accept', 'pending_filing', 'pending_dispatch', 'pending_dispose', 'disposing', 'disposed', 'pending_check', 'pending_dispose')).toEqual(['done', 'done', 'done', 'now', 'todo', 'todo'])
  })
  test('a refused case never went beyond filing', () => {
    expect(told('not_filed', 'pending_accept', 'pending_filing', 'not_filed')).toEqual(['done', 'ended', 'todo', 'todo', 'todo', 'todo'])
  })
  test('a case closed specially leaves out what it skipped', () => {
    expect(told('closed_special', 'pending_accept', 'pending_filing', 'pending_dispatch', 'closed_special')).toEqual(['done', 'done', 'done', 'todo', 'todo', 'done'])
  })
})

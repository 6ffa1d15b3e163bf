import { describe, expect, test } from 'vitest'
import { bulkActions } from '../../../client/workbench/bulk-actions.ts'
import { transitionOf } from '../../../server/contract/incidents.ts'

describe('steps on many cases at once', () => {
  test('an operator accepts many reports, and files none of them together: each has its own condition', () => {
    const actions = bulkActions(['pending_accept'], new Set(['operator']))
    expect(actions[0]).toBe('send_verify')
    expect(actions).toContain('accept')
    expect(bulkActions(['pending_filing'], new Set(['operator']))).not.toContain('file')
  })
  test('cases at different stages share only what all of them allow', () => {
    const actions = bulkActions(['pending_accept', 'pending_check'], new Set(['operator']))
    expect(actions).toEqual(['urge'])
    for (const action of actions) expect(transitionOf(action).from).toEqual(expect.arrayContaining(['pending_accept', 'pending_check']))
  })
  test('nobody is offered what his post does not do', () => {
    expect(bulkActions(['pending_dispatch'], new Set(['viewer']))).toEqual([])
    expect(bulkActions([], new Set(['operator']))).toEqual([])
  })
})

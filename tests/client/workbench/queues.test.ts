import { describe, expect, test } from 'vitest'
import { conditionsBeside, filterOfQueue, firstQueue, queueOfFilter, splitQueues } from '../../../client/workbench/queues.ts'
import { tidyFilter } from '../../../client/stores/incident-filter.ts'
import { QueueKey } from '../../../server/contract/queues.ts'

describe('the queues of the workbench', () => {
  test('taking up a queue keeps the other conditions and forgets the queue before', () => {
    const before = { text: '井盖', areas: '420100001000', ...filterOfQueue('verifying') }
    const after = tidyFilter({ ...before, ...filterOfQueue('pending_filing') })
    expect(after).toEqual({ text: '井盖', areas: '420100001000', queue: 'pending_filing' })
    expect(conditionsBeside(after)).toEqual({ text: '井盖', areas: '420100001000' })
  })
  test.each([...QueueKey.options, null])('the filter of %s is told as itself', (key) => {
    expect(queueOfFilter(tidyFilter(filterOfQueue(key)))).toBe(key)
  })
  test('a filter of somebody’s own is no queue', () => {
    expect(queueOfFilter({ status: 'overdue' })).toBeUndefined()
    expect(queueOfFilter({ status: 'open', states: 'closed' })).toBeUndefined()
  })
  test('everybody begins with his own work', () => {
    expect(firstQueue(new Set(['operator']))).toBe('pending_accept')
    expect(firstQueue(new Set(['dispatcher']))).toBe('pending_dispatch')
    expect(firstQueue(new Set(['disposal_person']))).toBe('pending_dispose')
    expect(firstQueue(new Set(['viewer']))).toBeNull()
  })
  test('every queue stands in the rail once; nobody without work is shown “mine”', () => {
    const { mine, others } = splitQueues(new Set(['dispatcher']))
    expect([...mine, ...others].sort()).toEqual([...QueueKey.options].sort())
    expect(splitQueues(new Set(['viewer'])).mine).toEqual([])
    expect(splitQueues(new Set(['viewer'])).others).not.toContain('mine')
  })
})

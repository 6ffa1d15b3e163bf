import { describe, expect, test } from 'vitest'
import { ENDED_STATES, IncidentAction, IncidentState, TRANSITIONS } from '../../../server/contract/incidents.ts'
import { ACTION_LABELS, isEnded, nextState, STATE_LABELS } from '../../../server/contract/incident-workflow.ts'
import { defaultCalendar } from '../../../server/incidents/clocks.ts'
import { allowedActions, type CaseFacts, decide } from '../../../server/incidents/workflow.ts'

const CALENDAR = defaultCalendar('Asia/Shanghai')
const NOW = new Date('2026-11-23T02:00:00Z')
const LIMIT = { amount: 2, unit: 'urgent_hour' } as const
const facts = (state: IncidentState): CaseFacts => ({ state, caseNumber: null, department: null, dueAt: null, filedAt: null, suspendedAt: null, limit: LIMIT, conditions: [{ ordinal: 1, limit: LIMIT }] })
const request = (action: IncidentAction) => ({ action, actor: '甲', opinion: '理由', conditionOrdinal: 1, department: '环卫中心' })

describe('the table of transitions', () => {
  test('names every action once, and every state and action has its words', () => {
    expect(TRANSITIONS.map(({ action }) => action).sort()).toEqual([...IncidentAction.options].sort())
    for (const label of [...Object.values(STATE_LABELS), ...Object.values(ACTION_LABELS)]) expect([label.zh, label.en].every((text) => text.length > 0)).toBe(true)
  })

  test('every state is reached from the draft, every state that has not ended leads on, and from each an end is reached', () => {
    const reach = (from: IncidentState): Set<IncidentState> => {
      const found = new Set<IncidentState>([from])
      for (const state of found) for (const { allowed, to } of allowedActions(state)) if (allowed) found.add(to)
      return found
    }
    expect(reach('draft').size).toBe(IncidentState.options.length)
    for (const state of IncidentState.options) {
      expect(allowedActions(state).some(({ allowed }) => allowed)).toBe(!isEnded(state))
      expect([...reach(state)].some(isEnded)).toBe(true)
    }
    expect(IncidentState.options.filter(isEnded).sort()).toEqual([...ENDED_STATES].sort())
  })

  test.each(IncidentState.options)('in “%s” every action is either done as the table says or refused with a reason in both languages', (state) => {
    for (const choice of allowedActions(state)) {
      expect(choice.allowed).toBe(nextState(state, choice.action) !== undefined)
      expect(choice.reason === null).toBe(choice.allowed)
      if (choice.allowed) {
        const decision = decide(facts(state), request(choice.action), NOW, CALENDAR)
        expect(decision.to).toBe(choice.to)
        expect(decision.endedAt !== undefined).toBe(isEnded(choice.to))
      } else {
        expect(() => decide(facts(state), request(choice.action), NOW, CALENDAR)).toThrow(expect.objectContaining({ code: 'illegal_transition' }))
        expect(choice.reason?.zh).toMatch(/\p{Script=Han}/u)
        expect(choice.reason?.en).toMatch(/^[\x20-\x7e“”]+$/)
      }
    }
  })

  test('the limit of handling starts with the dispatch and the rework, and nowhere else', () => {
    const starts = IncidentState.options.flatMap((state) => allowedActions(state).filter(({ allowed, action }) => allowed && decide(facts(state), request(action), NOW, CALENDAR).dueAt).map(({ action }) => action))
    expect([...new Set(starts)].sort()).toEqual(['dispatch', 'rework'])
  })
})

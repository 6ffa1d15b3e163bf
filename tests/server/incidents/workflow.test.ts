import { describe, expect, test } from 'vitest'
import { allowedActions, type Actor, type CaseSituation, REOPENABLE_STATES, reopeningRefusal } from '../../../server/contract/incident-actions.ts'
import { ACTION_LABELS, isEnded, nextState, STATE_LABELS } from '../../../server/contract/incident-workflow.ts'
import { ENDED_STATES, FlowAction, IncidentAction, IncidentState, TRANSITIONS } from '../../../server/contract/incidents.ts'
import type { Role } from '../../../server/contract/permissions.ts'
import { decide, requestsLeftBehind } from '../../../server/incidents/workflow.ts'

const NOW = Date.parse('2026-11-23T02:00:00Z')
const DEPARTMENT = 'sanitation'
const SYSTEM: Actor = { kind: 'system', id: null, posts: [{ role: 'system', cityKey: null, organisation: null, areaCode: null }] }

const aCase = (parts: Partial<CaseSituation> = {}): CaseSituation => ({
  cityKey: 'city', state: 'pending_accept', countyCode: '420101000000', streetCode: '420101001000', communityCode: '420101001002', departmentPath: [DEPARTMENT, 'bureau'], holderId: null, holder: null,
  reporterId: 'reporter', disposerId: null, checkerId: null, requests: [], openSupervisions: 0, reworkCount: 0, hasFailedCheck: false, wasLate: false, returnUntil: NOW + 1000, filingRole: 'shift_leader', allowsPhotoCheck: true, ...parts,
})

const somebody = (role: Role, parts: { id?: string; areaCode?: string; organisation?: string; cityKey?: string } = {}): Actor => ({
  kind: 'person', id: parts.id ?? `a ${role}`,
  posts: [{ role, cityKey: parts.cityKey ?? 'city', areaCode: parts.areaCode ?? null, organisation: parts.organisation === undefined ? null : { id: parts.organisation, code: 'X', nameZh: '部门', nameEn: 'Department' } }],
})

const choose = (one: CaseSituation, actor: Actor, action: IncidentAction, now = NOW) => allowedActions(one, actor, now).find((choice) => choice.action === action)

describe('the table of transitions', () => {
  test('names every action once, numbers all 26 rows of the standard sequence, and every state and action has its words', () => {
    expect(TRANSITIONS.map(({ action }) => action).sort()).toEqual([...IncidentAction.options].sort())
    expect([...new Set(TRANSITIONS.map(({ number }) => number))].sort((a, b) => a - b)).toEqual(Array.from({ length: 26 }, (_, index) => index + 1))
    expect(Object.keys(ACTION_LABELS).sort()).toEqual([...FlowAction.options].sort())
    for (const label of [...Object.values(STATE_LABELS), ...Object.values(ACTION_LABELS)]) expect([label.zh, label.en].every((text) => text.length > 0)).toBe(true)
  })

  test('every state is reached from the draft, every state that has not ended leads on, and from each an end is reached', () => {
    const leads = (state: IncidentState) => IncidentAction.options.flatMap((action) => nextState(state, action) ?? [])
    const reach = (from: IncidentState): Set<IncidentState> => {
      const found = new Set<IncidentState>([from])
      for (const state of found) for (const to of leads(state)) found.add(to)
      return found
    }
    expect(reach('draft').size).toBe(IncidentState.options.length)
    for (const state of IncidentState.options) {
      expect(leads(state).some((to) => to !== state)).toBe(!isEnded(state))
      expect([...reach(state)].some(isEnded)).toBe(true)
    }
    expect(IncidentState.options.filter(isEnded).sort()).toEqual([...ENDED_STATES].sort())
  })

  test('after a return the dispatcher can dispatch again, return to filing, or press; nothing else', () => {
    const own = allowedActions(aCase({ state: 'pending_dispatch' }), somebody('dispatcher'), NOW).filter(({ allowed }) => allowed).map(({ action }) => action)
    expect(own).toEqual(['dispatch', 'return_to_filing', 'urge'])
    expect(allowedActions(aCase({ state: 'pending_filing' }), somebody('dispatcher'), NOW).filter(({ allowed }) => allowed).map(({ action }) => action)).toEqual(['urge'])
  })

  test('turning back, refusing and reworking need a reason; refusing one of the listed reasons; closing its condition; filing a condition', () => {
    const needs = (action: IncidentAction) => TRANSITIONS.find((row) => row.action === action)?.needs
    for (const row of TRANSITIONS) if (['return', 'rework', 'revoke'].includes(row.operation)) expect([row.action, row.needs.includes('opinion')]).toEqual([row.action, true])
    expect(needs('refuse')).toEqual(['refusal_reason', 'opinion'])
    expect(needs('close')).toContain('closing')
    expect(needs('file')).toContain('condition')
  })
})

describe('who may do what', () => {
  test.each(IncidentState.options)('in “%s” everything is either allowed to the program as the table says, or refused with a reason in both languages', (state) => {
    for (const choice of allowedActions(aCase({ state, openSupervisions: 1, wasLate: true }), SYSTEM, NOW)) {
      if (nextState(state, choice.action) === undefined) expect([choice.action, choice.obstacle]).toEqual([choice.action, 'state'])
      expect(choice.reason === null).toBe(choice.allowed)
      if (choice.reason) {
        expect(choice.reason.zh).toMatch(/\p{Script=Han}/u)
        expect(choice.reason.en).toMatch(/^[\x20-\x7e“”’]+$/)
      } else expect(choice.to).toBe(nextState(state, choice.action))
    }
  })

  test.each(TRANSITIONS.map((row) => [row.action, row] as const))('“%s” is refused to every role it is not for, with the roles it is for', (action, row) => {
    const state = row.from[0] ?? 'draft'
    for (const role of ['collector', 'operator', 'shift_leader', 'dispatcher', 'department_manager', 'disposal_person', 'checker', 'leader', 'evaluator', 'viewer'] as const) {
      if (row.roles.includes(role)) continue
      expect([role, choose(aCase({ state }), somebody(role, { organisation: DEPARTMENT, id: 'reporter' }), action)?.obstacle]).toEqual([role, 'role'])
    }
  })

  test('a collector acts in his area only, wherever its border is drawn', () => {
    const verifying = aCase({ state: 'verifying' })
    for (const areaCode of ['420101', '420101001', '420101001000', '420101001002']) expect(choose(verifying, somebody('collector', { areaCode }), 'verify_true')?.allowed).toBe(true)
    for (const areaCode of ['420102', '420101002', '420101001003']) expect(choose(verifying, somebody('collector', { areaCode }), 'verify_true')?.obstacle).toBe('area')
    expect(choose(aCase({ state: 'verifying', countyCode: null, streetCode: null, communityCode: null }), somebody('collector', { areaCode: '4' }), 'verify_true')?.obstacle).toBe('area')
    expect(choose(verifying, somebody('collector', { cityKey: 'another' }), 'verify_true')?.obstacle).toBe('role')
  })

  test('a department acts on its own cases and those of the bodies below it', () => {
    const waiting = aCase({ state: 'pending_dispose' })
    expect(choose(waiting, somebody('department_manager', { organisation: DEPARTMENT }), 'sign')?.allowed).toBe(true)
    expect(choose(waiting, somebody('department_manager', { organisation: 'bureau' }), 'sign')?.allowed).toBe(true)
    expect(choose(waiting, somebody('department_manager', { organisation: 'parks' }), 'sign')?.obstacle).toBe('department')
    expect(choose(waiting, somebody('department_manager'), 'sign')?.obstacle).toBe('department')
  })

  test('only whoever has a case hands in its result; while nobody has it by name, any of the department', () => {
    const hand = (holderId: string | null) => choose(aCase({ state: 'disposing', holderId, holder: '老李' }), somebody('disposal_person', { id: 'me', organisation: DEPARTMENT }), 'submit_result')
    expect(hand('me')?.allowed).toBe(true)
    expect(hand(null)?.allowed).toBe(true)
    expect(hand('other')).toMatchObject({ obstacle: 'holder', reason: { zh: expect.stringContaining('老李') } })
  })

  test.each([
    ['submit_result', 'disposing', 'disposal_person', 'reporterId'], ['confirm', 'disposed', 'department_manager', 'disposerId'], ['check_passed', 'checking', 'collector', 'reporterId'],
    ['check_passed', 'checking', 'checker', 'disposerId'], ['accept_on_evidence', 'pending_check', 'operator', 'disposerId'], ['accept_on_evidence', 'pending_check', 'operator', 'reporterId'],
    ['close', 'pending_close', 'shift_leader', 'checkerId'], ['close', 'pending_close', 'shift_leader', 'disposerId'], ['close', 'pending_close', 'shift_leader', 'reporterId'], ['verify_true', 'verifying', 'collector', 'reporterId'],
  ] as const)('nobody judges his own work: “%s” by whoever is %3$s', (action, state, role, part) => {
    const me = somebody(role, { id: 'me', organisation: DEPARTMENT })
    expect(choose(aCase({ state }), me, action)?.allowed).toBe(true)
    expect(choose(aCase({ state, [part]: 'me' }), me, action)?.obstacle).toBe('own_work')
  })

  test('who files and closes is the city’s own: the shift leader by the standard, the operator too where the city says so', () => {
    for (const [action, state] of [['file', 'pending_filing'], ['close', 'pending_close']] as const) {
      for (const filingRole of ['operator', 'shift_leader'] as const) {
        expect(choose(aCase({ state, filingRole }), somebody('operator'), action)?.allowed).toBe(filingRole === 'operator')
        expect(choose(aCase({ state, filingRole }), somebody('shift_leader'), action)?.allowed).toBe(true)
      }
    }
  })

  test('a department returns a case within its window, not later, and never one that came back for rework', () => {
    const manager = somebody('department_manager', { organisation: DEPARTMENT })
    const waiting = { state: 'pending_dispose', returnUntil: NOW } as const
    expect(choose(aCase(waiting), manager, 'return_to_dispatch')?.allowed).toBe(true)
    expect(choose(aCase(waiting), manager, 'return_to_dispatch', NOW + 1)?.obstacle).toBe('rule')
    expect(choose(aCase({ ...waiting, reworkCount: 1 }), manager, 'return_to_dispatch')?.obstacle).toBe('rule')
  })

  test('an extension goes from the department through the dispatcher to the leader, each another person', () => {
    const ask = (status: 'asked' | 'endorsed' | null) => aCase({ state: 'disposing', requests: status === null ? [] : [{ kind: 'extension', status, askedById: 'asker', endorsedById: status === 'endorsed' ? 'passer' : null }] })
    expect(choose(ask(null), somebody('leader'), 'extend')?.obstacle).toBe('request')
    expect(choose(ask('asked'), somebody('leader'), 'extend')?.obstacle).toBe('request')
    expect(choose(ask('asked'), somebody('dispatcher'), 'endorse_extension')?.allowed).toBe(true)
    expect(choose(ask('asked'), somebody('dispatcher', { id: 'asker' }), 'endorse_extension')?.obstacle).toBe('request')
    expect(choose(ask('endorsed'), somebody('leader'), 'extend')?.allowed).toBe(true)
    expect(choose(ask('endorsed'), somebody('leader', { id: 'passer' }), 'extend')?.obstacle).toBe('request')
    expect(choose(ask('endorsed'), somebody('disposal_person', { organisation: DEPARTMENT }), 'request_extension')?.obstacle).toBe('request')
    expect(choose({ ...ask(null), wasLate: true }, somebody('disposal_person', { organisation: DEPARTMENT }), 'request_extension')?.obstacle).toBe('rule')
  })

  test('overtime is appealed once, after closing, and only where there was any', () => {
    const manager = somebody('department_manager', { organisation: DEPARTMENT })
    expect(choose(aCase({ state: 'closed', wasLate: true }), manager, 'request_appeal')?.allowed).toBe(true)
    expect(choose(aCase({ state: 'closed' }), manager, 'request_appeal')?.obstacle).toBe('rule')
    for (const status of ['refused', 'approved'] as const) {
      expect(choose(aCase({ state: 'closed', wasLate: true, requests: [{ kind: 'appeal', status, askedById: 'x', endorsedById: null }] }), manager, 'request_appeal')?.obstacle).toBe('request')
    }
  })

  test('what a failed check found is not accepted on photographs, nor is a class that has to be seen', () => {
    const look = (parts: Partial<CaseSituation>) => choose(aCase({ state: 'pending_check', ...parts }), somebody('operator'), 'accept_on_evidence')
    expect(look({})?.allowed).toBe(true)
    expect(look({ hasFailedCheck: true })?.obstacle).toBe('rule')
    expect(look({ allowsPhotoCheck: false })?.obstacle).toBe('rule')
  })

  test('whoever reported it withdraws it before filing; for a citizen without an account the operator does', () => {
    expect(choose(aCase(), somebody('collector', { id: 'reporter' }), 'withdraw')?.allowed).toBe(true)
    expect(choose(aCase(), somebody('operator'), 'withdraw')?.obstacle).toBe('holder')
    expect(choose(aCase({ reporterId: null }), somebody('operator'), 'withdraw')?.allowed).toBe(true)
    expect(choose(aCase({ state: 'pending_dispatch' }), somebody('collector', { id: 'reporter' }), 'withdraw')?.obstacle).toBe('state')
  })
})

describe('what a step sets', () => {
  const facts = { state: 'disposing', caseNumber: 'AJ-1', department: { number: 7, name: '环卫中心' }, departmentName: '环卫中心', holder: { number: 3, name: '老李' }, reporterNumber: 1, disposer: {}, filedAt: null, reworkCount: 0, returnCount: 0, supervisionCount: 0 } as const
  const inputs = { actor: { number: 3, name: '老李' }, receiver: null, department: null, masterNumber: null, caseClass: null, conditionOrdinal: null, request: {}, specialKind: null }
  const at = new Date(NOW)

  test('whoever hands in the result is the one who handled it, and gets it back when it is sent back', () => {
    const { to, change } = decide('submit_result', facts, inputs, at)
    expect([to, change.disposerId, change.holder, change.holderId]).toEqual(['disposed', 3, '环卫中心', null])
    expect(decide('send_back', { ...facts, state: 'disposed', holder: {}, disposer: { number: 3, name: '老李' } }, { ...inputs, actor: { number: 9, name: '主任' } }, at).change).toMatchObject({ holderId: 3, holder: '老李' })
  })

  test('a side step leaves the state and its time as they are', () => {
    const { to, change } = decide('request_extension', facts, inputs, at)
    expect(to).toBe('disposing')
    expect(change).toEqual({})
  })

  test('requests that the case has left behind are ended: an extension when the result is in, an appeal never', () => {
    expect(requestsLeftBehind('disposed')).toEqual(expect.arrayContaining(['extension', 'suspension', 'untrue']))
    expect(requestsLeftBehind('disposed')).not.toContain('special_close')
    expect(requestsLeftBehind('closed')).not.toContain('appeal')
  })
})

describe('taking an ended case up again', () => {
  const ended = { cityKey: 'city', state: 'closed', reopenedAs: null } as const

  test('is for operators and shift leaders of the city, from what has an end of its own, and once', () => {
    const possible = IncidentState.options.filter((state) => reopeningRefusal({ ...ended, state }, somebody('operator')) === null)
    expect(possible.toSorted()).toEqual([...REOPENABLE_STATES].toSorted())
    expect(possible).not.toContain('void')
    expect(reopeningRefusal(ended, somebody('shift_leader'))).toBeNull()
    expect(reopeningRefusal(ended, SYSTEM)).toBeNull()
    expect(reopeningRefusal(ended, somebody('operator', { cityKey: 'elsewhere' }))?.obstacle).toBe('role')
    expect(reopeningRefusal(ended, somebody('leader'))?.obstacle).toBe('role')
    expect(reopeningRefusal({ ...ended, reopenedAs: { reportNumber: 'SL-2' } }, somebody('operator'))).toMatchObject({ obstacle: 'rule', reason: { zh: expect.stringContaining('SL-2') } })
  })
})

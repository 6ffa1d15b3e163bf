import { describe, expect, test } from 'vitest'
import { actionOfKey, sortActions } from '../../../client/cases/case-actions.ts'
import { deedOf, EMPTY_DRAFT, missingOf, photoKinds } from '../../../client/cases/deed.ts'
import { allowedActions, type CaseSituation } from '../../../server/contract/incident-actions.ts'
import { type IncidentState, TRANSITIONS } from '../../../server/contract/incidents.ts'
import type { Role } from '../../../server/contract/permissions.ts'

function choices(state: IncidentState, role: Role, over: Partial<CaseSituation> = {}) {
  const situation: CaseSituation = {
    cityKey: 'demo', state, countyCode: null, streetCode: null, communityCode: null, departmentPath: ['unit'], holderId: null, holder: null, reporterId: 'reporter', disposerId: null, checkerId: null,
    requests: [], openSupervisions: 0, reworkCount: 0, hasFailedCheck: false, wasLate: false, returnUntil: null, filingRole: 'operator', allowsPhotoCheck: true, ...over,
  } as CaseSituation
  const organisation = { id: 'unit', code: 'U', nameZh: '单位', nameEn: 'Unit' }
  return allowedActions(situation, { kind: 'person', id: 'me', posts: [{ role, cityKey: 'demo', organisation, areaCode: null }] }, 0)
}

describe('which actions of a case are shown', () => {
  test('what moves the case on stands first, what sends it back after it', () => {
    expect(sortActions(choices('pending_dispatch', 'dispatcher')).allowed.map((one) => one.action).slice(0, 2)).toEqual(['dispatch', 'return_to_filing'])
  })
  test('what somebody else may do now is grey with its reason; what nobody may do now is only listed', () => {
    const { refused, impossible } = sortActions(choices('pending_dispatch', 'operator'))
    const dispatch = refused.find((one) => one.action === 'dispatch')
    expect(dispatch?.reason?.zh).toContain('派遣员')
    expect(impossible.map((one) => one.action)).toContain('close')
  })
  test('every action stands in exactly one of the three', () => {
    const { allowed, refused, impossible } = sortActions(choices('disposing', 'department_manager'))
    expect([...allowed, ...refused, ...impossible].map((one) => one.action).sort()).toEqual(TRANSITIONS.map((one) => one.action).sort())
  })
})

describe('the keys of the workbench', () => {
  test.each([
    ['a', 'pending_accept', 'operator', 'accept'],
    ['f', 'pending_filing', 'operator', 'file'],
    ['d', 'pending_dispatch', 'dispatcher', 'dispatch'],
    ['r', 'pending_dispatch', 'dispatcher', 'return_to_filing'],
    ['a', 'pending_dispose', 'disposal_person', 'claim'],
    ['r', 'disposed', 'department_manager', 'send_back'],
    ['c', 'pending_check', 'operator', 'send_check'],
    ['e', 'pending_close', 'operator', 'close'],
  ] as const)('%s on a case %s is for a %s: %s', (key, state, role, action) => {
    const choice = actionOfKey(key, choices(state, role))
    expect([choice?.action, choice?.allowed]).toEqual([action, true])
  })
  test('where none is possible, the reason that is told is about this person, not about the state', () => {
    const choice = actionOfKey('d', choices('pending_dispatch', 'operator'))
    expect([choice?.action, choice?.allowed, choice?.obstacle]).toEqual(['dispatch', false, 'role'])
  })
})

describe('the form of an action', () => {
  test('is complete exactly when everything the action needs is there', () => {
    expect(missingOf('file', EMPTY_DRAFT, true)).toEqual(['condition'])
    expect(missingOf('file', { ...EMPTY_DRAFT, conditionOrdinal: 2 }, true)).toEqual([])
    expect(missingOf('close', EMPTY_DRAFT, true)).toEqual(['closing'])
    expect(missingOf('request_extension', { ...EMPTY_DRAFT, opinion: ' ' }, true)).toEqual(['opinion', 'new_due_at'])
  })
  test('a result wants photographs after handling, a check its own', () => {
    expect(photoKinds('submit_result')).toEqual(['after'])
    expect(photoKinds('check_passed')).toContain('check')
    expect(missingOf('submit_result', EMPTY_DRAFT, true)).toEqual(['photo_after'])
    expect(missingOf('submit_result', EMPTY_DRAFT, false)).toEqual([])
    expect(deedOf('submit_result', { ...EMPTY_DRAFT, mediaIds: ['m'] })).toEqual({ mediaIds: ['m'] })
  })
  test('sends what the action asks for and nothing that was left over from another', () => {
    const draft = { ...EMPTY_DRAFT, opinion: ' 同意 ', conditionOrdinal: 1, closingConditionMet: true, departmentId: 'd', newDueAt: new Date('2026-12-01T00:00:00Z') }
    expect(deedOf('close', draft)).toEqual({ opinion: '同意', closingConditionMet: true })
    expect(deedOf('dispatch', draft)).toEqual({ opinion: '同意', departmentId: 'd' })
    expect(deedOf('request_extension', draft)).toEqual({ opinion: '同意', newDueAt: '2026-12-01T00:00:00.000Z' })
  })
})

import { expect, test } from 'vitest'
import { deedOf, EMPTY_DRAFT, missingOf } from '../../../client/cases/deed.ts'

const department = '0192d000-0000-7000-8000-000000000001'

test('another department than the one suggested carries its reason where the server asks for it', () => {
  const draft = { ...EMPTY_DRAFT, departmentId: department, opinion: ' 该路段归市政管养 ' }
  expect(deedOf('dispatch', draft, true)).toEqual({ opinion: '该路段归市政管养', departmentId: department, overrideReason: '该路段归市政管养' })
  expect(deedOf('dispatch', draft)).toEqual({ opinion: '该路段归市政管养', departmentId: department })
  expect(String(deedOf('dispatch', { ...draft, opinion: '长'.repeat(400) }, true)['overrideReason'])).toHaveLength(300)
})

test('a step that the city wants proved waits for its photograph', () => {
  const draft = { ...EMPTY_DRAFT, opinion: '已清理' }
  expect(missingOf('submit_result', draft, true)).toContain('photo_after')
  expect(missingOf('submit_result', { ...draft, mediaIds: ['x'] }, true)).toEqual([])
})

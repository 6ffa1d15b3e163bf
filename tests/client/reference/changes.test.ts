import { describe, expect, test } from 'vitest'
import { partsOf } from '../../../client/reference/class-history.ts'
import { groupClasses } from '../../../client/reference/class-tree.ts'
import { ruleChanges } from '../../../client/reference/rule-changes.ts'

const condition = (conditionZh: string, limitAmount: number) => ({ ordinal: 1, conditionZh, closingZh: '清理', limitAmount, limitUnit: 'work_hour' as const })
const aClass = (kind: 'part' | 'event', code: string, nameZh: string, verified = false, ...conditions: ReturnType<typeof condition>[]) => ({ kind, code, largeCode: code.slice(0, 2), nameZh, nameEn: nameZh, isLocalExtension: false, defaultSeverity: 3 as const, verified, conditions })

describe('the tree of classes', () => {
  const scheme = {
    largeClasses: [{ kind: 'part' as const, code: '01', nameZh: '公用设施', nameEn: 'Utilities' }, { kind: 'event' as const, code: '01', nameZh: '市容环境', nameEn: 'Appearance' }, { kind: 'event' as const, code: '02', nameZh: '宣传广告', nameEn: 'Advertising' }],
    classes: [aClass('part', '0101', '上水井盖', true, condition('缺失', 2)), aClass('event', '0101', '私搭乱建'), aClass('event', '0112', '道路不洁', false, condition('路面有油污', 2))],
  }
  const found = (text: string, kind: 'all' | 'part' | 'event' = 'all', onlyUnverified = false) => groupClasses(scheme, { text, kind, onlyUnverified }).map(({ key, classes }) => [key, classes.map(({ code }) => code)])

  test('keeps parts and events of one number apart and shows large classes without classes', () => {
    expect(found('')).toEqual([['part:01', ['0101']], ['event:01', ['0101', '0112']], ['event:02', []]])
    expect(found('', 'event')).toEqual([['event:01', ['0101', '0112']], ['event:02', []]])
  })
  test('finds by name, by code and by what a condition says; every word has to stand in it', () => {
    expect(found('油污')).toEqual([['event:01', ['0112']]])
    expect(found('0101')).toEqual([['part:01', ['0101']], ['event:01', ['0101']]])
    expect(found('道路 油污')).toEqual([['event:01', ['0112']]])
    expect(found('道路 井盖')).toEqual([])
    expect(found('', 'all', true)).toEqual([['event:01', ['0101', '0112']]])
  })
})

test('a change of a class is told by its fields and by the conditions that came and went', () => {
  const content = { nameZh: '道路不洁', nameEn: 'Dirty road', largeCode: '01', isLocalExtension: false, defaultSeverity: 3 as const, source: '甲', verified: false, conditions: [condition('有垃圾', 8), condition('有油污', 4)] }
  const parts = partsOf({ before: content, after: { ...content, source: '乙', conditions: [condition('有油污', 4), condition('有垃圾', 4)] } })
  expect(parts.fields).toEqual([{ field: 'source', before: '甲', after: '乙' }])
  expect([parts.ended, parts.added]).toMatchObject([[{ conditionZh: '有垃圾', limitAmount: 8 }], [{ conditionZh: '有垃圾', limitAmount: 4 }]])
  expect(partsOf({ before: null, after: content })).toMatchObject({ fields: [], ended: [], added: [{}, {}] })
})

test('a version of the rules of the clock is told by what is otherwise, a stage without limit too', () => {
  const before = { limits: [{ stage: 'accept' as const, limit: { amount: 0.25, unit: 'work_hour' as const } }, { stage: 'file' as const, limit: { amount: 1, unit: 'work_hour' as const } }], blueShare: 0.5, amberShare: 0.8, darkRedShare: 2, reworkTimer: 'new' as const, supervisesOverdue: true, supervisesAboutToBeOverdue: true, source: '甲', verified: false }
  expect(ruleChanges(before, before)).toEqual([])
  expect(ruleChanges(before, { ...before, limits: before.limits.slice(0, 1), amberShare: 0.9 })).toEqual([{ what: { stage: 'file' }, before: { amount: 1, unit: 'work_hour' }, after: null }, { what: { rule: 'amberShare' }, before: 0.8, after: 0.9 }])
})

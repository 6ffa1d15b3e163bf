import { describe, expect, test } from 'vitest'
import { findAutofill, readClassSheet } from '../../../server/incidents/class-sheet.ts'
import { readClassFiles } from '../../../server/incidents/reference.ts'

const NOTHING = { largeClasses: [], classes: [] }
const HEAD = ['类型', '大类名称', '小类代码', '小类名称', '立案条件', '处置时限', '结案条件'] as const
const sheet = (...lines: string[][]) => lines.map((line, index) => ({ row: index + 2, cells: Object.fromEntries(HEAD.map((name, at) => [name, line[at] ?? ''])) }))
const refusals = (...lines: string[][]) => readClassSheet(sheet(...lines), NOTHING).issues.filter(({ severity }) => severity === 'refused').map(({ row, code }) => [row, code])

describe('a table of classes', () => {
  test('is read one condition a row, empty cells of a class meaning the class above', () => {
    const { classes, largeClasses, issues } = readClassSheet(
      sheet(['部件', '公用设施', '0101', '上水井盖', '缺失', '2紧急工作时', '恢复'], ['', '', '', '', '破损', '4工作时', '修复'], ['事件', '市容环境', '0112', '道路不洁', '有垃圾', '1工作日', '清理'], ['', '', '', '', '', '', '']),
      NOTHING,
    )
    expect(issues).toEqual([])
    expect(largeClasses.map(({ kind, code, nameZh }) => [kind, code, nameZh])).toEqual([['part', '01', '公用设施'], ['event', '01', '市容环境']])
    expect(classes).toMatchObject([
      { kind: 'part', code: '0101', largeCode: '01', nameZh: '上水井盖', conditions: [{ conditionZh: '缺失', limitAmount: 2, limitUnit: 'urgent_hour', closingZh: '恢复' }, { conditionZh: '破损', limitAmount: 4, limitUnit: 'work_hour' }] },
      { kind: 'event', code: '0112', conditions: [{ limitAmount: 1, limitUnit: 'work_day' }] },
    ])
  })

  test('keeps the English name and severity that the scheme has where the table says nothing of them', () => {
    const known = { largeClasses: [{ kind: 'event' as const, code: '01', nameZh: '市容环境', nameEn: 'City appearance' }], classes: [{ kind: 'event' as const, code: '0112', largeCode: '01', nameZh: '道路不洁', nameEn: 'Dirty road', isLocalExtension: false, defaultSeverity: 2 as const }] }
    expect(readClassSheet(sheet(['事件', '', '0112', '道路不洁', '有垃圾', '1工作日', '清理']), known).classes[0]).toMatchObject({ nameEn: 'Dirty road', defaultSeverity: 2 })
  })

  test('names every row that cannot be used, and why', () => {
    expect(
      refusals(
        ['东西', '公用设施', '0101', '甲', '缺失', '1工作日', '恢复'], ['部件', '公用设施', '101', '乙', '缺失', '1工作日', '恢复'], ['部件', '', '0901', '丙', '缺失', '1工作日', '恢复'], ['部件', '公用设施', '0102', '丁', '缺失', '尽快', '恢复'],
        ['', '', '', '', '破损', '1工作日', ''], ['', '', '', '', '缺失了', '', '恢复'], ['部件', '公用设施', '0103', '戊', '缺失', '1工作日', '恢复'], ['', '', '', '', '缺失', '2工作日', '恢复'], ['部件', '公用设施', '0103', '己', '破损', '1工作日', '恢复'],
      ),
    ).toEqual([[2, 'kind_unknown'], [3, 'code_invalid'], [4, 'large_class_missing'], [5, 'limit_unknown'], [6, 'condition_incomplete'], [7, 'limit_unknown'], [9, 'condition_repeated'], [10, 'name_differs']])
  })

  test('is held to what can be kept and edited: lengths, and no more conditions than a class may have', () => {
    expect(refusals(['事件', '市容环境', '0112', '道路不洁', '长'.repeat(501), '1工作日', '清理'])).toEqual([[2, 'text_invalid']])
    expect(refusals(['事件', '市容环境', '0112', '道路不洁', '有\u0001垃圾', '1工作日', '清理'])).toEqual([[2, 'text_invalid']])
    expect(refusals(...Array.from({ length: 52 }, (_, index) => ['事件', '市容环境', '0112', '道路不洁', `条件${index}`, '1工作日', '清理']))).toEqual([[52, 'conditions_too_many'], [53, 'conditions_too_many']])
  })

  test('lets several lines of a cell run on in one', () => {
    expect(readClassSheet(sheet(['事件', '市容环境', '0112', '道路不洁', '有垃圾\n或油污', '1工作日', '清理']), NOTHING).classes[0]?.conditions[0]?.conditionZh).toBe('有垃圾 或油污')
  })

  test('says when it names a large class otherwise than the scheme, and leaves the name', () => {
    const known = { largeClasses: [{ kind: 'event' as const, code: '01', nameZh: '市容环境', nameEn: 'City appearance' }], classes: [] }
    expect(readClassSheet(sheet(['事件', '市容', '0112', '道路不洁', '有垃圾', '1工作日', '清理']), known)).toMatchObject({ largeClasses: [{ nameZh: '市容环境' }], issues: [{ row: 2, column: '大类名称', code: 'large_class_differs' }] })
  })

  test('without the columns it needs is refused with those it has', () => {
    expect(readClassSheet([{ row: 2, cells: { 代码: '0101', 名称: '甲' } }], NOTHING).issues).toMatchObject([{ row: 1, severity: 'refused', code: 'column_missing', message: expect.stringContaining('代码、名称') as string }])
  })

  test('says where a limit was read loosely', () => {
    expect(readClassSheet(sheet(['事件', '市容环境', '0112', '道路不洁', '有垃圾', '4 小时', '清理']), NOTHING).issues).toMatchObject([{ row: 2, severity: 'flagged', code: 'limit_unit_loose' }])
  })
})

describe('a cell dragged down', () => {
  const frame = (codes: readonly [string, number][]) => sheet(...codes.map(([code, height]) => ['部件', '公用设施', code, `井盖${code}`, `井框高差＞${height}cm`, '5工作日', '修复']))

  test('shows as numbers that count up from class to class: 2, 2, 3, 4, 2 cm', () => {
    const { issues } = readClassSheet(frame([['0101', 2], ['0106', 2], ['0110', 3], ['0111', 4], ['0114', 2]]), NOTHING)
    expect(issues).toMatchObject([{ severity: 'flagged', code: 'autofill_suspected', message: expect.stringContaining('3、4、5 行') as string }])
    expect(issues[0]?.message).toContain('2、3、4')
  })

  test('also in the limit', () => {
    const rows = sheet(...[1, 2, 3].map((days, index) => ['部件', '公用设施', `010${index + 1}`, `井盖${index}`, '外观不洁', `${days}工作日`, '清洁']))
    expect(readClassSheet(rows, NOTHING).issues.map(({ code }) => code)).toEqual(['autofill_suspected'])
  })

  test('is not seen in thresholds of one class, nor in two neighbours, nor where another number changes too', () => {
    const line = (row: number, code: string, condition: string) => ({ row, kind: 'event' as const, code, condition, limit: '1工作日', closing: '清理' })
    expect(findAutofill([line(2, '0112', '超过 1 处'), line(3, '0112', '超过 2 处'), line(4, '0112', '超过 3 处')])).toEqual([])
    expect(findAutofill([line(2, '0112', '超过 1 处'), line(3, '0113', '超过 2 处')])).toEqual([])
    expect(findAutofill([line(2, '0112', '1 米 5 处'), line(3, '0113', '2 米 7 处'), line(4, '0114', '3 米 9 处')])).toEqual([])
  })

  test('is nowhere in the classes that come with the program', async () => {
    for (const file of await readClassFiles()) {
      const lines = file.classes.flatMap((one) => one.conditions.map((condition, index) => ({ row: index, kind: one.kind, code: one.code, condition: condition.conditionZh, limit: `${condition.limitAmount}${condition.limitUnit}`, closing: condition.closingZh })))
      expect(findAutofill(lines)).toEqual([])
    }
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../../server/db/sql.ts'
import { type ClassFile, listCaseClasses, readClassFiles, syncCaseClasses } from '../../../server/incidents/reference.ts'
import { openTestDb } from '../../helpers/db.ts'

const db = openTestDb()
beforeAll(() => syncCaseClasses(db))
afterAll(() => db.close())

const aFile = (id: string, version: number, conditions: ClassFile['classes'][number]['conditions']): ClassFile => ({
  scheme: { id, titleZh: '试', titleEn: 'Trial', source: 'test', verified: false, version },
  notes: {},
  largeClasses: [{ kind: 'event', code: '01', nameZh: '市容环境', nameEn: 'City appearance' }],
  classes: [{ kind: 'event', code: '0112', largeCode: '01', nameZh: '道路不洁', nameEn: 'Dirty road', isLocalExtension: false, defaultSeverity: 3, conditions }],
})
const one = { conditionZh: '散落垃圾', limitAmount: 2, limitUnit: 'work_hour' as const, closingZh: '清理' }

test('the national scheme is there with its large classes, small classes, conditions and limits', async () => {
  const scheme = (await listCaseClasses(db)).find((row) => row.id === 'GBT30428.2-2013')
  expect(scheme).toMatchObject({ verified: false })
  expect(scheme?.largeClasses).toHaveLength(11)
  expect(scheme?.classes).toHaveLength(190)
  expect(scheme?.classes.flatMap((row) => row.conditions)).toHaveLength(513)
  expect(scheme?.classes.find((row) => row.kind === 'part' && row.code === '0101')).toMatchObject({
    nameZh: '上水井盖', nameEn: 'Water supply manhole cover', defaultSeverity: 1, isLocalExtension: false,
    conditions: [{ ordinal: 1, conditionZh: '缺失/移位/开裂', limitAmount: 2, limitUnit: 'urgent_hour', closingZh: '恢复' }, { ordinal: 2 }, { ordinal: 3 }, { ordinal: 4 }],
  })
  // The same number means another thing on the other side: never joined on the code alone.
  expect(scheme?.classes.filter((row) => row.code === '0493').map((row) => row.nameZh)).toEqual(['挡土墙（花带石）', '共享单车管理'])
})

test('every small class belongs to a large class of its kind and has a name in both languages', async () => {
  for (const file of await readClassFiles()) {
    const large = new Set(file.largeClasses.map((row) => `${row.kind}:${row.code}`))
    for (const row of file.classes) {
      expect(large, row.code).toContain(`${row.kind}:${row.largeCode}`)
      expect(row.code.startsWith(row.largeCode)).toBe(true)
      expect(row.nameZh).toMatch(/\p{Script=Han}/u)
      expect(row.nameEn).toMatch(/^[A-Z][^\p{Script=Han}]+$/u)
    }
  }
})

test('loading the classes a second time changes nothing', async () => {
  expect(await syncCaseClasses(db)).toBe(0)
})

test('a changed table under the same version is refused, because cases use its rows (conflict)', async () => {
  await syncCaseClasses(db, [aFile('TEST-SAME', 1, [one])])
  await expect(syncCaseClasses(db, [aFile('TEST-SAME', 1, [{ ...one, limitAmount: 3 }])])).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('new version') })
})

test('a new version ends a changed condition and never gives its ordinal again', async () => {
  await syncCaseClasses(db, [aFile('TEST-NEXT', 1, [one, { ...one, conditionZh: '油污' }])])
  await syncCaseClasses(db, [aFile('TEST-NEXT', 2, [{ ...one, limitAmount: 3 }, { ...one, conditionZh: '油污' }])])
  const live = (await listCaseClasses(db)).find((row) => row.id === 'TEST-NEXT')
  expect(live?.classes[0]?.conditions.map((row) => [row.ordinal, row.conditionZh, row.limitAmount])).toEqual([[2, '油污', 2], [3, '散落垃圾', 3]])
  const all = await db.query(sql`select ordinal from filing_conditions where scheme_id = 'TEST-NEXT' order by ordinal`)
  expect(all).toHaveLength(3)
  await expect(syncCaseClasses(db, [aFile('TEST-NEXT', 1, [one])])).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('newer program') })
})

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import ExcelJS from 'exceljs'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Principal, SYSTEM } from '../../../server/access/principal.ts'
import { classesCommand } from '../../../server/cli/commands/classes.ts'
import { readConfig } from '../../../server/config.ts'
import { getIncident, listCaseClasses } from '../../../server/contract/incidents.ts'
import type { Problem } from '../../../server/contract/errors.ts'
import { type ClassImportOptions, type ClassImportReport, editCaseClass, endCaseClass, getCaseClass, listClassVersions } from '../../../server/contract/reference.ts'
import { sql } from '../../../server/db/sql.ts'
import { insertResponsibilities } from '../../../server/dispatch/responsibility-queries.ts'
import { findRoutedCase } from '../../../server/dispatch/rule-queries.ts'
import { listMatrixHits } from '../../../server/dispatch/suggestion-queries.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, departmentOf, postTransition, report } from './reporting.ts'

const db = openTestDb()
let folder: string
let api: TestApi
beforeAll(async () => {
  await syncCaseClasses(db)
  folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-classes-'))
  api = await openTestApi(aContext(db, { config: readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', DATA_DIR: folder }) }))
})
afterAll(async () => {
  await api.close()
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

const HEAD = ['类型', '大类名称', '小类代码', '小类名称', '立案条件', '处置时限', '结案条件']
const ROWS = [
  ['部件', '公用设施', '0101', '上水井盖', '缺失', '2紧急工作时', '恢复'],
  ['', '', '', '', '破损', '4 小时', '修复'],
  ['事件', '市容环境', '0112', '道路不洁', '有垃圾', '1工作日', '清理'],
  ['事件', '市容环境', '0113', '道路破损', '有坑', '5工作日', '修复'],
]

async function aWorkbook(rows: string[][], merge?: string): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook()
  const page = workbook.addWorksheet('立案标准')
  page.addRow(HEAD)
  for (const row of rows) page.addRow(row)
  if (merge) page.mergeCells(merge)
  return Buffer.from(await workbook.xlsx.writeBuffer())
}
const csv = (rows: string[][]) => [HEAD, ...rows].map((row) => row.join(',')).join('\r\n')

async function send(scheme: string, bytes: Buffer, options: Partial<ClassImportOptions> = {}, by = api): Promise<{ status: number; body: ClassImportReport & Problem }> {
  const form = new FormData()
  form.append('options', JSON.stringify({ source: '某市立案标准 2026', ...options }))
  form.append('file', new Blob([new Uint8Array(bytes)]), 'classes.xlsx')
  const response = await by.fetch(`/api/v1/case-classes/${scheme}/imports`, { method: 'POST', body: form })
  return { status: response.status, body: (await response.json()) as ClassImportReport & Problem }
}
async function unitOf(city: TestCity): Promise<number> {
  const id = await departmentOf(db, city)
  return (await db.query<{ id: number }>(sql`select id from organisations where public_id = ${id}::uuid`))[0]!.id
}
const schemeOf = async (id: string) => (await api.call(listCaseClasses)).schemes.find((one) => one.id === id)

describe('a table of classes', () => {
  test('becomes a scheme; the same again changes nothing; a changed one is a new version with its history', async () => {
    const first = await send('CITY-A', await aWorkbook(ROWS), { titleZh: '某市标准' })
    expect(first).toMatchObject({ status: 201, body: { version: 1, isChanged: true, classes: 3, conditions: 4, changes: { classesAdded: ['part:0101', 'event:0112', 'event:0113'], conditionsAdded: 4 }, issues: [{ row: 3, code: 'limit_unit_loose' }] } })
    expect(await schemeOf('CITY-A')).toMatchObject({ titleZh: '某市标准', source: '某市立案标准 2026', classes: [{ code: '0101', conditions: [{ ordinal: 1, limitAmount: 2, limitUnit: 'urgent_hour' }, { ordinal: 2, limitAmount: 4, limitUnit: 'work_hour' }] }, { code: '0112' }, { code: '0113' }] })
    expect((await send('CITY-A', await aWorkbook(ROWS))).body).toMatchObject({ version: 1, isChanged: false })
    const changed = ROWS.map((row) => (row[2] === '0112' ? [...row.slice(0, 5), '4工作时', '清理'] : row))
    expect((await send('CITY-A', await aWorkbook(changed))).body).toMatchObject({ version: 2, changes: { classesAdded: [], classesChanged: ['event:0112'], classesEnded: [], conditionsAdded: 1, conditionsEnded: 1 } })
    const { versions } = await api.call(listClassVersions, { params: { scheme: 'CITY-A' } })
    expect(versions.map(({ version, changedBy }) => [version, changedBy])).toEqual([[2, '系统'], [1, '系统']])
    expect(await db.query(sql`select action, details ->> 'version' as version from audit_entries where object_kind = 'class_scheme' and object_id = 'CITY-A' order by sequence`)).toEqual([{ action: 'importCaseClasses', version: '1' }, { action: 'importCaseClasses', version: '2' }])
  })

  test('in CSV as a Chinese office writes it (GB18030), and with merged cells', async () => {
    expect((await send('CITY-B', iconv.encode(csv(ROWS), 'gb18030'))).body).toMatchObject({ classes: 3, conditions: 4 })
    expect((await schemeOf('CITY-B'))?.classes[0]?.nameZh).toBe('上水井盖')
    const merged = ROWS.map((row, index) => (index === 1 ? ['部件', '公用设施', '0101', '', ...row.slice(4)] : row))
    expect((await send('CITY-C', await aWorkbook(merged, 'D2:D3'))).body).toMatchObject({ classes: 3, conditions: 4 })
  })

  test('with a row that is not understood writes nothing and names every such row', async () => {
    const wrong = [...ROWS, ['事件', '市容环境', '0114', '道路遗撒', '有遗撒', '尽快', '清理'], ['事件', '市容环境', '0117', '绿地脏乱', '脏', '1星期', '清理']]
    const answer = await send('CITY-D', await aWorkbook(wrong))
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request', errors: [{ path: 'row.6.处置时限' }, { path: 'row.7.处置时限' }] } })
    expect(answer.body.detail).toContain('尽快')
    expect(await schemeOf('CITY-D')).toBeUndefined()
  })

  test('of one department does not end the rest by mistake', async () => {
    await send('CITY-E', await aWorkbook(ROWS))
    expect(await send('CITY-E', await aWorkbook(ROWS.slice(0, 2)))).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await schemeOf('CITY-E'))?.classes).toHaveLength(3)
    expect((await send('CITY-E', await aWorkbook(ROWS.slice(0, 2)), { replace: true })).body.changes.classesEnded).toEqual(['event:0112', 'event:0113'])
  })

  test('in a dry run writes nothing and tells of every row, those that cannot be used too', async () => {
    const answer = await send('CITY-F', await aWorkbook([...ROWS, ['事件', '市容环境', '0114', '道路遗撒', '有遗撒', '尽快', '清理']]), { dryRun: true })
    expect(answer).toMatchObject({ status: 201, body: { dryRun: true, isChanged: true, classes: 4, refusedRows: 1, issues: [{ row: 3, severity: 'flagged' }, { row: 6, column: '处置时限', severity: 'refused' }], issueCount: 2 } })
    expect(await schemeOf('CITY-F')).toBeUndefined()
  })

  test('that was looked through at another version of the scheme is refused as stale', async () => {
    await send('CITY-I', await aWorkbook(ROWS), { version: 0 })
    expect(await send('CITY-I', await aWorkbook(ROWS), { version: 0 })).toMatchObject({ status: 409, body: { code: 'stale' } })
  })

  test('held against the original is a new version although no class is another', async () => {
    await send('CITY-J', await aWorkbook(ROWS))
    expect((await send('CITY-J', await aWorkbook(ROWS), { verified: true })).body).toMatchObject({ version: 2, isChanged: true, changes: { conditionsAdded: 0, conditionsEnded: 0 } })
    expect(await schemeOf('CITY-J')).toMatchObject({ verified: true, classes: [{ verified: true }, { verified: true }, { verified: true }] })
  })

  test.each(['xlsx', 'csv'])('taken out as %s comes in again without a change', async (format) => {
    const awkward = [...ROWS, ['事件', '市容环境', '0118', '特殊写法', '=高差>2cm，\n含“引号”', '2自然日', '-恢复']]
    await send('CITY-K', await aWorkbook(awkward), { replace: true })
    const out = await api.fetch(`/api/v1/case-classes/CITY-K/table?format=${format}`)
    expect((await send('CITY-K', Buffer.from(await out.arrayBuffer()))).body).toMatchObject({ isChanged: false, classes: 4, conditions: 5, issueCount: 0 })
    const template = await api.fetch(`/api/v1/case-classes/CITY-K/table?content=template&format=${format}`)
    expect(template.headers.get('content-disposition')).toContain(`template.${format}`)
  })

  test('points out a cell dragged down and takes the table', async () => {
    const rows = [2, 3, 4].map((height, index) => ['部件', '公用设施', `010${index + 1}`, `井盖${index}`, `井框高差大于 ${height} cm`, '5工作日', '修复'])
    expect((await send('CITY-G', await aWorkbook(rows))).body.issues).toMatchObject([{ code: 'autofill_suspected', severity: 'flagged' }])
  })

  test.each([
    ['an old .xls', Buffer.from('\xd0\xcf\x11\xe0junk', 'latin1'), 415, /xlsx/],
    ['a damaged workbook', Buffer.from('PK\x03\x04junk'), 415, /damaged/],
    ['an empty file', Buffer.alloc(0), 415, /empty/],
  ])('%s is refused with a sentence', async (_what, bytes, status, sentence) => {
    const answer = await send('CITY-X', bytes)
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(sentence)])
  })

  test('comes in on the command line too, and its refusals are printed', async () => {
    const printed: string[] = []
    const io = { print: (line: string) => void printed.push(line), progress: () => {}, signal: new AbortController().signal, workingDirectory: folder }
    await writeFile(path.join(folder, 'classes.csv'), csv(ROWS))
    expect(await classesCommand.run(['import', 'classes.csv', '--scheme', 'CITY-H', '--source', '试'], api.context, io)).toMatchObject({ version: 1, classes: 3 })
    await writeFile(path.join(folder, 'classes.csv'), csv([...ROWS, ['事件', '市容环境', '0114', '道路遗撒', '有遗撒', '尽快', '清理']]))
    await expect(classesCommand.run(['import', 'classes.csv', '--scheme', 'CITY-H', '--source', '试'], api.context, io)).rejects.toMatchObject({ code: 'bad_request' })
    expect(printed.join('\n')).toMatch(/row 6 处置时限: 看不懂时限“尽快”/)
  })
})

describe('a class edited here', () => {
  const content = { nameZh: '道路不洁', nameEn: 'Dirty road', largeCode: '01', isLocalExtension: false, defaultSeverity: 3 as const, conditions: [{ conditionZh: '有垃圾', closingZh: '清理', limitAmount: 8, limitUnit: 'work_hour' as const }], source: '市城管委 2026 第 8 号', verified: true }
  const at = (scheme: string) => ({ scheme, kind: 'event' as const, code: '0112' })

  test('changes the limit of new cases; an old case keeps the condition it was filed under', async () => {
    await send('CITY-M', await aWorkbook(ROWS))
    const city = await aCity(db)
    const filed = await advance(api, city, await report(api, city, { schemeId: 'CITY-M', classCode: '0112' }), 'accept', 'file')
    expect(filed).toMatchObject({ conditionZh: '有垃圾', limitZh: '1 工作日' })
    expect(await api.call(editCaseClass, { params: at('CITY-M'), body: { version: 1, reason: '缩短时限', content } })).toMatchObject({ version: 2, changes: { classesChanged: ['event:0112'], conditionsAdded: 1, conditionsEnded: 1 } })
    expect((await schemeOf('CITY-M'))?.classes.find((one) => one.code === '0112')?.conditions).toMatchObject([{ ordinal: 2, limitAmount: 8, limitUnit: 'work_hour' }])
    expect(await api.call(getIncident, { params: { city: city.key, id: filed.id } })).toMatchObject({ conditionZh: '有垃圾', limitZh: '1 工作日' })
    // And a unit named in the matrix for this condition is still found for cases filed from now on.
    const row = { schemeId: 'CITY-M', classKind: 'event', classCode: '0112', conditionOrdinal: 1, areaCode: null, unitId: await unitOf(city), competentId: null, priority: 1, legalBasis: null, clause: null, requirement: null, source: '试' }
    await insertResponsibilities(db, city.cityId, [{ publicId: randomUUID(), ...row, replacesId: null }], '测试', new Date().toISOString())
    const next = await report(api, city, { schemeId: 'CITY-M', classCode: '0112' })
    const accepted = await advance(api, city, next, 'accept')
    const answer = await postTransition(api, city, accepted.id, { action: 'file', version: accepted.version, conditionOrdinal: 2 })
    expect(answer.status).toBe(201)
    const routed = await findRoutedCase(db, city.cityId, sql`true`, next.id)
    expect(routed?.sameOrdinals.toSorted()).toEqual([1, 2])
    expect(routed && (await listMatrixHits(db, city.cityId, routed))).toHaveLength(1)
  })

  test('says who changed what when, from before to after, also of an ended class', async () => {
    await send('CITY-L', await aWorkbook(ROWS))
    const params = at('CITY-L')
    await api.call(editCaseClass, { params, body: { version: 1, reason: '缩短时限', content } })
    await api.call(endCaseClass, { params, body: { version: 2, reason: '并入其他小类' } })
    const one = await api.call(getCaseClass, { params })
    expect(one).toMatchObject({ version: 3, endedAt: expect.any(String) as string, history: [{ version: 3, change: 'ended', changedBy: '系统', before: { source: '市城管委 2026 第 8 号', verified: true }, after: null }, { version: 2, change: 'changed', summary: expect.stringContaining('缩短时限') as string }, { version: 1, change: 'added', before: null }] })
    const [, edited] = one.history
    expect([edited?.before?.conditions, edited?.after?.conditions]).toEqual([[{ conditionZh: '有垃圾', closingZh: '清理', limitAmount: 1, limitUnit: 'work_day' }], content.conditions])
    await expect(api.call(getCaseClass, { params: { ...params, code: '0199' } })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('keeps where it stands written and whether that was checked, for itself alone; the scheme is checked only as a whole', async () => {
    await send('CITY-S', await aWorkbook(ROWS), { verified: true })
    await api.call(editCaseClass, { params: at('CITY-S'), body: { version: 1, reason: '临时', content: { ...content, verified: false } } })
    const scheme = await schemeOf('CITY-S')
    expect([scheme?.verified, scheme?.classes.map(({ code, verified }) => [code, verified])]).toEqual([false, [['0101', true], ['0112', false], ['0113', true]]])
    const one = await api.call(getCaseClass, { params: at('CITY-S') })
    expect([one.content.source, one.openCases]).toEqual([content.source, 0])
  })

  test('tells of cases that would have no condition to be filed under when it ends', async () => {
    await send('CITY-T', await aWorkbook(ROWS))
    const city = await aCity(db)
    await report(api, city, { schemeId: 'CITY-T', classCode: '0112' })
    await advance(api, city, await report(api, city, { schemeId: 'CITY-T', classCode: '0112' }), 'accept', 'file')
    expect(await api.call(getCaseClass, { params: at('CITY-T') })).toMatchObject({ openCases: 2, unfiledCases: 1 })
  })

  test('by two at once: the second is told that the scheme moved on', async () => {
    await send('CITY-N', await aWorkbook(ROWS))
    const edit = (severity: 1 | 2) => api.call(editCaseClass, { params: at('CITY-N'), body: { version: 1, reason: '试', content: { ...content, defaultSeverity: severity } } })
    const outcomes = await Promise.allSettled([edit(1), edit(2)])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'stale' } })
  })

  test('can end: no new case takes it, old ones stay', async () => {
    await send('CITY-O', await aWorkbook(ROWS))
    const city = await aCity(db)
    const old = await report(api, city, { schemeId: 'CITY-O', classCode: '0112' })
    expect(await api.call(endCaseClass, { params: at('CITY-O'), body: { version: 1, reason: '并入其他小类' } })).toMatchObject({ version: 2, changes: { classesEnded: ['event:0112'] } })
    await expect(report(api, city, { schemeId: 'CITY-O', classCode: '0112' })).rejects.toThrow('has no event class 0112')
    expect(await api.call(getIncident, { params: { city: city.key, id: old.id } })).toMatchObject({ className: '道路不洁' })
    await expect(api.call(endCaseClass, { params: at('CITY-O'), body: { version: 2, reason: '再来' } })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('is refused where its code is not of its large class or a condition stands twice', async () => {
    await send('CITY-P', await aWorkbook(ROWS))
    const edit = (part: Partial<typeof content>) => api.call(editCaseClass, { params: at('CITY-P'), body: { version: 1, reason: '试', content: { ...content, ...part } } })
    await expect(edit({ largeCode: '02' })).rejects.toMatchObject({ code: 'bad_request' })
    await expect(edit({ conditions: [content.conditions[0]!, content.conditions[0]!] })).rejects.toMatchObject({ code: 'bad_request' })
    expect((await schemeOf('CITY-P'))?.version).toBe(1)
  })

  test('makes the scheme the city’s own: the next start leaves it as it is', async () => {
    const file = { scheme: { id: 'CITY-Q', titleZh: '试', titleEn: 'Trial', source: 'test', verified: false, version: 1 }, notes: {}, largeClasses: [{ kind: 'event' as const, code: '01', nameZh: '市容环境', nameEn: 'City appearance' }], classes: [{ kind: 'event' as const, code: '0112', largeCode: '01', nameZh: content.nameZh, nameEn: content.nameEn, isLocalExtension: false, defaultSeverity: content.defaultSeverity, conditions: content.conditions }] }
    await syncCaseClasses(db, [file])
    await api.call(editCaseClass, { params: at('CITY-Q'), body: { version: 1, reason: '试', content: { ...content, defaultSeverity: 1 } } })
    expect(await syncCaseClasses(db, [file])).toBe(0)
    expect(await syncCaseClasses(db, [{ ...file, scheme: { ...file.scheme, version: 5 } }])).toBe(0)
    expect(await schemeOf('CITY-Q')).toMatchObject({ version: 2, classes: [{ defaultSeverity: 1 }] })
  })

  test('needs the post for it', async () => {
    const viewer: Principal = { ...SYSTEM, kind: 'person', posts: [{ id: 'v', role: 'viewer', cityKey: null, organisation: null, organisationId: null, areaCode: null }] }
    const other = await openTestApi(aContext(db, { identify: async () => viewer }))
    expect((await send('CITY-R', await aWorkbook(ROWS), {}, other)).status).toBe(403)
    await other.close()
  })
})

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../../server/config.ts'
import { putRoutingRules, suggestDispatch } from '../../../server/contract/dispatch.ts'
import { listDuplicates, listSuspiciousPlaces } from '../../../server/contract/duplicates.ts'
import { API_PREFIX } from '../../../server/contract/endpoint.ts'
import { evaluate } from '../../../server/contract/evaluation.ts'
import { getImport, type ImportOptions, type ImportState, listImportIssues } from '../../../server/contract/imports.ts'
import { countIncidents, getIncident, listCaseClasses, listIncidents } from '../../../server/contract/incidents.ts'
import { createOrganisation } from '../../../server/contract/people.ts'
import { addResponsibilities } from '../../../server/contract/responsibilities.ts'
import { sql } from '../../../server/db/sql.ts'
import { registerImportJobs } from '../../../server/imports/jobs.ts'
import { syncEvaluationRules } from '../../../server/evaluation/rules.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'

const TRIAL = process.env['TRIAL_DATA']
const db = openTestDb()
const SCHEME = 'TAIPEI-1999'
const DISPATCH = { kind: 'incidents', map: { scheme: `=${SCHEME}`, source: '=hotline_12345' } } as const
/** Counts of the README beside the data. */
const BY_DISTRICT = { 信義區: 523, 大安區: 328, 中山區: 314, 內湖區: 248, 松山區: 245, 士林區: 199, 北投區: 196, 文山區: 195, 中正區: 181, 萬華區: 169, 大同區: 113, 南港區: 106 }
const UNITS = { EPA: '环境保护局', PWD: '工务局', LAMP: '路灯工程管理处', TRAFFIC: '交通管制工程处', WATER: '自来水事业处', ANIMAL: '动物保护处' } as const
/** Who handles which kind of case there: every class of the dispatch cases has one. */
const HANDLERS: Record<keyof typeof UNITS, readonly string[]> = {
  EPA: ['大型廢棄物清運聯繫', '場所與設施噪音舉發', '污染舉發', '道路散落物或油漬處理', '鄰里無主垃圾清運'],
  LAMP: ['路燈故障或設施損壞'],
  TRAFFIC: ['交通號誌異常', '交通標誌及設施物損壞(含汙損)、傾斜', '交通號誌電纜線垂落及設施損壞'],
  WATER: ['用戶無水、漏水報修'],
  ANIMAL: ['動物救援'],
  PWD: ['市區道路坑洞處理', '路樹處理', '雨水下水道側溝清淤', '道路側溝溝蓋(含周邊)損壞遺失', '人孔蓋(含周邊)破損、遺失處理', '橋梁、隧道、車(人)行地下道及涵洞積淹水', '道路側溝內溝牆(底)破損', '道路掏空', '路面積淹水', '河濱公園自行車道破損、油漬及樹倒'],
}

describe.skipIf(!TRIAL)(`Taipei’s cases through the loop${TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'}`, () => {
  let api: TestApi
  let city: TestCity
  let folder: string
  let dispatched: ImportState
  let disasters: ImportState
  let figures: Record<string, number | null>
  const jobs = aJobRunner()

  /** As a console does it: one form, then the record of the import. */
  async function take(file: string, options: Partial<ImportOptions> & Pick<ImportOptions, 'kind'>): Promise<ImportState> {
    const form = new FormData()
    form.append('options', JSON.stringify(options))
    form.append('file', new Blob([await readFile(path.join(TRIAL ?? '', 'taipei', file))]), path.basename(file))
    const response = await api.fetch(`${API_PREFIX}/cities/${city.key}/imports`, { method: 'POST', body: form })
    const { id } = (await response.json()) as ImportState
    await jobs.idle()
    return api.call(getImport, { params: { city: city.key, import: id } })
  }
  const inCity = () => ({ params: { city: city.key } })
  const firstOf = async (classKind: 'event', classCode: string, schemeId: string) =>
    (await db.query<{ id: string }>(sql`select public_id as id from incidents where city_id = ${city.cityId} and scheme_id = ${schemeId} and class_kind = ${classKind} and class_code = ${classCode} order by id limit 1`))[0]!.id

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'xiucheng-taipei-'))
    const context = aContext(db, { jobs, config: readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', DATA_DIR: folder }) })
    await registerImportJobs(context)
    await syncEvaluationRules(db)
    api = await openTestApi(context)
    city = await aCity(db, { measureSrid: 3826 })
    await db.query(sql`update cities set time_zone = 'Asia/Taipei' where id = ${city.cityId}`)
    await take('boundaries/taipei_town.geojson', { kind: 'administrative_areas', map: { level: '=county', code: 'CPTID' } })
    await take('boundaries/taipei_village.geojson', { kind: 'administrative_areas', map: { level: '=community', code: 'CPTVID' } })
    dispatched = await take('incidents/dispatchingpoint.geojson', DISPATCH)
    const table = await api.call(evaluate, { ...inCity(), query: { object: 'county', cycle: 'year', day: '2023-06-01', indicators: 'report_num' } })
    figures = Object.fromEntries(table.objects.map((object) => [object.name, object.figures['report_num']!.raw.value]))
    figures['total'] = table.total['report_num']!.raw.value
    disasters = await take('incidents/disaster.geojson', { kind: 'incidents', map: { drill: '專案名稱~測試', source: '=dept_transfer' } })
  })
  afterAll(async () => {
    await api.close()
    await db.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('2,817 dispatch cases come in with their own numbers, times and classes, and count per district as their polygons say', async () => {
    expect(dispatched).toMatchObject({ status: 'finished', report: { read: 2817, taken: 2817, refused: 0, outsideCity: 0, totals: { drills: 0, withoutPlace: 0 } } })
    expect(figures).toEqual({ ...BY_DISTRICT, total: 2817 })
    const { rows } = await api.call(listIncidents, { ...inCity(), query: { sort: 'reported', limit: 1, sources: 'hotline_12345' } })
    expect(rows[0]).toMatchObject({ reportedAt: '2023-06-01T07:34:43.042Z', className: '大型廢棄物清運聯繫' })
    const { flow, clocks } = await api.call(getIncident, { params: { city: city.key, id: rows[0]!.id } })
    // What happened there happened then, not on the day of the import.
    expect(flow.map((step) => [step.action, step.toState, step.at])).toEqual([['import', 'pending_accept', '2023-06-01T07:34:43.042Z']])
    expect(clocks.map((clock) => [clock.stage, clock.startedAt, clock.stoppedAt])).toEqual([['accept', '2023-06-01T07:34:43.042Z', null]])
  })

  test('3,314 disaster reports: 3,200 district names agree with the polygons, 102 do not and are listed by row, 12 lie outside; 457 are drills', async () => {
    expect(disasters).toMatchObject({ status: 'finished', report: { taken: 3314, refused: 0, outsideCity: 12, totals: { drills: 457, areaNamesAgree: 3200, areaNamesDisagree: 102, areaNamesOutside: 12 } } })
    const { issues } = await api.call(listImportIssues, { params: { city: city.key, import: disasters.id }, query: { limit: 1000 } })
    const said = issues.filter((issue) => issue.code === 'area_disagrees')
    expect(said).toHaveLength(102)
    expect(said[0]).toMatchObject({ severity: 'flagged', field: 'district', message: expect.stringMatching(/^文件写的是“.*區”，位置却在“.*區”/) })
    const counts = await api.call(countIncidents, { ...inCity(), query: { sources: 'dept_transfer', includeDrills: 'true', includeOutside: 'true' } })
    expect(counts).toMatchObject({ total: 3314, outsideCity: 12, drills: 457 })
  })

  test('the city hall, on which addresses land that were not found, is pointed out by the import and beside each of its cases', async () => {
    const said = dispatched.report!.issuesByCode.filter((issue) => issue.code === 'suspicious_place')
    expect(said).toMatchObject([{ severity: 'flagged', count: 1, message: expect.stringContaining('2817 件有位置的案件中有 230 件落在同一点（121.56378, 25.03752，西村里共 240 件）') }])
    // The two files write the point with other last digits: it is one place all the same, and the only one.
    const { places, usualCases } = await api.call(listSuspiciousPlaces, { ...inCity(), query: { includeDrills: 'true' } })
    expect(places).toMatchObject([{ cases: 300, communityName: '西村里' }])
    expect(usualCases).toBeLessThan(10)
    const there = (await db.query<{ id: string }>(sql`select public_id as id from incidents where city_id = ${city.cityId} and st_x(geom) = 121.5637838 limit 1`))[0]!.id
    const elsewhere = (await db.query<{ id: string }>(sql`select public_id as id from incidents where city_id = ${city.cityId} and st_x(geom) = 121.5466056 limit 1`))[0]!.id
    const about = (id: string) => api.call(listDuplicates, { params: { city: city.key, id } })
    expect(await about(there)).toMatchObject({ isSuspiciousPlace: true, casesAtPlace: 300 })
    expect(await about(elsewhere)).toMatchObject({ isSuspiciousPlace: false, casesAtPlace: 11 })
  })

  test('go to the unit that their own scheme says; the same codes of the disasters’ scheme do not', async () => {
    const { schemes } = await api.call(listCaseClasses)
    const own = schemes.find((scheme) => scheme.id === SCHEME)!
    expect(own.classes).toHaveLength(21)
    const codeOf = (name: string) => own.classes.find((one) => one.nameZh === name)!.code
    for (const [code, nameZh] of Object.entries(UNITS)) await api.call(createOrganisation, { ...inCity(), body: { code, kind: 'department', nameZh, nameEn: code, parentId: null, areaCode: null } })
    const duties = Object.entries(HANDLERS).flatMap(([unit, names]) => names.map((name) => ({ schemeId: SCHEME, classKind: 'event' as const, classCode: codeOf(name), unit, source: '试' })))
    expect(await api.call(addResponsibilities, { ...inCity(), body: { rows: duties } })).toEqual({ added: 21 })
    const disasterScheme = schemes.find((scheme) => scheme.id.startsWith(city.key.toUpperCase()))!
    const shared = own.classes.find((one) => disasterScheme.classes.some((other) => other.code === one.code))!
    const handler = Object.entries(HANDLERS).find(([, names]) => names.includes(shared.nameZh.normalize('NFC')))![0]
    // One class by a rule, all else by the matrix.
    await api.call(putRoutingRules, { ...inCity(), body: { baseVersion: 0, note: '试', rules: [{ title: '直派', conditions: { schemeId: SCHEME, classCodes: [shared.code] }, target: handler, isEnabled: true }] } })
    for (const [unit, names] of Object.entries(HANDLERS)) {
      for (const name of names) {
        const { suggestions } = await api.call(suggestDispatch, { params: { city: city.key, id: await firstOf('event', codeOf(name), SCHEME) } })
        expect([name, suggestions.map((one) => one.unit.code)]).toEqual([name, [unit]])
        expect(suggestions[0]!.reasons.map((reason) => reason.key)).toContain('matrix')
      }
    }
    const { suggestions, trace } = await api.call(suggestDispatch, { params: { city: city.key, id: await firstOf('event', shared.code, disasterScheme.id) } })
    expect(suggestions).toEqual([])
    expect(trace).toMatchObject([{ fits: false, zh: expect.stringContaining(`只管分类标准 ${SCHEME}`) }])
  })
})

/** Successful calls of everything that changes rules and tables, starts work of the machine, or takes figures out. */
import { v7 as uuidv7 } from 'uuid'
import { startCoverageRun } from '../../../../server/contract/coverage.ts'
import { listEvaluationRules } from '../../../../server/contract/evaluation.ts'
import { getWorkflowSettings } from '../../../../server/contract/incidents.ts'
import { startPlanningRun } from '../../../../server/contract/planning.ts'
import { addResponsibilities, listResponsibilities } from '../../../../server/contract/responsibilities.ts'
import { sql } from '../../../../server/db/sql.ts'
import { aSmallCity } from '../../coverage/a-small-city.ts'
import type { Prepare, Scene } from './scene.ts'

const HEAD = '类型,大类名称,小类代码,小类名称,立案条件,处置时限,结案条件'
const CONTENT = { nameZh: '道路不洁', nameEn: 'Dirty road', largeCode: '01', isLocalExtension: false, defaultSeverity: 3, conditions: [{ conditionZh: '有垃圾', closingZh: '清理', limitAmount: 8, limitUnit: 'work_hour' }], source: '市城管委 2026 第 8 号', verified: true }

function aClassTable(): FormData {
  const form = new FormData()
  form.append('options', JSON.stringify({ source: '某市立案标准 2026' }))
  form.append('file', new Blob([[HEAD, '事件,市容环境,0112,道路不洁,有垃圾,1工作日,清理', '事件,市容环境,0113,道路破损,有坑,5工作日,修复'].join('\r\n')]), 'classes.csv')
  return form
}

/** A class of a scheme of its own. */
async function aClass({ api }: Scene) {
  const scheme = `LOG-${uuidv7().slice(-8).toUpperCase()}`
  const answer = await api.fetch(`/api/v1/case-classes/${scheme}/imports`, { method: 'POST', body: aClassTable() })
  if (!answer.ok) throw new Error(await answer.text())
  return { params: { scheme, kind: 'event', code: '0112' }, body: { version: 1, reason: '缩短时限', content: CONTENT } }
}

async function aUnit({ db, city }: Scene): Promise<string> {
  const code = `U${uuidv7().slice(-10)}`
  await db.query(sql`insert into organisations (public_id, city_id, code, kind, name_zh, name_en) values (${uuidv7()}, ${city.cityId}, ${code}, 'department', '环卫中心', 'Sanitation')`)
  return code
}
const aDuty = (unit: string) => ({ classKind: 'event' as const, classCode: '0112', unit, source: '市权责清单 2026' })

async function aDutyOf(scene: Scene) {
  const unit = await aUnit(scene)
  const params = { city: scene.city.key }
  await scene.api.call(addResponsibilities, { params, body: { rows: [aDuty(unit)] } })
  const { rows } = await scene.api.call(listResponsibilities, { params, query: { unit } })
  return { params: { id: rows[0]?.id ?? '' }, body: { ...aDuty(unit), priority: 2 } }
}

const rulesOf = async (scene: Scene) => [{ title: '直派', conditions: { classKind: 'event', classCodes: ['0112'] }, target: await aUnit(scene) }]

/** A city in which coverage can be asked about. */
async function aServedCity({ db }: Scene) {
  const served = await aSmallCity(db)
  await served.park([-100, 0, 100, 100], { name: '东园' })
  await served.parcel([0, 0, 1000, 100])
  return served
}

/** A run in a city of its own, waiting or finished. */
async function aRun(scene: Scene, isToWait: boolean) {
  const { api, jobs } = scene
  const served = await aServedCity(scene)
  jobs.areHeld = isToWait
  const { id } = await api.call(startCoverageRun, { params: { city: served.key }, body: { rule: 'GARDEN_CITY_2022' } })
  await jobs.idle()
  return { params: { city: served.key, run: id } }
}

const SITING = { kind: 'siting', input: { method: 'mclp', p: 1, radiusMeters: 300 } } as const

/** A city in which a site can be chosen. */
async function aCityWithPlots({ db }: Scene) {
  const city = await aSmallCity(db)
  await city.building([0, 0, 20, 20], 30)
  await city.plot([0, 100, 50, 50])
  return city
}

async function aSitingRun(scene: Scene) {
  const city = await aCityWithPlots(scene)
  const { id } = await scene.api.call(startPlanningRun, { params: { city: city.key }, body: SITING })
  await scene.jobs.idle()
  return { params: { city: city.key, run: id } }
}

function anUpload(): FormData {
  const form = new FormData()
  form.set('options', JSON.stringify({ kind: 'facilities', owner: 'test', source: 'test', licence: 'test', set: { class: 'toilet' } }))
  form.set('file', new Blob([JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [114, 30] } }] })]), 'toilets.geojson')
  return form
}

export const OF_RULES: Record<string, Prepare> = {
  setWorkflowSettings: async ({ api, city }) => {
    const { version } = await api.call(getWorkflowSettings, { params: { city: city.key } })
    return { body: { version, filingRole: 'operator', photoCheckClasses: null, requiresPhotos: false, source: '市城管委' } }
  },
  putWorkCalendar: () => ({
    body: { version: 0, definition: { weekdays: [1, 2, 3, 4, 5], slots: [{ from: null, to: null, hours: ['09:00-17:00'] }], holidays: [], extraWorkdays: [], workDayEnds: 'end_of_day', years: [2026], source: '市政府通知', verified: true } },
  }),
  putClockRules: () => ({
    body: { version: 0, definition: { limits: [{ stage: 'accept', limit: { amount: 1.5, unit: 'work_hour' } }], blueShare: 0.4, amberShare: 0.75, darkRedShare: 1.5, reworkTimer: 'remaining', supervisesOverdue: true, supervisesAboutToBeOverdue: false, source: '市城管委', verified: true } },
  }),
  importCaseClasses: () => ({ params: { scheme: `LOG-${uuidv7().slice(-8).toUpperCase()}` }, form: aClassTable() }),
  editCaseClass: aClass,
  endCaseClass: aClass,
  addResponsibilities: async (scene) => ({ body: { rows: [aDuty(await aUnit(scene))] } }),
  changeResponsibility: aDutyOf,
  endResponsibility: aDutyOf,
  putRoutingRules: async (scene) => ({ body: { baseVersion: 0, note: '试', rules: await rulesOf(scene) } }),
  exportReplay: async (scene) => ({ body: { rules: await rulesOf(scene), format: 'csv' } }),
  exportOverrides: () => ({ query: { format: 'csv' } }),
  createServiceRule: () => ({
    body: { code: 'LOG_TEST', facility: 'green', titleZh: '试', titleEn: 'Trial', demand: 'residential', bands: [{ minAreaM2: 0, maxAreaM2: null, zone: 'all', radiusMeters: 300 }], standard: '试', clause: '1' },
  }),
  startCoverageRun: async (scene) => ({ params: { city: (await aServedCity(scene)).key }, body: { rule: 'GARDEN_CITY_2022' } }),
  cancelCoverageRun: async (scene) => ({ ...(await aRun(scene, true)), body: {} }),
  rerunCoverage: (scene) => aRun(scene, false),
  rerunPlanning: (scene) => aSitingRun(scene),
  exportCoverageRun: async (scene) => ({ ...(await aRun(scene, false)), query: { format: 'csv' } }),
  exportManagementGaps: () => ({ params: { layer: 'attention' }, query: { format: 'csv' } }),
  startPlanningRun: async (scene) => ({ params: { city: (await aCityWithPlots(scene)).key }, body: SITING }),
  exportPlanningRun: async (scene) => ({ ...(await aSitingRun(scene)), query: { format: 'csv' } }),
  exportComparison: async (scene) => {
    const { params: { city, run } } = await aRun(scene, false)
    return { params: { city }, query: { runs: `${run},${run}`, format: 'csv' } }
  },
  exportCoverageReport: async (scene) => ({ ...(await aRun(scene, false)), query: { parts: '' } }),
  exportPlanningReport: async (scene) => ({ ...(await aSitingRun(scene)), query: { parts: '' } }),
  exportGapReport: () => ({ params: { layer: 'attention' }, query: { parts: '' } }),
  cancelPlanningRun: async (scene) => {
    const city = await aCityWithPlots(scene)
    scene.jobs.areHeld = true
    const { id } = await scene.api.call(startPlanningRun, { params: { city: city.key }, body: SITING })
    return { params: { city: city.key, run: id }, body: {} }
  },
  createEvaluationRule: async ({ api, city }) => {
    const { rules } = await api.call(listEvaluationRules, { params: { city: city.key } })
    return { body: { content: rules[0]?.content, source: '市考核办〔2026〕1号', verified: true, basedOn: rules[0]?.version } }
  },
  publishPeriod: () => ({ body: { cycle: 'month', day: '2026-10-01' } }),
  exportEvaluation: () => ({ query: { object: 'street', cycle: 'month', day: '2026-10-01', format: 'csv' } }),
  uploadImport: () => ({ form: anUpload() }),
  cancelImport: async ({ api, city, jobs }) => {
    jobs.areHeld = true
    const answer = await api.fetch(`/api/v1/cities/${city.key}/imports`, { method: 'POST', body: anUpload() })
    const { id } = (await answer.json()) as { id: string }
    return { params: { import: id }, body: {} }
  },
  exportAudit: () => ({ query: { action: 'signIn' } }),
  verifyAudit: () => ({ body: { from: '2026-11-19', to: '2026-11-20' } }),
}

/** What the demo city's cases need so that its people can act on them; called at every start. */
import type { Db } from '../db/db.ts'
import { insertDemoSettings, updateNamedDepartments } from './demo-queries.ts'

export { listDemoPeople } from './demo-queries.ts'

/** The demo's history names owners and former bodies; these have their cases now. */
const SUCCESSORS = {
  城市管理执法局: '城管执法大队', 环境卫生中心: '环卫中心', 园林绿化养护公司: '园林中心', 园林绿化中心: '园林中心', 市政设施养护中心: '市政公用中心', 通信基础设施公司: '市政公用中心', 排水管理中心: '市政公用中心',
  水务集团: '市政公用中心', 河道管理处: '市政公用中心', 供电公司: '市政公用中心', 充电设施公司: '市政公用中心', 燃气集团: '应急抢修中心', 体育设施中心: '市政公用中心', 视频监控运维公司: '市政公用中心',
  交通设施维护中心: '道路养护中心', 公共交通集团: '道路养护中心', 地名标志服务中心: '道路养护中心', 住房和城乡建设局: '工地监管站',
} as const

/** A few seconds' work on a slow machine. */
const CASES_AT_ONCE = 1000

/** @returns how many cases were given the body that they named. */
export async function prepareDemoCases(db: Db, cityId: number): Promise<number> {
  await db.transaction((tx) => insertDemoSettings(tx, cityId))
  let all = 0
  for (;;) {
    const some = await db.transaction((tx) => updateNamedDepartments(tx, cityId, SUCCESSORS, CASES_AT_ONCE))
    all += some
    if (some === 0) return all
  }
}

/** The answer of a siting run as tables and features, for every file format alike. */
import type { City } from '../contract/cities.ts'
import type { PlanningRunOf } from '../contract/planning.ts'
import type { SitingAnswer, SitingDrawing } from '../contract/planning-siting.ts'
import type { Column, OutField, OutLayer, Sheet } from '../files/write.ts'

export interface SitingOutcome {
  city: Pick<City, 'key' | 'nameZh' | 'nameEn'>
  run: PlanningRunOf<'siting'> & { result: NonNullable<PlanningRunOf<'siting'>['result']>; passport: NonNullable<PlanningRunOf<'siting'>['passport']> }
  answer: SitingAnswer
  drawing: SitingDrawing
}

export const SITE_COLUMNS: readonly Column[] = [
  { key: 'number', title: '序号 number' },
  { key: 'name', title: '地块 plot' },
  { key: 'community', title: '社区 community' },
  { key: 'gain', title: '增益 gain' },
  { key: 'serves', title: '服务 serves' },
  { key: 'mean_m', title: '平均距离 mean m' },
  { key: 'greatest_m', title: '最远 greatest m' },
  { key: 'radius_m', title: '服务半径 radius m' },
  { key: 'area_m2', title: '面积 area m²' },
  { key: 'land_use', title: '用地 land use' },
  { key: 'ownership', title: '权属 ownership' },
  { key: 'cost', title: '费用 cost' },
  { key: 'runner_up', title: '次选 runner-up' },
  { key: 'worse_by', title: '换用次选差 worse by' },
  { key: 'longitude', title: '经度 longitude' },
  { key: 'latitude', title: '纬度 latitude' },
  { key: 'id', title: 'id' },
]

const round = (value: number | null, digits = 1) => (value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits)

/** One row for each site, by gain. */
export function siteRows({ answer }: SitingOutcome): Record<string, unknown>[] {
  return answer.sites.map((site) => ({
    number: site.number,
    name: site.name,
    community: site.communityName,
    gain: round(site.gain),
    serves: round(site.serves.weight),
    mean_m: round(site.serves.meanMeters),
    greatest_m: round(site.serves.greatestMeters),
    radius_m: site.radiusMeters,
    area_m2: round(site.areaM2),
    land_use: site.landUse,
    ownership: site.ownership,
    cost: round(site.cost, 2),
    runner_up: site.runnerUp && (site.runnerUp.name ?? site.runnerUp.position.join(', ')),
    worse_by: site.runnerUp && round(site.runnerUp.difference),
    longitude: site.position[0],
    latitude: site.position[1],
    id: site.id,
  }))
}

/** The question, its outcome and the method: what makes the numbers repeatable. */
export function passportRows({ city, run, answer }: SitingOutcome): { key: string; value: unknown }[] {
  const { passport, result } = run
  return [
    { key: '城市 city', value: `${city.nameZh} ${city.nameEn} (${city.key})` },
    { key: '计算编号 run', value: run.id },
    { key: '问题 question', value: run.input },
    { key: '依据 basis', value: passport.basis },
    { key: '目标值 objective', value: answer.objective },
    { key: '界 bound', value: answer.bound },
    { key: '差距 gap', value: answer.gap },
    { key: '已证明最优 proven', value: answer.isProven },
    { key: '停止原因 stopped by', value: answer.stoppedBy },
    { key: '服务人口（前）served before', value: answer.before.weight },
    { key: '服务人口（后）served after', value: answer.after.weight },
    { key: '住处 homes', value: result.counts.demands },
    { key: '候选点 candidates', value: result.counts.candidates },
    { key: '现有设施 existing', value: result.counts.existing },
    ...result.notices.map(({ code, zh, en }) => ({ key: code, value: `${zh} ${en}` })),
    { key: '公式 formula', value: passport.formula },
    { key: '方法', value: passport.methodZh },
    { key: 'method', value: passport.methodEn },
    { key: '量算坐标系 measured in', value: `${passport.measureName} (EPSG:${passport.measureSrid})` },
    ...passport.inputs.map((layer) => ({ key: `数据 ${layer.kind}`, value: `${layer.layer} v${layer.version}, ${layer.rows} 行 rows` })),
    { key: '引擎 engine', value: `${passport.engineVersion} / ${passport.engine}` },
    { key: '完成 finished', value: passport.finishedAt },
  ]
}

export function sheetsOf(outcome: SitingOutcome): Sheet[] {
  return [
    { name: '新建点 sites', columns: SITE_COLUMNS, rows: siteRows(outcome) },
    { name: '曲线 curve', columns: [{ key: 'sites', title: '数量 sites' }, { key: 'objective', title: '目标值 objective' }, { key: 'bound', title: '界 bound' }], rows: outcome.answer.curve ?? [] },
    { name: '计算说明 passport', columns: [{ key: 'key', title: '项目 item' }, { key: 'value', title: '内容 value' }], rows: passportRows(outcome) },
  ]
}

const TEXTS = new Set(['name', 'community', 'land_use', 'ownership', 'runner_up', 'id'])
const SITE_FIELDS: readonly OutField[] = SITE_COLUMNS.map(({ key }) => ({ name: key, type: key === 'number' ? 'integer' : TEXTS.has(key) ? 'text' : 'number' }))

/** Sites as features: the plot where there is one, else the point. */
export function siteLayer(outcome: SitingOutcome): OutLayer {
  const shapes = new Map(outcome.drawing.sites.map(({ number, geometry }) => [number, geometry]))
  const rows = siteRows(outcome)
  return { name: 'sites', geometryType: 'Geometry', fields: SITE_FIELDS, features: outcome.answer.sites.map(({ number, position }, index) => ({ geometry: shapes.get(number) ?? { type: 'Point', coordinates: position }, properties: rows[index]! })) }
}

/** Homes with the number of the site that serves them; 0 for what stands, −1 for nobody. */
export function homeLayer({ drawing: { homes } }: SitingOutcome): OutLayer {
  return {
    name: 'homes',
    geometryType: 'Point',
    fields: [{ name: 'served_by', type: 'integer' }, { name: 'weight', type: 'number' }],
    features: homes.servedBy.map((served_by, home) => ({ geometry: { type: 'Point', coordinates: [homes.positions[home * 2]!, homes.positions[home * 2 + 1]!] }, properties: { served_by, weight: homes.weights[home]! } })),
  }
}

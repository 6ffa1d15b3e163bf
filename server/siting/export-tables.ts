/** The answer of a siting run as tables and features, for every file format alike. */
import type { City } from '../contract/cities.ts'
import type { PlanningRunOf } from '../contract/planning.ts'
import type { SitingAnswer, SitingDrawing } from '../contract/planning-siting.ts'
import { RATIO_LABELS } from '../coverage/labels.ts'
import { bandText } from '../coverage/method.ts'
import type { RunFileParts } from '../files/run-file.ts'
import { methodSheet, passportSheet, summarySheet } from '../files/run-sheets.ts'
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
    { key: '为谁 demand', value: RATIO_LABELS[run.input.demand] },
    { key: '服务（前）served before', value: answer.before.weight },
    { key: '服务（后）served after', value: answer.after.weight },
    { key: '权重单位 unit of weights', value: result.unit },
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

function summaryRows({ run, answer }: SitingOutcome) {
  const { unit, counts } = run.result
  const served = (when: string, { weight, meanMeters, greatestMeters }: SitingAnswer['before']) => [
    { item: `${when}：服务半径内 within the radius`, value: weight, unit }, { item: `${when}：平均距离 mean distance`, value: meanMeters, unit: 'm' }, { item: `${when}：最远距离 greatest distance`, value: greatestMeters, unit: 'm' },
  ]
  return [
    { item: '为谁 demand', value: RATIO_LABELS[run.input.demand] }, { item: '新建点 new sites', value: answer.sites.length },
    { item: '目标值 objective', value: answer.objective }, { item: '界 bound', value: answer.bound }, { item: '差距 gap', value: answer.gap }, { item: '已证明最优 proved best', value: answer.isProven }, { item: '停止原因 stopped by', value: answer.stoppedBy },
    ...served('现状 now', answer.before), ...served('建成后 afterwards', answer.after),
    { item: '住处 homes', value: counts.demands }, { item: '权重 weight', value: counts.weight, unit }, { item: '候选点 candidates', value: counts.candidates }, { item: '现有设施 existing', value: counts.existing },
    ...counts.candidatesLeftOut.map(({ reason, count }) => ({ item: `未采用 left out: ${reason}`, value: count })),
  ]
}

/** What stands second to each site, and what it would take to choose it. */
function reasonRows({ answer }: SitingOutcome): Record<string, unknown>[] {
  return answer.sites.map(({ number, name, communityName, serves, gain, loss, runnerUp }) => ({
    number, name: name ?? communityName, demands: serves.demands, weight: round(serves.weight), gain: round(gain), loss: round(loss),
    second: runnerUp && (runnerUp.name ?? runnerUp.communityName ?? runnerUp.position.join(', ')), worse_by: round(runnerUp?.difference ?? null), factor: round(runnerUp?.weightFactor ?? null, 3),
  }))
}
const REASON_COLUMNS: readonly Column[] = [
  { key: 'number', title: '序号 number' }, { key: 'name', title: '地块 plot' }, { key: 'demands', title: '服务住处 homes served' }, { key: 'weight', title: '服务 serves' }, { key: 'gain', title: '增益 gain' }, { key: 'loss', title: '没有它差 worse without' },
  { key: 'second', title: '次选 second' }, { key: 'worse_by', title: '换用次选差 worse by' }, { key: 'factor', title: '改选所需倍数 times the people' },
]

/** Every table of a run. */
export function sheetsOf(outcome: SitingOutcome): Sheet[] {
  const { run, answer } = outcome
  return [
    summarySheet(summaryRows(outcome)),
    { name: '新建点 sites', columns: SITE_COLUMNS, rows: siteRows(outcome) },
    { name: '为什么 why', columns: REASON_COLUMNS, rows: reasonRows(outcome) },
    { name: '曲线 curve', columns: [{ key: 'sites', title: '数量 sites' }, { key: 'objective', title: '目标值 objective' }, { key: 'bound', title: '界 bound' }], rows: answer.curve ?? [] },
    { name: '须知 notices', columns: [{ key: 'code', title: '代码 code' }, { key: 'zh', title: '说明' }, { key: 'en', title: 'notice' }, { key: 'count', title: '数量 count' }, { key: 'weight', title: '权重 weight' }], rows: run.result.notices.map(({ code, zh, en, count, weight }) => ({ code, zh, en, count, weight })) },
    methodSheet(run.passport, run.result.bands.map((band) => ({ key: '服务半径 radius', value: `${bandText(band, true)} | ${bandText(band, false)}` }))),
    passportSheet(passportRows(outcome)),
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

/** The sites of a run as files; a Shapefile holds them as points, since some are plots and some are not. */
export function runFileOf(outcome: SitingOutcome): RunFileParts {
  const { city, run, answer } = outcome
  const rows = siteRows(outcome)
  return {
    baseName: `${city.key}-sites-${run.id}-${run.passport.finishedAt.slice(0, 10)}`,
    table: { columns: SITE_COLUMNS, rows },
    sheets: () => sheetsOf(outcome),
    layer: () => siteLayer(outcome),
    shapeLayer: () => ({ ...siteLayer(outcome), geometryType: 'Point', features: answer.sites.map(({ position }, index) => ({ geometry: { type: 'Point', coordinates: position }, properties: rows[index]! })) }),
    layers: () => [siteLayer(outcome), homeLayer(outcome)],
    passport: () => passportRows(outcome),
  }
}

/** A finished run as tables and features, for every file format alike. */
import { MEND_LABELS, RATIO_LABELS, REASON_LABELS } from './labels.ts'
import type { getCoverageResult } from './coverage.ts'
import type { Column, OutField, OutLayer, Sheet } from '../files/write.ts'

type Result = Awaited<ReturnType<typeof getCoverageResult>>

export const SPOT_COLUMNS: readonly Column[] = [
  { key: 'rank', title: '排名 rank' },
  { key: 'people', title: '人口 people' },
  { key: 'people_method', title: '人口口径 people by' },
  { key: 'area_m2', title: '面积 area m²' },
  { key: 'residential_m2', title: '居住用地 residential m²' },
  { key: 'street', title: '街道 street' },
  { key: 'community', title: '社区 community' },
  { key: 'nearest_name', title: '最近设施 nearest' },
  { key: 'nearest_distance_m', title: '距离 distance m' },
  { key: 'reason', title: '原因 reason' },
  { key: 'walked_m', title: '步行距离 walk m' },
  { key: 'barrier', title: '阻隔 barrier' },
  { key: 'longitude', title: '经度 longitude' },
  { key: 'latitude', title: '纬度 latitude' },
  { key: 'id', title: 'id' },
]

export const UNIT_COLUMNS: readonly Column[] = [
  { key: 'demand', title: '需求 demand' },
  { key: 'level', title: '层级 level' },
  { key: 'code', title: '代码 code' },
  { key: 'name', title: '名称 name' },
  { key: 'covered', title: '已覆盖 covered' },
  { key: 'total', title: '总量 total' },
  { key: 'unit', title: '单位 unit' },
  { key: 'ratio', title: '覆盖率 ratio' },
]

export const MEND_COLUMNS: readonly Column[] = [
  { key: 'rank', title: '排名 rank' },
  { key: 'kind', title: '补救 mend' },
  { key: 'name', title: '名称 name' },
  { key: 'place', title: '位置 place' },
  { key: 'gain', title: '新增 gain' },
  { key: 'unit', title: '单位 unit' },
  { key: 'people', title: '人口 people' },
  { key: 'homes', title: '住处 homes' },
  { key: 'effort', title: '用力（假定） effort, assumed' },
  { key: 'worth', title: '每份用力 gain per effort' },
  { key: 'turn', title: '依次 in turn' },
  { key: 'turn_gain', title: '依次新增 gain in turn' },
  { key: 'together', title: '累计 together' },
  { key: 'length_m', title: '长度 length m' },
  { key: 'way_round_m', title: '绕行 way round m' },
  { key: 'area_m2', title: '面积 area m²' },
  { key: 'radius_m', title: '半径 radius m' },
  { key: 'longitude', title: '经度 longitude' },
  { key: 'latitude', title: '纬度 latitude' },
  { key: 'feature', title: '要素 feature' },
]

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits

/** One row for each blind spot. */
export function spotRows({ spots }: Result): Record<string, unknown>[] {
  return spots.map((spot) => ({
    id: spot.id,
    rank: spot.rank,
    people: spot.people === null ? null : round(spot.people, 1),
    people_method: spot.peopleMethod,
    area_m2: round(spot.areaM2, 1),
    residential_m2: round(spot.residentialM2, 1),
    street: spot.streetName,
    community: spot.communityName,
    nearest_name: spot.nearest?.name ?? null,
    nearest_distance_m: spot.nearest ? round(spot.nearest.distanceMeters, 1) : null,
    reason: spot.why && REASON_LABELS[spot.why.kind],
    walked_m: spot.why?.walkedMeters == null ? null : round(spot.why.walkedMeters, 1),
    barrier: spot.why?.barrier ? (spot.why.barrier.name ?? spot.why.barrier.class) : null,
    longitude: round(spot.center[0], 7),
    latitude: round(spot.center[1], 7),
  }))
}

/** One row for each mend that was computed of the run; none where none were. */
export function mendRows({ mends }: Result): Record<string, unknown>[] {
  return (mends?.mends ?? []).map(({ edit, turn, center, ...mend }) => ({
    rank: mend.rank, kind: MEND_LABELS[edit.kind], name: mend.name, place: mend.place, gain: round(mend.gain, 1), unit: mends!.unit, people: round(mend.people, 1), homes: mend.homes,
    effort: round(mend.effort, 2), worth: round(mend.worth, 2), turn: turn?.number ?? null, turn_gain: turn && round(turn.gain, 1), together: turn && round(turn.togetherGain, 1),
    length_m: 'lengthMeters' in edit ? round(edit.lengthMeters, 1) : null, way_round_m: mend.wayRoundMeters === null ? null : round(mend.wayRoundMeters, 1), area_m2: 'areaM2' in edit ? round(edit.areaM2, 1) : null, radius_m: mend.radiusMeters,
    longitude: center[0], latitude: center[1], feature: 'facilityId' in edit ? edit.facilityId : 'plotId' in edit ? edit.plotId : null,
  }))
}

/** One row for each demand and unit. */
export function unitRows({ units, run }: Result): Record<string, unknown>[] {
  return units.flatMap(({ demand, units: of }) =>
    of.map((unit) => ({ demand: RATIO_LABELS[demand], level: unit.level, code: unit.code, name: unit.name, covered: unit.covered, total: unit.total, unit: run.summary.ratios[demand]?.unit ?? null, ratio: unit.ratio })),
  )
}

/** The question, the rule, the sources and the method: what makes the numbers repeatable. */
export function passportRows({ city, run }: Result): { key: string; value: unknown }[] {
  const { passport, summary } = run
  return [
    { key: '城市 city', value: `${city.nameZh} ${city.nameEn} (${city.key})` },
    { key: '计算编号 run', value: run.id },
    { key: '设施 facility', value: passport.rule?.facility ?? (passport.input as { facility?: string }).facility },
    { key: '规则 rule', value: passport.rule ? `${passport.rule.code} v${passport.rule.version} ${passport.rule.titleZh}` : '自定半径 plain radius' },
    { key: '标准 standard', value: passport.rule ? `${passport.rule.standard} ${passport.rule.clause}${passport.rule.verified ? '' : '（未核对原文 not verified against the text）'}` : null },
    { key: '问题 question', value: passport.input },
    { key: '公式 formula', value: passport.formula },
    { key: '方法', value: passport.methodZh },
    { key: 'method', value: passport.methodEn },
    { key: '量算坐标系 measured in', value: `${passport.measureName} (EPSG:${passport.measureSrid})` },
    ...passport.inputs.map((layer) => ({ key: `数据 ${layer.kind}`, value: `${layer.layer} v${layer.version}, ${layer.rows} 行 rows` })),
    { key: '计入设施 counted', value: summary.facilitiesCounted },
    ...summary.notCounted.map((refusal) => ({ key: `未计入 not counted: ${refusal.reason}`, value: refusal.count })),
    { key: '服务面积 served m²', value: summary.servedAreaM2 },
    { key: '多边形误差 polygon error', value: `≤ ${summary.polygonError.relativeAreaBound.toExponential(2)} (${summary.polygonError.quadSegments} segments per quarter circle)` },
    { key: '引擎 engine', value: `${passport.engineVersion} / ${passport.engine}` },
    { key: '完成 finished', value: passport.finishedAt },
  ]
}

export function sheetsOf(result: Result): Sheet[] {
  return [
    { name: '盲区 blind spots', columns: SPOT_COLUMNS, rows: spotRows(result) },
    ...(result.mends ? [{ name: '补救 mends', columns: MEND_COLUMNS, rows: mendRows(result) }] : []),
    { name: '单元 units', columns: UNIT_COLUMNS, rows: unitRows(result) },
    {
      name: '敏感性 sensitivity',
      columns: [
        { key: 'label', title: '情形 scenario' },
        { key: 'covered', title: '已覆盖 covered' },
        { key: 'total', title: '总量 total' },
        { key: 'ratio', title: '覆盖率 ratio' },
      ],
      rows: result.run.summary.sensitivity,
    },
    { name: '计算说明 passport', columns: [{ key: 'key', title: '项目 item' }, { key: 'value', title: '内容 value' }], rows: passportRows(result) },
  ]
}

const NUMBERS = new Set(['people', 'area_m2', 'residential_m2', 'nearest_distance_m', 'walked_m', 'longitude', 'latitude'])

const SPOT_FIELDS: readonly OutField[] = SPOT_COLUMNS.map(({ key }) => ({ name: key, type: key === 'rank' ? 'integer' : NUMBERS.has(key) ? 'number' : 'text' }))

/** Blind spots as features, in rank order. */
export function spotLayer(result: Result): OutLayer {
  const rows = spotRows(result)
  return { name: 'blind_spots', geometryType: 'MultiPolygon', fields: SPOT_FIELDS, features: result.spots.map((spot, index) => ({ geometry: spot.geometry, properties: rows[index]! })) }
}

/** Blind spots, the served area and the passport, as the layers of one file. */
export function layersOf(result: Result): OutLayer[] {
  return [
    spotLayer(result),
    { name: 'served_area', geometryType: 'MultiPolygon', fields: [{ name: 'area_m2', type: 'number' }], features: result.served ? [{ geometry: result.served, properties: { area_m2: result.run.summary.servedAreaM2 } }] : [] },
    {
      name: 'passport',
      geometryType: 'Geometry',
      fields: [
        { name: 'key', type: 'text' },
        { name: 'value', type: 'text' },
      ],
      features: passportRows(result).map(({ key, value }) => ({ geometry: null, properties: { key, value: typeof value === 'string' ? value : JSON.stringify(value) } })),
    },
  ]
}

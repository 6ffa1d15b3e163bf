/** A finished run as tables and features, for every file format alike. */
import { barrierText } from '../contract/barrier-names.ts'
import type { CoverageRatio, Demand } from '../contract/coverage.ts'
import { MEND_COLUMNS, mendLayerOf, mendRows as rowsOfMends } from '../mends/export-tables.ts'
import { notCountedLabel, RATIO_LABELS, REASON_LABELS } from './labels.ts'
import { notEnteredOfCoverage, notEnteredSheet } from './not-entered.ts'
import type { getCoverageResult } from './coverage.ts'
import type { RunFileParts } from '../files/run-file.ts'
import { methodSheet, passportSheet, summarySheet } from '../files/run-sheets.ts'
import type { Column, OutField, OutLayer, Sheet } from '../files/write.ts'
import { bandText } from './method.ts'

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
  { key: 'cause', title: '不计入的设施 what does not count' },
  { key: 'cause_area_m2', title: '其面积 its area m²' },
  { key: 'cause_distance_m', title: '其距离 its distance m' },
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
    barrier: spot.why?.barrier ? barrierText(spot.why.barrier) : null,
    cause: spot.why?.cause ? (spot.why.cause.name ?? spot.why.cause.id) : null,
    cause_area_m2: spot.why?.cause?.areaM2 == null ? null : round(spot.why.cause.areaM2, 1),
    cause_distance_m: spot.why?.cause ? round(spot.why.cause.distanceMeters, 1) : null,
    longitude: round(spot.center[0], 7),
    latitude: round(spot.center[1], 7),
  }))
}

/** One row for each mend that was computed of the run; none where none were. */
const mendRows = ({ mends }: Result): Record<string, unknown>[] => (mends ? rowsOfMends(mends) : [])

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

/** Key figures: every ratio, blind spots, facilities, what only the straight line serves. */
function summaryRows({ run: { summary } }: Result) {
  const ratios = Object.entries(summary.ratios) as [Demand, CoverageRatio][]
  return [
    ...ratios.flatMap(([demand, { covered, total, ratio, unit }]) => [
      { item: `${RATIO_LABELS[demand]}：已覆盖 covered`, value: covered, unit }, { item: `${RATIO_LABELS[demand]}：总量 total`, value: total, unit }, { item: `${RATIO_LABELS[demand]}：覆盖率 ratio`, value: ratio },
    ]),
    { item: '目标 target', value: summary.target },
    { item: '盲区 blind spots', value: summary.blindSpotCount }, { item: '盲区面积 area of blind spots', value: summary.blindSpotAreaM2, unit: 'm2' }, { item: '盲区人口 people in blind spots', value: summary.blindSpotPeople, unit: 'people' },
    { item: '未列出的碎片 slivers left out', value: summary.sliversDropped.count }, { item: '碎片面积 area of slivers', value: summary.sliversDropped.areaM2, unit: 'm2' },
    { item: '计入设施 facilities counted', value: summary.facilitiesCounted }, { item: '服务面积 served area', value: summary.servedAreaM2, unit: 'm2' },
    ...(summary.walking ? [{ item: '仅直线覆盖 served on paper only', value: summary.walking.straight.only }, { item: '直线覆盖率 ratio by the straight line', value: summary.walking.straight.ratio }, { item: '无法走入的设施 facilities that nobody can walk into', value: summary.walking.withoutGate.count }] : []),
  ]
}

/** Blind spots and their people by reason; none in runs of earlier days. */
export function reasonRows({ spots }: Result): Record<string, unknown>[] {
  const sums = new Map<string, { spots: number; people: number }>()
  for (const { why, people } of spots) {
    if (!why) continue
    const sum = sums.get(why.kind) ?? { spots: 0, people: 0 }
    sums.set(why.kind, { spots: sum.spots + 1, people: sum.people + (people ?? 0) })
  }
  return [...sums].map(([kind, sum]) => ({ reason: REASON_LABELS[kind as keyof typeof REASON_LABELS], spots: sum.spots, people: round(sum.people, 1) })).toSorted((a, b) => b.people - a.people)
}

/** Every table of a run. */
export function sheetsOf(result: Result): Sheet[] {
  const { run } = result
  const { rule } = run.passport
  const reasons = reasonRows(result)
  const shut = notEnteredOfCoverage(run.summary.walking)
  return [
    summarySheet(summaryRows(result)),
    { name: '盲区 blind spots', columns: SPOT_COLUMNS, rows: spotRows(result) },
    ...(reasons.length > 0 ? [{ name: '原因 reasons', columns: [{ key: 'reason', title: '原因 reason' }, { key: 'spots', title: '盲区 blind spots' }, { key: 'people', title: '人口 people' }], rows: reasons }] : []),
    ...(result.mends ? [{ name: '补救 mends', columns: MEND_COLUMNS, rows: mendRows(result) }] : []),
    { name: '单元 units', columns: UNIT_COLUMNS, rows: unitRows(result) },
    {
      name: '敏感性 sensitivity',
      columns: [
        { key: 'label', title: '情形 scenario' },
        { key: 'radiusFactor', title: '半径倍数 radius ×' },
        { key: 'minAreaFactor', title: '最小面积倍数 least area ×' },
        { key: 'covered', title: '已覆盖 covered' },
        { key: 'total', title: '总量 total' },
        { key: 'ratio', title: '覆盖率 ratio' },
      ],
      rows: run.summary.sensitivity,
    },
    ...(shut.length > 0 ? [notEnteredSheet(shut)] : []),
    { name: '未计入 not counted', columns: [{ key: 'reason', title: '原因 reason' }, { key: 'count', title: '数量 count' }, { key: 'examples', title: '例 such as' }], rows: run.summary.notCounted.map(({ reason, count, examples }) => ({ reason: notCountedLabel(reason), count, examples: examples.flatMap(({ name }) => name ?? []).join('、') })) },
    methodSheet(run.passport, rule ? [{ key: '规则 rule', value: `${rule.code} v${rule.version}` }, { key: '名称 title', value: `${rule.titleZh} ${rule.titleEn}` }, ...rule.bands.map((band) => ({ key: '分级 band', value: `${bandText(band, true)} | ${bandText(band, false)}` })), { key: '目标 target', value: rule.target }, { key: '标准 standard', value: rule.standard }, { key: '条文 clause', value: rule.clause }, { key: '已核对原文 checked', value: rule.verified }, { key: '说明 note', value: rule.note }] : []),
    passportSheet(passportRows(result)),
  ]
}

const NUMBERS = new Set(['cause_area_m2', 'cause_distance_m', 'people', 'area_m2', 'residential_m2', 'nearest_distance_m', 'walked_m', 'longitude', 'latitude'])

const SPOT_FIELDS: readonly OutField[] = SPOT_COLUMNS.map(({ key }) => ({ name: key, type: key === 'rank' ? 'integer' : NUMBERS.has(key) ? 'number' : 'text' }))

/** Blind spots as features, in rank order. */
export function spotLayer(result: Result): OutLayer {
  const rows = spotRows(result)
  return { name: 'blind_spots', geometryType: 'MultiPolygon', fields: SPOT_FIELDS, features: result.spots.map((spot, index) => ({ geometry: spot.geometry, properties: rows[index]! })) }
}

/** Mends as features, each where it is done. */
function mendLayer(result: Result): OutLayer {
  return mendLayerOf(mendRows(result), (result.mends?.mends ?? []).map(({ edit }) => edit.geometry))
}

/** Tables of which a CSV file holds one. */
export const CSV_TABLES = ['blind_spots', 'units', 'mends'] as const
export type CsvTable = (typeof CSV_TABLES)[number]

/** A finished run as files. @param table which table a CSV holds; the other formats hold everything they can */
export function runFileOf(result: Result, table: CsvTable = 'blind_spots'): RunFileParts {
  const { city, run } = result
  const tables = { blind_spots: () => ({ columns: SPOT_COLUMNS, rows: spotRows(result) }), units: () => ({ columns: UNIT_COLUMNS, rows: unitRows(result) }), mends: () => ({ columns: MEND_COLUMNS, rows: mendRows(result) }) }
  return {
    baseName: `${city.key}-coverage-${run.id}-${run.passport.finishedAt.slice(0, 10)}`,
    table: tables[table](),
    sheets: () => sheetsOf(result),
    layer: () => spotLayer(result),
    layers: () => [
      spotLayer(result),
      { name: 'served_area', geometryType: 'MultiPolygon', fields: [{ name: 'area_m2', type: 'number' }], features: result.served ? [{ geometry: result.served, properties: { area_m2: run.summary.servedAreaM2 } }] : [] },
      ...(result.mends ? [mendLayer(result)] : []),
    ],
    passport: () => passportRows(result),
  }
}

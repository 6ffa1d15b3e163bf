/** Mends as tables and features, for every file format alike. */
import type { CityRow } from '../cities/cities.ts'
import type { MendsResult } from '../contract/mends.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import { MEND_LABELS, RATIO_LABELS } from '../coverage/labels.ts'
import type { PassportRow, RunFileParts } from '../files/run-file.ts'
import { methodSheet, passportSheet, summarySheet } from '../files/run-sheets.ts'
import type { Column, OutField, OutLayer } from '../files/write.ts'

export interface MendsFile {
  city: CityRow
  id: string
  result: MendsResult
  passport: PlanningPassport
}

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
const TEXTS = new Set(['kind', 'name', 'place', 'unit', 'feature'])
const INTEGERS = new Set(['rank', 'homes', 'turn'])
const FIELDS: readonly OutField[] = MEND_COLUMNS.map(({ key }) => ({ name: key, type: TEXTS.has(key) ? 'text' : INTEGERS.has(key) ? 'integer' : 'number' }))

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits

/** One row for each mend, by rank. */
export function mendRows({ mends, unit }: MendsResult): Record<string, unknown>[] {
  return mends.map(({ edit, turn, center, ...mend }) => ({
    rank: mend.rank, kind: MEND_LABELS[edit.kind], name: mend.name, place: mend.place, gain: round(mend.gain, 1), unit, people: round(mend.people, 1), homes: mend.homes,
    effort: round(mend.effort, 2), worth: round(mend.worth, 2), turn: turn?.number ?? null, turn_gain: turn && round(turn.gain, 1), together: turn && round(turn.togetherGain, 1),
    length_m: 'lengthMeters' in edit ? round(edit.lengthMeters, 1) : null, way_round_m: mend.wayRoundMeters === null ? null : round(mend.wayRoundMeters, 1), area_m2: 'areaM2' in edit ? round(edit.areaM2, 1) : null, radius_m: mend.radiusMeters,
    longitude: center[0], latitude: center[1], feature: 'facilityId' in edit ? edit.facilityId : 'plotId' in edit ? edit.plotId : null,
  }))
}

/** Rows with the places where they are done. */
export function mendLayerOf(rows: readonly Record<string, unknown>[], geometries: readonly { type: string; coordinates: unknown }[]): OutLayer {
  return { name: 'mends', geometryType: 'Geometry', fields: FIELDS, features: geometries.map((geometry, at) => ({ geometry, properties: rows[at]! })) }
}

function passportRows({ city, id, result, passport }: MendsFile): PassportRow[] {
  return [
    { key: '城市 city', value: `${city.nameZh} ${city.nameEn} (${city.key})` },
    { key: '计算编号 run', value: id },
    { key: '覆盖计算 coverage run', value: result.run },
    { key: '依据 basis', value: passport.basis },
    { key: '公式 formula', value: passport.formula },
    { key: '方法', value: passport.methodZh },
    { key: 'method', value: passport.methodEn },
    ...passport.inputs.map((layer) => ({ key: `数据 ${layer.kind}`, value: `${layer.layer} v${layer.version}, ${layer.rows} 行 rows` })),
    { key: '量算坐标系 measured in', value: `${passport.measureName} (EPSG:${passport.measureSrid})` },
    { key: '引擎 engine', value: `${passport.engineVersion} / ${passport.engine}` },
    { key: '完成 finished', value: passport.finishedAt },
  ]
}

/** The mends of a run as files; a Shapefile holds the middle of each, since they are points, lines and areas. */
export function runFileOf(file: MendsFile): RunFileParts {
  const { city, id, result, passport } = file
  const rows = mendRows(result)
  const layer = () => mendLayerOf(rows, result.mends.map(({ edit }) => edit.geometry))
  const settings = Object.entries(result.settings).map(([key, value]) => ({ key, value }))
  return {
    baseName: `${city.key}-mends-${id}-${passport.finishedAt.slice(0, 10)}`,
    table: { columns: MEND_COLUMNS, rows },
    sheets: () => [
      summarySheet([
        { item: `${RATIO_LABELS[result.demand]}：未覆盖 not served`, value: result.unserved.gain, unit: result.unit }, { item: '未覆盖人口 people not served', value: result.unserved.people, unit: 'people' }, { item: '未覆盖住处 homes not served', value: result.unserved.homes },
        { item: '列出的补救 mends listed', value: result.mends.length }, { item: '与更好的相近而未列 alike and not listed', value: result.notListed.alike }, { item: '列表之外 beyond the list', value: result.notListed.beyond },
      ]),
      { name: '补救 mends', columns: MEND_COLUMNS, rows },
      {
        name: '类别 kinds',
        columns: [{ key: 'kind', title: '补救 mend' }, { key: 'found', title: '看过 looked at' }, { key: 'computed', title: '算过 computed' }, { key: 'gaining', title: '有效 gaining' }, { key: 'leftOut', title: '未算 left out' }, { key: 'missing', title: '没有的原因 why none' }],
        rows: result.kinds.map((one) => ({ ...one, kind: MEND_LABELS[one.kind] })),
      },
      { name: '盲区最好 best of spots', columns: [{ key: 'spot', title: '盲区 blind spot' }, { key: 'mend', title: '补救排名 rank of mend' }, { key: 'gain', title: '新增 gain' }], rows: result.spots },
      methodSheet(passport, settings),
      passportSheet(passportRows(file)),
    ],
    layer,
    shapeLayer: () => ({ ...layer(), geometryType: 'Point', features: result.mends.map(({ center }, at) => ({ geometry: { type: 'Point', coordinates: center }, properties: rows[at]! })) }),
    layers: () => [layer()],
    passport: () => passportRows(file),
  }
}

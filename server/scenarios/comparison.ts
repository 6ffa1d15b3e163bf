/** Versions of a scenario beside each other, and beside the city as it is, as files: each a finished coverage run of the same question. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CityRow } from '../cities/cities.ts'
import type { CoverageInput, CoverageUnit } from '../contract/coverage.ts'
import type { RunFileFormat } from '../contract/run-files.ts'
import type { AppContext } from '../context.ts'
import { getCoverageResult } from '../coverage/coverage.ts'
import { listAreaShapes } from '../coverage/queries.ts'
import { AppError } from '../errors.ts'
import { makeRunFile, type PassportRow, type RunFileParts, type SentRunFile } from '../files/run-file.ts'
import { methodSheet, passportSheet } from '../files/run-sheets.ts'
import type { Column, OutField } from '../files/write.ts'
import { findScenario } from './queries.ts'

type Result = Awaited<ReturnType<typeof getCoverageResult>>

interface Compared {
  title: string
  result: Result
  input: CoverageInput
}

async function read(context: Pick<AppContext, 'db'>, cityKey: string, runs: readonly string[]): Promise<{ city: CityRow; compared: Compared[] }> {
  const compared: Compared[] = []
  for (const run of runs) {
    const result = await getCoverageResult(context, cityKey, run)
    const input = result.run.input as CoverageInput
    const scenario = input.scenario && (await findScenario(context.db, result.city.cityId, input.scenario.id))
    compared.push({ title: input.scenario ? `${scenario?.title ?? input.scenario.id} v${input.scenario.version}` : '现状 as it is', result, input })
  }
  const [first, ...others] = compared
  const asked = (one: Compared) => [one.input.facility, one.input.demand, one.input.ruler ?? 'straight', one.input.rule ?? one.input.radiusMeters].join(' · ')
  const other = others.find((one) => asked(one) !== asked(first!))
  if (other) throw new AppError('bad_request', `所比较的计算问的不是同一个问题。Runs can be compared where they ask the same: ${asked(first!)} is not ${asked(other)}.`)
  return { city: first!.result.city, compared }
}

const COMMON: readonly Column[] = [{ key: 'level', title: '层级 level' }, { key: 'code', title: '代码 code' }, { key: 'name', title: '名称 name' }]

/** One row for each unit; the change is against the first run. */
function unitRows(compared: readonly Compared[]): Record<string, unknown>[] {
  const ofRun = compared.map(({ result, input }) => new Map(result.units.filter(({ demand }) => demand === input.demand).flatMap(({ units }) => units.filter(({ level }) => level !== 'cell').map((unit): [string, CoverageUnit] => [`${unit.level} ${unit.code}`, unit]))))
  return [...new Set(ofRun.flatMap((units) => [...units.keys()]))].map((key) => {
    const units = ofRun.map((one) => one.get(key))
    const known = units.find((unit) => unit !== undefined)!
    const was = units[0]
    return {
      level: known.level, code: known.code, name: known.name,
      ...Object.fromEntries(units.flatMap((unit, at) => [[`covered_${at}`, unit?.covered ?? null], [`total_${at}`, unit?.total ?? null], [`ratio_${at}`, unit?.ratio ?? null], ...(at === 0 ? [] : [[`change_${at}`, unit && was ? unit.covered - was.covered : null]])])),
    }
  })
}

function columnsOf(compared: readonly Compared[]): Column[] {
  return [...COMMON, ...compared.flatMap(({ title }, at) => [{ key: `covered_${at}`, title: `${title}：已覆盖 covered` }, { key: `total_${at}`, title: `${title}：总量 total` }, { key: `ratio_${at}`, title: `${title}：覆盖率 ratio` }, ...(at === 0 ? [] : [{ key: `change_${at}`, title: `${title}：变化 change` }])])]
}

function summaryRows(compared: readonly Compared[]) {
  const was = compared[0]!
  return compared.map((one) => {
    const ratio = one.result.run.summary.ratios[one.input.demand]
    const before = was.result.run.summary.ratios[was.input.demand]
    return { version: one.title, covered: ratio?.covered ?? null, total: ratio?.total ?? null, ratio: ratio?.ratio ?? null, change: one === was || !ratio || !before ? null : ratio.covered - before.covered, unit: ratio?.unit ?? null, spots: one.result.run.summary.blindSpotCount, people: one.result.run.summary.blindSpotPeople, run: one.result.run.id }
  })
}

function passportRows({ city, compared }: { city: CityRow; compared: readonly Compared[] }): PassportRow[] {
  return [
    { key: '城市 city', value: `${city.nameZh} ${city.nameEn} (${city.key})` },
    { key: '问题 question', value: compared[0]!.result.run.passport.input },
    ...compared.flatMap(({ title, result: { run } }, at): PassportRow[] => [{ key: `${at}: ${title}`, value: run.id }, { key: `${at}: 完成 finished`, value: run.passport.finishedAt }, { key: `${at}: 引擎 engine`, value: `${run.passport.engineVersion} / ${run.passport.engine}` }, { key: `${at}: 指纹 key`, value: run.passport.key }]),
    { key: '量算坐标系 measured in', value: `${city.measureName} (EPSG:${city.measureSrid})` },
  ]
}

/** The file, written down in the log before it is handed out. @throws AppError not_found, conflict for a run without a result, bad_request where they ask different things */
export async function getComparisonFile(context: AppContext, principal: Principal, cityKey: string, runs: readonly string[], format: RunFileFormat): Promise<SentRunFile> {
  const { city, compared } = await read(context, cityKey, runs)
  const columns = columnsOf(compared)
  const rows = unitRows(compared)
  const shapes = format === 'csv' || format === 'xlsx' ? new Map<string, never>() : new Map((await listAreaShapes(context.db, city.cityId)).map(({ level, code, geometry }) => [`${level} ${code}`, geometry]))
  const fields: OutField[] = columns.map(({ key }) => ({ name: key, type: COMMON.some((one) => one.key === key) ? 'text' : 'number' }))
  const layer = () => ({ name: 'comparison', geometryType: 'MultiPolygon' as const, fields, features: rows.flatMap((row) => { const geometry = shapes.get(`${String(row['level'])} ${String(row['code'])}`); return geometry ? [{ geometry, properties: row }] : [] }) })
  const parts: RunFileParts = {
    baseName: `${city.key}-comparison-${context.clock().toISOString().slice(0, 10)}`,
    table: { columns, rows },
    sheets: () => [
      { name: '概要 summary', columns: [{ key: 'version', title: '版本 version' }, { key: 'covered', title: '已覆盖 covered' }, { key: 'total', title: '总量 total' }, { key: 'ratio', title: '覆盖率 ratio' }, { key: 'change', title: '变化 change' }, { key: 'unit', title: '单位 unit' }, { key: 'spots', title: '盲区 blind spots' }, { key: 'people', title: '盲区人口 people in blind spots' }, { key: 'run', title: '计算编号 run' }], rows: summaryRows(compared) },
      { name: '单元 units', columns, rows },
      methodSheet(compared[0]!.result.run.passport),
      passportSheet(passportRows({ city, compared })),
    ],
    layer,
    layers: () => [layer()],
    passport: () => passportRows({ city, compared }),
  }
  const file = await makeRunFile(parts, format)
  await context.db.transaction((tx) => recordAudit(tx, principal, city.cityId, { domain: 'exports', action: 'exportComparison', objectKind: 'city', objectId: city.key, details: { format, runs: [...runs] } }, context.clock()))
  return file
}

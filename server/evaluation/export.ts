/** A table as a file: figures, scores and ranks, with formulas, versions and the instant written in. */
import { getCity } from '../cities/cities.ts'
import type { Asked, EVALUATION_EXPORT_FORMATS, EvaluatedObject, EvaluationTable, IndicatorView, Publication } from '../contract/evaluation.ts'
import { OBJECT_LABELS } from '../contract/evaluation-objects.ts'
import { CYCLE_LABELS, periodName } from '../contract/evaluation-periods.ts'
import { type IndicatorKey, isIndicator } from '../contract/evaluation-rates.ts'
import type { Queryable } from '../db/db.ts'
import { type Column, csvCell, csvRows, writeXlsx } from '../files/write.ts'
import { computeTable, frameOf } from './evaluation.ts'
import { getPublication } from './publications.ts'
import { indicatorViews } from './registry.ts'
import { listRules } from './rule-queries.ts'

export interface EvaluationFile {
  fileName: string
  mediaType: string
  bytes: Buffer | string
}

export interface ExportAsked extends Asked {
  indicators?: readonly IndicatorKey[] | undefined
  publication?: string | undefined
  format: (typeof EVALUATION_EXPORT_FORMATS)[number]
}

const UNITS: Record<IndicatorView['unit'], string> = { percent: '%', hours: '小时 h', cases: '件 cases', times: '次 times' }
const UNRANKED = { sample: '样本不足，不排名 sample too small', no_value: '无值 no value', no_object: '不属任何对象 of no object' } as const

function columnsOf(views: readonly IndicatorView[]): Column[] {
  return [
    { key: 'rank', title: '名次 Rank' },
    { key: 'name', title: '名称 Name' },
    { key: 'key', title: '代码 Code' },
    { key: 'score', title: '得分 Score' },
    { key: 'scoreLow', title: '得分下限 Score at least' },
    { key: 'scoreHigh', title: '得分上限 Score at most' },
    { key: 'grade', title: '等级 Grade (1-5)' },
    { key: 'deduction', title: '重复发生扣分 Deduction' },
    { key: 'sample', title: '样本 Sample' },
    { key: 'note', title: '说明 Note' },
    ...views.flatMap((view) => {
      const name = `${view.nameZh} ${view.nameEn}`
      if (view.kind === 'count') return [{ key: `${view.key} exempted`, title: `${name}（${UNITS[view.unit]}）` }, { key: `${view.key} raw`, title: `${name} 原始 raw（${UNITS[view.unit]}）` }]
      return [
        { key: `${view.key} exempted`, title: `${name} 豁免后 exempted（${UNITS[view.unit]}）` },
        { key: `${view.key} raw`, title: `${name} 原始 raw（${UNITS[view.unit]}）` },
        { key: `${view.key} numerator`, title: `${name} 分子 numerator` },
        { key: `${view.key} denominator`, title: `${name} 分母 denominator` },
        { key: `${view.key} low`, title: `${name} 区间下限 interval from` },
        { key: `${view.key} high`, title: `${name} 区间上限 interval to` },
      ]
    }),
  ]
}

function rowOf(object: Pick<EvaluatedObject, 'figures'> & Partial<EvaluatedObject>, views: readonly IndicatorView[]): Record<string, unknown> {
  return {
    rank: object.rank, name: object.key === '' ? '未定区域 in no area' : object.name, key: object.key, score: object.score, scoreLow: object.scoreInterval?.[0], scoreHigh: object.scoreInterval?.[1], grade: object.grade,
    deduction: object.deduction, sample: object.sample, note: object.unranked ? UNRANKED[object.unranked] : null,
    ...Object.fromEntries(
      views.flatMap(({ key, kind }) => {
        const figure = object.figures[key]
        const values: [string, unknown][] = [[`${key} exempted`, figure?.exempted.value], [`${key} raw`, figure?.raw.value]]
        if (kind === 'count') return values
        return [...values, [`${key} numerator`, figure?.exempted.numerator], [`${key} denominator`, figure?.exempted.denominator], [`${key} low`, figure?.exempted.interval?.[0]], [`${key} high`, figure?.exempted.interval?.[1]]] as [string, unknown][]
      }),
    ),
  }
}

interface About {
  what: string
  value: unknown
}

function aboutOf(city: { nameZh: string; nameEn: string; key: string }, table: EvaluationTable, publication: Publication | null, rule: { version: number; source: string; verified: boolean }): About[] {
  const name = periodName(table)
  return [
    { what: '城市 City', value: `${city.nameZh} ${city.nameEn} (${city.key})` },
    { what: '评价对象 Object', value: `${OBJECT_LABELS[table.object].zh} ${OBJECT_LABELS[table.object].en}` },
    { what: '周期 Period', value: `${CYCLE_LABELS[table.cycle].zh} ${CYCLE_LABELS[table.cycle].en} · ${name.zh} ${name.en} (${table.fromDay} ≤ d < ${table.untilDay})` },
    { what: '截至 As of', value: table.asOf },
    { what: '性质 Status', value: publication ? `已发布第 ${publication.version} 版 published, version ${publication.version}; ${publication.publishedBy} ${publication.publishedAt}; SHA-256 ${publication.contentHash}` : `未发布的即时数据 live, not published${table.isOpen ? '；周期未结束 period not over' : ''}` },
    { what: '排名口径 Ranked by', value: table.basis === 'exempted' ? '豁免后 exempted' : '原始 raw' },
    { what: '最小样本 Minimum sample', value: `${table.sampleIndicator} ≥ ${table.minimumSample}` },
    { what: '指标版本 Registry version', value: table.registryVersion },
    { what: '规则版本 Rules version', value: `${rule.version}${rule.verified ? '' : '（待核定 not settled by the city）'} · ${rule.source}` },
  ]
}

const FORMULA_COLUMNS: Column[] = [
  { key: 'key', title: '代码 Key' }, { key: 'name', title: '指标 Indicator' }, { key: 'zh', title: '公式' }, { key: 'en', title: 'Formula' }, { key: 'unit', title: '单位 Unit' }, { key: 'version', title: '版本 Version' }, { key: 'source', title: '来源 Source' }, { key: 'sql', title: 'SQL' },
]

function formulaRows(views: readonly IndicatorView[]): Record<string, unknown>[] {
  return views.map((view) => ({ key: view.key, name: `${view.nameZh} ${view.nameEn}`, zh: view.formulaZh, en: view.formulaEn, unit: UNITS[view.unit], version: view.version, source: view.source, sql: view.sql }))
}

/** The live table or a publication as a file. @throws AppError as `evaluate` and `getPublication`. */
export async function exportEvaluation(db: Queryable, cityKey: string, asked: ExportAsked, at: Date): Promise<EvaluationFile> {
  const frozen = asked.publication === undefined ? null : await getPublication(db, cityKey, asked.publication, asked.object)
  const city = await getCity(db, cityKey)
  const rules = await listRules(db, city.cityId, 200)
  const frame = frozen ? null : await frameOf(db, cityKey, asked, at)
  const table = frozen?.table ?? (frame ? await computeTable(db, frame, asked.object, asked.indicators, asked.basis) : null)
  const rule = rules.find((one) => one.version === table?.ruleVersion && (frame === null || one.ruleId === frame.rule.ruleId))
  if (!table || !rule) throw new TypeError('a table without its rules')
  const shown = new Set<string>(asked.indicators ?? table.indicators)
  const all = new Map(indicatorViews(rule.content).map((view) => [view.key, view]))
  const views = table.indicators.filter((key) => shown.has(key) && isIndicator(key)).flatMap((key) => all.get(key) ?? [])
  const columns = columnsOf(views)
  const rows = [rowOf({ name: '合计 Total', key: '', figures: table.total }, views), ...table.objects.map((object) => rowOf(object, views))]
  rows[0] = { ...rows[0], name: '合计 Total' }
  const about = aboutOf(city, table, frozen?.publication ?? null, rule)
  const baseName = `evaluation-${city.key}-${table.object}-${table.cycle}-${table.fromDay}${frozen ? `-v${frozen.publication.version}` : ''}`
  if (asked.format === 'csv') {
    const head = [...about.map(({ what, value }) => `# ${what}: ${String(value)}`), ...views.map((view) => `# ${view.key} v${view.version}: ${view.nameZh} = ${view.formulaZh} · ${view.nameEn} = ${view.formulaEn}`)]
    return { fileName: `${baseName}.csv`, mediaType: 'text/csv; charset=utf-8', bytes: `\uFEFF${head.map((line) => `${csvCell(line)}\r\n`).join('')}${csvRows(columns, rows).replace('\uFEFF', '')}` }
  }
  const bytes = await writeXlsx([
    { name: '评价 Evaluation', columns, rows },
    { name: '公式 Formulas', columns: FORMULA_COLUMNS, rows: formulaRows(views) },
    { name: '说明 About', columns: [{ key: 'what', title: '项 Item' }, { key: 'value', title: '值 Value' }], rows: about as unknown as Record<string, unknown>[] },
  ])
  return { fileName: `${baseName}.xlsx`, mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', bytes }
}

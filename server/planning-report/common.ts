/** What reports of every kind have in common: passport, ruler in words, frame of the document. */
import { bandText } from '../coverage/method.ts'
import type { CityRow } from '../cities/cities.ts'
import type { CoveragePassport, ServiceRule } from '../contract/coverage.ts'
import type { PlanningPassport } from '../contract/planning-kind.ts'
import type { ReportPart, ReportQuery } from '../contract/planning-report.ts'
import { noteInEnglish } from '../contract/rule-notes.ts'
import type { NotEnteredSaid } from '../coverage/not-entered.ts'
import type { Db } from '../db/db.ts'
import type { Block, Report, ReportTable, TableColumn } from './model.ts'
import { KINDS } from './names.ts'
import type { ReportWords } from './words.ts'

/** What a report is made with. */
export interface ReportTools {
  db: Db
  city: CityRow
  words: ReportWords
  query: ReportQuery
  /** Where the console is reached, without a slash at the end. */
  baseUrl: string
  at: Date
}

export interface Found extends Pick<Report, 'title' | 'subtitle' | 'finding' | 'figures'> {
  /** Blocks with the part they belong to; `always` cannot be left out. */
  blocks: { part: ReportPart | 'always'; block: Block }[]
  /** What stands on every page: the id of the run, or of an answer that is not kept its question and moment. */
  reference: string
  finishedAt: string
  /** Of the console, after its base. */
  address: Record<string, string>
  /** Beside the code; that it opens this run where nothing else is said. */
  linkText?: string
}

/** Most rows that a table of a report has; files have them all. */
export const MOST_ROWS = 30

/** `first n of m` below a table that does not show all. */
export function boundNote(words: ReportWords, shown: number, all: number): string | null {
  return shown >= all ? null : words.pick(`仅列前 ${words.number(shown)} 项，共 ${words.number(all)} 项；全部见同一结果的 XLSX。`, `The first ${words.number(shown)} of ${words.number(all)}; the XLSX of the same run has them all.`)
}

export const right = (title: string, width: number): TableColumn => ({ title, width, align: 'right' })
export const left = (title: string, width: number): TableColumn => ({ title, width })

/** The rule with its bands, version, source and clause. */
export function ruleBlocks(words: ReportWords, rule: ServiceRule | null, radiusMeters: number | undefined): Block[] {
  if (!rule) return radiusMeters === undefined ? [] : [{ kind: 'text', text: words.pick(`服务半径 ${words.number(radiusMeters)} m，为提问时自定，不出自标准。`, `A radius of ${words.number(radiusMeters)} m, given with the question and not taken from a standard.`) }]
  return [
    {
      kind: 'table',
      table: {
        title: words.pick('采用的规则', 'The rule'),
        columns: [left(words.pick('规则', 'Rule'), 2.4), left(words.pick('版本', 'Version'), 0.8), left(words.pick('分级', 'Bands'), 3), left(words.pick('目标', 'Target'), 0.8), left(words.pick('标准与条文', 'Standard and clause'), 3), left(words.pick('与原文核对', 'Checked'), 1)],
        rows: [[
          `${words.pick(rule.titleZh, rule.titleEn)} (${rule.code})`, `v${rule.version}`, rule.bands.map((band) => bandText(band, words.language === 'zh')).join('\n'), rule.target === null ? '—' : `≥ ${words.percent(rule.target, 0)}`,
          `${rule.standard}${rule.clause ? ` · ${rule.clause}` : ''}`, rule.verified ? words.pick('已核对', 'yes') : words.pick('未核对', 'not yet'),
        ]],
        note: rule.note && words.pick(rule.note, noteInEnglish(rule.note)),
      },
    },
  ]
}

/** Formula and method in words. */
export function methodBlocks(words: ReportWords, passport: Pick<PlanningPassport, 'formula' | 'methodZh' | 'methodEn'>): Block[] {
  return [{ kind: 'formula', text: passport.formula }, { kind: 'text', text: words.pick(passport.methodZh, passport.methodEn) }]
}

/** Where figures come from: data with versions, engine, times, key, address. */
export function passportBlocks(tools: ReportTools, found: Pick<Found, 'reference' | 'address'>, passport: CoveragePassport | PlanningPassport, question: unknown): Block[] {
  const { words, city } = tools
  return [
    {
      kind: 'table',
      table: {
        title: words.pick('采用的数据', 'The data'),
        columns: [left(words.pick('类别', 'Kind'), 2), left(words.pick('图层', 'Layer'), 3), right(words.pick('版本', 'Version'), 1), right(words.pick('行数', 'Rows'), 1)],
        rows: passport.inputs.map(({ kind, layer, version, rows }) => [KINDS[kind] ? words.label(KINDS[kind]) : kind, layer, `v${version}`, words.number(rows)]),
        note: null,
      },
    },
    {
      kind: 'facts',
      rows: [
        { label: words.pick('城市', 'City'), value: `${city.nameZh} ${city.nameEn} (${city.key})` },
        { label: words.pick('计算编号', 'Run'), value: found.reference },
        { label: words.pick('问题', 'Question'), value: JSON.stringify(question) },
        { label: words.pick('量算坐标系', 'Measured in'), value: `${passport.measureName} (EPSG:${passport.measureSrid})` },
        { label: words.pick('引擎', 'Engine'), value: `${passport.engineVersion} · ${passport.engine}` },
        { label: words.pick('开始', 'Started'), value: words.dateTime(passport.startedAt) },
        { label: words.pick('完成', 'Finished'), value: words.dateTime(passport.finishedAt) },
        { label: words.pick('结果指纹', 'Key of the answer'), value: passport.key },
        { label: words.pick('打开此结果', 'Opens this run'), value: addressOf(tools, found) },
      ],
    },
  ]
}

/** What opens the run in the console. */
export function addressOf({ baseUrl, city }: ReportTools, found: Pick<Found, 'address'>): string {
  return `${baseUrl}/?${new URLSearchParams({ city: city.key, ...found.address }).toString()}`
}

/** Puts the document together: the parts asked for, the address, what stands on every page. */
export function frameReport(tools: ReportTools, found: Found): Report {
  const { city, words, query, at } = tools
  const { language, paper, orientation, parts } = query
  const isWanted = (part: ReportPart | 'always') => part === 'always' || parts.includes(part)
  return {
    language, paper, orientation,
    overline: words.pick('规划分析报告', 'Planning report'),
    title: found.title,
    subtitle: found.subtitle,
    badge: city.isDemo ? words.pick('合成演示数据', 'Synthetic demonstration data') : null,
    finding: found.finding,
    figures: found.figures,
    blocks: found.blocks.filter(({ part }) => isWanted(part)).map(({ block }) => block),
    link: { address: addressOf(tools, found), text: found.linkText ?? words.pick('扫码打开此结果', 'Opens this run') },
    footer: words.pick(`绣城 · ${city.nameZh} · ${found.reference} · 出具于 ${words.dateTime(at.toISOString())}`, `Xiucheng · ${city.nameEn} · ${found.reference} · made ${words.dateTime(at.toISOString())}`),
    pageText: words.pick('第 {n} / {m} 页', 'Page {n} of {m}'),
    continued: words.pick('（续）', ' (continued)'),
  }
}

/** Facilities that nobody can walk into, by reason, with what mends it. */
export function notEnteredTable(words: ReportWords, said: readonly NotEnteredSaid[]): ReportTable | null {
  if (said.length === 0) return null
  return {
    title: words.pick('走不进去的设施', 'Facilities that nobody can walk into'),
    columns: [right(words.pick('数量', 'Number'), 0.7), left(words.pick('说明', 'Explanation'), 6)],
    rows: said.map(({ count, zh, en }) => [words.number(count), words.pick(zh, en)]),
    note: null,
  }
}

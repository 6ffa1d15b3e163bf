/** A layer of management gaps as a report. It is judged when it is made: the report says of which moment, by which rules, and its code asks the same question again. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'
import { CHECK_ACTIONS, type GapKind, gapKind, type GapLayer, type GapLayerSummary, type GapListQuery, type GapRow } from '../contract/management-gaps.ts'
import { encodeGapQuestion, FIRST_GAP_QUESTION } from '../contract/management-gap-question.ts'
import { COVARIATE_LABELS, modelFormula } from '../contract/management-gap-sentences.ts'
import { GAP_DEFINITIONS, GAP_LAYER_NAMES, GAP_LEVEL_NAMES, GAP_RULE_NAMES } from '../contract/management-gap-words.ts'
import { listInputLayersOf } from '../coverage/input-queries.ts'
import { type GapAnswer, readLayer, summariseLayers } from '../management-gaps/management-gaps.ts'
import { addressOf, boundNote, type Found, left, MOST_ROWS, type ReportTools, right } from './common.ts'
import { readGapMap } from './gaps-map.ts'
import type { Block, Figure, ReportTable } from './model.ts'
import { KINDS } from './names.ts'
import type { ReportWords } from './words.ts'

/** Kinds of data that a layer is judged from. */
const READS: Record<GapLayer, readonly string[]> = {
  responsibility: ['unit_grids', 'administrative_areas'],
  reporting: ['administrative_areas', 'roads', 'facilities', 'parts'],
  attention: ['unit_grids', 'administrative_areas'],
  data: ['unit_grids', 'administrative_areas', 'parts', 'facilities', 'buildings', 'path_edges'],
}

const kindName = (words: ReportWords, kind: GapKind) => words.pick(gapKind(kind).zh, gapKind(kind).en)
const isUntold = ({ kinds }: GapLayerSummary) => kinds.every(({ kind, total }) => !gapKind(kind).isGap || total === 0)
const wholeText = (words: ReportWords, { count, total, share }: Pick<GapLayerSummary, 'count' | 'total' | 'share'>) => (total === null ? words.number(count) : `${words.number(count)} / ${words.number(total)}${share === null ? '' : ` · ${words.percent(share, 1)}`}`)

function findingOf(words: ReportWords, summary: GapLayerSummary, rows: readonly GapRow[]): string {
  const untold = summary.untold.map((one) => words.label(one)).join(words.pick('', ' '))
  if (isUntold(summary)) return words.pick(`数据不足，不能说没有盲区：${untold}`, `There are not enough data to tell, so nobody can say that there is no gap: ${untold}`)
  const found = summary.kinds.filter(({ kind, count }) => gapKind(kind).isGap && count > 0)
  const [gravest] = rows
  const share = summary.share === null ? '' : words.pick(`，占 ${words.percent(summary.share, 1)}`, `, ${words.percent(summary.share, 1)} of them`)
  const of = summary.total === null ? '' : words.pick(`判断 ${words.number(summary.total)} 个单元，`, `${words.number(summary.total)} units were judged; `)
  const kinds = found.map(({ kind, count }) => `${kindName(words, kind)} ${words.number(count)}`).join(words.pick('、', ', '))
  const lead = summary.count === 0 ? words.pick(`${of}没有发现盲区。`, `${of}no gap was found. `) : words.pick(`${of}发现盲区 ${words.number(summary.count)} 个${share}：${kinds}。`, `${of}${words.number(summary.count)} gaps were found${share}: ${kinds}. `)
  const worst = gravest && gapKind(gravest.kind).isGap ? words.pick(`最严重的：${gravest.sentenceZh}`, `The gravest: ${gravest.sentenceEn} `) : ''
  return `${lead}${worst}${untold === '' ? '' : words.pick(`未判断：${untold}`, `Not judged: ${untold}`)}`.trim()
}

function figuresOf(words: ReportWords, { parameters, judgement: { layer, model } }: GapAnswer, summary: GapLayerSummary): Figure[] {
  const unknown = isUntold(summary)
  const asked = {
    responsibility: { label: words.pick('判断单元', 'Unit'), value: words.label(GAP_LEVEL_NAMES[parameters.level]) },
    reporting: { label: words.pick('统计天数', 'Days of cases'), value: words.number(parameters.periodDays) },
    attention: { label: words.pick('多少天没有核查', 'Days without a check'), value: words.number(parameters.days) },
    data: { label: words.pick('多少个月没有更新', 'Months without renewal'), value: words.number(parameters.months) },
  }[layer]
  return [
    { label: words.label(GAP_LAYER_NAMES[layer]), value: unknown ? '—' : words.number(summary.count), ...(summary.total === null ? {} : { note: words.pick(`共判断 ${words.number(summary.total)} 个`, `of ${words.number(summary.total)} judged`) }), ...(summary.count > 0 ? { tone: 'warn' as const } : {}) },
    ...(summary.total === null ? [] : [{ label: words.pick('占比', 'Share'), value: unknown ? '—' : words.percent(summary.share, 1) }]),
    ...summary.kinds.filter(({ kind, total, count }) => count > 0 || (total > 0 && gapKind(kind).isGap)).map(({ kind, count, total }): Figure => ({ label: kindName(words, kind), value: words.number(count), ...(summary.total === null ? { note: words.pick(`共 ${words.number(total)}`, `of ${words.number(total)}`) } : {}) })),
    ...(model ? [{ label: words.pick('伪 R²（McFadden）', 'Pseudo R² (McFadden)'), value: words.number(model.pseudoR2, 3), note: words.pick(`${words.number(model.communities)} 个社区`, `${words.number(model.communities)} communities`) }] : []),
    asked,
  ].slice(0, 8)
}

function layerTable(words: ReportWords, layers: readonly GapLayerSummary[]): ReportTable {
  return {
    title: words.pick('四类盲区', 'The four layers'),
    columns: [left(words.pick('盲区', 'Layer'), 1.6), right(words.pick('数量', 'Number'), 1.8), left(words.pick('构成', 'By kind'), 4), left(words.pick('未判断', 'Not judged'), 3)],
    rows: layers.map((one) => [words.label(GAP_LAYER_NAMES[one.layer]), isUntold(one) ? '—' : wholeText(words, one), one.kinds.filter(({ count }) => count > 0).map(({ kind, count }) => `${kindName(words, kind)} ${words.number(count)}`).join(words.pick('、', ', ')) || '—', one.untold.map((text) => words.label(text)).join(' ') || '—']),
    note: null,
  }
}

function kindTable(words: ReportWords, summary: GapLayerSummary): ReportTable {
  return {
    title: words.pick('类型构成', 'By kind'),
    columns: [left(words.pick('类型', 'Kind'), 3), right(words.pick('数量', 'Number'), 1.2), right(words.pick('判断单元', 'Judged'), 1.2), right(words.pick('占比', 'Share'), 1.2), left(words.pick('是否盲区', 'Is a gap'), 1)],
    rows: summary.kinds.map(({ kind, count, total, share }) => [kindName(words, kind), words.number(count), words.number(total), words.percent(share, 1), gapKind(kind).isGap ? words.pick('是', 'yes') : words.pick('否', 'no')]),
    note: null,
  }
}

/** Districts of the rows: how many gaps in each street. */
function streetTable(words: ReportWords, rows: readonly GapRow[]): ReportTable | null {
  const sums = new Map<string, number>()
  for (const { streetName } of rows) sums.set(streetName ?? words.pick('不在街道内', 'in no street'), (sums.get(streetName ?? words.pick('不在街道内', 'in no street')) ?? 0) + 1)
  if (sums.size < 2) return null
  const sorted = [...sums].toSorted(([, a], [, b]) => b - a)
  return {
    title: words.pick('各街道', 'By street'),
    columns: [left(words.pick('街道', 'Street'), 3), right(words.pick('盲区', 'Gaps'), 1.2), right(words.pick('占比', 'Share'), 1.2)],
    rows: sorted.slice(0, MOST_ROWS).map(([name, count]) => [name, words.number(count), words.percent(count / rows.length, 1)]),
    note: boundNote(words, Math.min(sorted.length, MOST_ROWS), sorted.length),
  }
}

function unitTable(words: ReportWords, rows: readonly GapRow[]): ReportTable {
  const shown = rows.slice(0, 2 * MOST_ROWS)
  return {
    title: words.pick('盲区清单（由重到轻）', 'The gaps, the gravest first'),
    columns: [right(words.pick('序', '#'), 0.5), left(words.pick('类型', 'Kind'), 1.4), left(words.pick('街道 · 社区', 'Street · community'), 2), left(words.pick('说明', 'Why'), 5)],
    rows: shown.map((row) => [String(row.rank), kindName(words, row.kind), [row.streetName, row.communityName].filter((name) => name !== null).join(' · ') || '—', words.pick(row.sentenceZh, row.sentenceEn)]),
    note: boundNote(words, shown.length, rows.length),
  }
}

function modelBlocks(words: ReportWords, { judgement: { model } }: GapAnswer): Block[] {
  if (!model) return []
  const leftOut = model.leftOut.map(({ covariate, why }) => words.pick(`未采用 ${COVARIATE_LABELS[covariate].zh}（${why === 'too_few_communities' ? '社区数不足' : '没有增加信息'}）。`, `${COVARIATE_LABELS[covariate].en} was left out (${why === 'too_few_communities' ? 'too few communities' : 'it says nothing new'}).`))
  return [
    { kind: 'formula', text: modelFormula(model, words.language) },
    {
      kind: 'table',
      table: {
        title: words.pick(`系数（${model.family === 'poisson' ? '泊松回归' : '负二项回归 NB2'}，${words.date(model.from)} – ${words.date(model.to)}）`, `Coefficients (${model.family === 'poisson' ? 'Poisson regression' : 'negative binomial regression, NB2'}, ${words.date(model.from)} – ${words.date(model.to)})`),
        columns: [left(words.pick('变量', 'Variable'), 3), right(words.pick('系数', 'Coefficient'), 1.2), right(words.pick('标准误', 'Std. error'), 1.2)],
        rows: model.coefficients.map(({ covariate, estimate, standardError }) => [covariate ? words.label(COVARIATE_LABELS[covariate]) : words.pick('常数', 'Constant'), words.number(estimate, 4), words.number(standardError, 4)]),
        note: [...leftOut, ...(model.isConverged ? [] : [words.pick('拟合没有收敛，结果仅供参考。', 'The fit did not settle: take it with care.')])].join(' ') || null,
      },
    },
    {
      kind: 'facts',
      rows: [
        { label: words.pick('社区数 n', 'Communities n'), value: words.number(model.communities) },
        { label: words.pick('偏差 / 自由度', 'Deviance / df'), value: `${words.number(model.deviance, 1)} / ${words.number(model.degreesOfFreedom)}` },
        { label: words.pick('离散度 χ²/df', 'Dispersion χ²/df'), value: words.number(model.dispersion, 2) },
        ...(model.theta === null ? [] : [{ label: words.pick('θ（标准误）', 'θ (std. error)'), value: `${words.number(model.theta, 2)} (${words.number(model.thetaStandardError, 2)})` }]),
        { label: words.pick('伪 R²（McFadden）', 'Pseudo R² (McFadden)'), value: words.number(model.pseudoR2, 3) },
        { label: words.pick('偏差解释比例', 'Deviance explained'), value: words.percent(model.devianceExplained, 1) },
        { label: 'AIC', value: words.number(model.akaike, 1) },
        { label: words.pick('区间', 'Interval'), value: words.pick(`双侧 ${words.percent(1 - 2 * model.tailShare, 0)}`, `two-sided ${words.percent(1 - 2 * model.tailShare, 0)}`) },
      ],
    },
  ]
}

/** The rules of a layer are named after it. */
function ruleTable(words: ReportWords, { parameters: { rules }, judgement: { layer } }: GapAnswer): ReportTable {
  const names: Partial<Record<string, { zh: string; en: string }>> = GAP_RULE_NAMES
  return {
    title: words.pick('参数与出处', 'Parameters and sources'),
    columns: [left(words.pick('参数', 'Parameter'), 2.6), right(words.pick('取值', 'Value'), 0.8), right(words.pick('版本', 'Version'), 0.8), left(words.pick('来源', 'Source'), 4), left(words.pick('与原文核对', 'Checked'), 1)],
    rows: rules.filter(({ name }) => name.startsWith(`${layer}_`)).map((rule) => [names[rule.name] ? words.label(names[rule.name]!) : rule.name, words.number(rule.value, 3), `v${rule.version}`, words.own(rule.source), rule.verified ? words.pick('已核对', 'yes') : words.pick('未核对', 'not yet')]),
    note: null,
  }
}

/**
 * @throws AppError as `readLayer`
 */
export async function makeGapsReport(tools: ReportTools, layer: GapLayer, query: GapListQuery): Promise<Found> {
  const { db, city, words, at } = tools
  const answer = await readLayer(db, city.key, layer, query, at)
  const layers = await summariseLayers(db, answer.city, answer.parameters, at, answer.judgement)
  const summary = layers.find((one) => one.layer === layer)!
  const { rows, parameters } = answer
  const inputs = await listInputLayersOf(db, city.cityId, READS[layer])
  const question = encodeGapQuestion({ ...FIRST_GAP_QUESTION, layer, kind: query.kind ?? null, level: query.level, periodDays: query.periodDays ?? null, days: query.days ?? null, months: query.months ?? null })
  // What was answered, not when: the same units with the same figures have the same key.
  const key = createHash('sha256').update(canonicalJson(JSON.parse(JSON.stringify({ layer, question, rules: parameters.rules.map(({ name, version, value }) => ({ name, version, value })), summary, rows: rows.map(({ id, kind, weight, figures }) => ({ id, kind, weight, figures })) })))).digest('hex')
  const name = words.label(GAP_LAYER_NAMES[layer])
  const moment = words.dateTime(at.toISOString())
  const named = { reference: words.pick(`${name} · 截至 ${moment}`, `${name} · as of ${moment}`), address: { tool: 'gaps', gap: question } }
  const table = (one: ReportTable | null) => (one && one.rows.length > 0 ? [{ part: 'tables' as const, block: { kind: 'table' as const, table: one } }] : [])
  const block = (part: 'method' | 'always') => (one: Block) => ({ part, block: one })
  const definition = words.label(GAP_DEFINITIONS[layer]).replace('{checks}', words.label(CHECK_ACTIONS))
  return {
    ...named,
    linkText: words.pick('扫码再问同一问题', 'Asks the same again'),
    finishedAt: at.toISOString(),
    title: words.pick(`管理盲区：${GAP_LAYER_NAMES[layer].zh}`, `Management gaps: ${GAP_LAYER_NAMES[layer].en.toLowerCase()}`),
    subtitle: [
      `${words.pick(city.nameZh, city.nameEn)} · ${layer === 'responsibility' ? words.pick(`按${GAP_LEVEL_NAMES[parameters.level].zh}`, `by ${GAP_LEVEL_NAMES[parameters.level].en.toLowerCase()}`) : name}${query.kind ? ` · ${words.pick('只看', 'only')} ${kindName(words, query.kind)}` : ''}`,
      words.pick(`截至 ${moment}`, `As of ${moment}`),
    ],
    finding: findingOf(words, summary, rows),
    figures: figuresOf(words, answer, summary),
    blocks: [
      ...(tools.query.parts.includes('maps') ? [{ part: 'maps' as const, block: { kind: 'map' as const, map: await readGapMap(tools, answer, query.kind !== undefined) } }] : []),
      { part: 'tables', block: { kind: 'heading', text: words.pick('盲区', 'Gaps') } },
      ...table(kindTable(words, summary)),
      ...table(streetTable(words, rows)),
      ...table(unitTable(words, rows)),
      ...table(layerTable(words, layers)),
      block('method')({ kind: 'heading', text: words.pick('方法', 'Method') }),
      block('method')({ kind: 'text', text: definition }),
      ...modelBlocks(words, answer).map(block('method')),
      block('method')({ kind: 'table', table: ruleTable(words, answer) }),
      block('always')({ kind: 'heading', text: words.pick('出处', 'Where the figures come from') }),
      ...(inputs.length > 0 ? [block('always')({ kind: 'table', table: { title: words.pick('采用的数据', 'The data'), columns: [left(words.pick('类别', 'Kind'), 2), left(words.pick('图层', 'Layer'), 3), right(words.pick('版本', 'Version'), 1), right(words.pick('行数', 'Rows'), 1)], rows: inputs.map(({ kind, layer: of, version, rows: count }) => [KINDS[kind] ? words.label(KINDS[kind]) : kind, of, `v${version}`, words.number(count)]), note: words.pick('此外还读取责任单位、岗位、案件与核查记录的当时状态。', 'Owners, posts, cases and their checks were read as they were at that moment too.') } })] : []),
      block('always')({
        kind: 'facts',
        rows: [
          { label: words.pick('城市', 'City'), value: `${city.nameZh} ${city.nameEn} (${city.key})` },
          { label: words.pick('问题', 'Question'), value: question },
          { label: words.pick('截至', 'As of'), value: moment },
          { label: words.pick('量算坐标系', 'Measured in'), value: `${city.measureName} (EPSG:${city.measureSrid})` },
          { label: words.pick('结果指纹', 'Key of the answer'), value: key },
          { label: words.pick('打开', 'Opens'), value: addressOf(tools, named) },
          { label: words.pick('说明', 'Remark'), value: words.pick('管理盲区按当时的数据即时判断，不另存档；打开上面的地址会按打开时的数据重新判断，数据与规则未变时结果指纹相同（随日期变化的天数除外）。', 'Gaps are judged over the data of the moment and not kept: the address above judges anew over the data of its own moment. With the same data and rules the key is the same, but for days that go by.') },
        ],
      }),
    ],
  }
}

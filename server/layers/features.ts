/** Use cases of single features: the inspector's answer and the list twin of a map layer. */
import type { Principal } from '../access/principal.ts'
import type { CityRow } from '../cities/cities.ts'
import { ACTION_LABELS, STATE_LABELS } from '../contract/incident-workflow.ts'
import type { IncidentFlowEntry } from '../contract/incidents.ts'
import type { FeatureDetail, FeatureKind, FeatureRow } from '../contract/layers.ts'
import type { Queryable } from '../db/db.ts'
import type { Sql } from '../db/sql.ts'
import { AppError } from '../errors.ts'
import { getIncident, visibilityOf, visibleIncident } from '../incidents/incidents.ts'
import { fieldsInWords, type HistoryEntry, historyOf, titleOf } from './feature-words.ts'
import { KINDS } from './kinds.ts'
import { kindLabel, type Label, valueLabel } from './labels.ts'
import { countFeatures, type FeatureFilter, findFeature, listAreaNames, listCaseClassNames, listFeaturePage, type ListedFeature, listVersions, type StoredFeature } from './queries.ts'

function flowInWords(flow: readonly IncidentFlowEntry[]): HistoryEntry[] {
  return flow
    .map(({ at, action, toState, actor, opinion }) => {
      const label: Label = (Object.hasOwn(ACTION_LABELS, action) ? (ACTION_LABELS as Record<string, Label>)[action] : undefined) ?? { zh: action, en: action }
      const said = opinion ? `：${opinion}` : ''
      return { at, what: `${label.zh} → ${STATE_LABELS[toState].zh}${said}`, whatEn: `${label.en} → ${STATE_LABELS[toState].en}${opinion ? `: ${opinion}` : ''}`, actor }
    })
    .reverse()
}

async function findCaseClass(db: Queryable, kind: FeatureKind, columns: Record<string, unknown>): Promise<Label | undefined> {
  if (kind !== 'parts' && kind !== 'incidents') return undefined
  const [found] = await listCaseClassNames(db, [{ scheme: String(columns['scheme_id']), kind: kind === 'parts' ? 'part' : String(columns['class_kind']), code: String(columns['class_code']) }])
  return found
}

async function areaNames(db: Queryable, city: CityRow, kind: FeatureKind, columns: Record<string, unknown>): Promise<Map<string, string>> {
  const codes = KINDS[kind].fields.filter(({ says }) => says === 'area').flatMap(({ column }) => (typeof columns[column] === 'string' ? [columns[column]] : []))
  if (codes.length === 0) return new Map()
  return new Map((await listAreaNames(db, city.cityId, codes)).map(({ code, name }) => [code, name]))
}

async function listHistory(db: Queryable, city: CityRow, principal: Principal, kind: FeatureKind, id: string, feature: StoredFeature, at: Date): Promise<HistoryEntry[]> {
  if (!KINDS[kind].hasVersions) return flowInWords((await getIncident(db, city, principal, id, at)).flow)
  if (feature.layerId === null || feature.sourceKey === null) return []
  return historyOf(kind, await listVersions(db, kind, feature.layerId, feature.sourceKey))
}

/**
 * Everything known of one feature, in words.
 * @throws AppError not_found when the city holds no such feature of this kind, or the caller may not see that case.
 */
export async function getFeature(db: Queryable, city: CityRow, principal: Principal, kind: FeatureKind, id: string, at: Date): Promise<FeatureDetail> {
  // A case out of the caller's sight is not there for him.
  if (kind === 'incidents') await getIncident(db, city, principal, id, at)
  const feature = await findFeature(db, city.cityId, kind, id)
  if (!feature) throw new AppError('not_found', `${city.nameZh}没有这个${kindLabel(kind).zh}（${id}），可能已被新版本替代，请刷新。There is no ${kindLabel(kind).en.toLowerCase()} feature ${id} in ${city.nameZh} ${city.nameEn}; it may have been replaced by a newer version.`)
  const caseClass = await findCaseClass(db, kind, feature.columns)
  const areas = await areaNames(db, city, kind, feature.columns)
  const title = titleOf(kind, feature.columns, caseClass)
  const { attributes } = feature.columns
  return {
    id,
    kind,
    titleZh: title.zh,
    titleEn: title.en,
    fields: fieldsInWords(kind, feature.columns, { areas, caseClass, timeZone: city.timeZone }),
    attributes: typeof attributes === 'object' && attributes !== null ? { ...attributes } : {},
    layer: feature.layer,
    history: await listHistory(db, city, principal, kind, id, feature, at),
    measureName: city.measureName,
    boundingBox: feature.boundingBox,
    geometry: feature.geometry,
  }
}

/** Words for the classes of a page of rows. */
export async function classLabels(db: Queryable, kind: FeatureKind, rows: readonly Pick<ListedFeature, 'class' | 'scheme'>[]): Promise<(Label | undefined)[]> {
  const dictionary = KINDS[kind].class?.dictionary
  if (!dictionary) return rows.map(() => undefined)
  if (dictionary !== 'case_class') return rows.map((row) => (row.class === null ? undefined : (valueLabel(dictionary, row.class) ?? { zh: row.class, en: row.class })))
  const wanted = new Map(rows.map((row) => [`${row.scheme} ${row.class}`, { scheme: row.scheme ?? '', kind: 'part', code: row.class ?? '' }]))
  const names = new Map((await listCaseClassNames(db, [...wanted.values()])).map((name) => [`${name.scheme} ${name.code}`, name]))
  return rows.map((row) => names.get(`${row.scheme} ${row.class}`) ?? (row.class === null ? undefined : { zh: row.class, en: row.class }))
}

/** Which cases somebody may see, as a condition over `incidents i`; undefined where he may see all. */
export async function caseLimitOf(db: Queryable, principal: Principal, city: CityRow): Promise<Sql | undefined> {
  const visibility = await visibilityOf(db, principal, city)
  return visibility.isWhole ? undefined : visibleIncident(visibility)
}

export interface FeaturePage extends Omit<FeatureFilter, 'visible'> {
  cursor?: string | undefined
  limit: number
}

/**
 * A page of the list twin with the number of all rows under the same filter.
 * @throws AppError bad_request for a cursor that is none of ours.
 */
export async function listFeatures(db: Queryable, city: CityRow, principal: Principal, kind: FeatureKind, page: FeaturePage): Promise<{ rows: FeatureRow[]; total: number; nextCursor: string | null }> {
  const { cursor = '0', limit, ...asked } = page
  if (!/^\d{1,15}$/.test(cursor)) throw new AppError('bad_request', '翻页标记不属于本列表，请去掉后从头查看。The cursor is not one this list gave; leave it out to begin at the first page.', { errors: [{ path: 'query.cursor', message: '不是本列表的翻页标记。Not a cursor of this list' }] })
  const filter: FeatureFilter = { ...asked, visible: kind === 'incidents' ? await caseLimitOf(db, principal, city) : undefined }
  const found = await listFeaturePage(db, city.cityId, kind, filter, Number(cursor), limit + 1)
  const total = await countFeatures(db, city.cityId, kind, filter)
  const shown = found.slice(0, limit)
  const labels = await classLabels(db, kind, shown)
  return {
    rows: shown.map(({ id, code, name, areaM2, center }, index) => ({ id, kind, code, name, classLabel: labels[index]?.zh ?? null, classLabelEn: labels[index]?.en ?? null, areaM2, center })),
    total,
    nextCursor: found.length > limit ? String(shown.at(-1)?.rowId) : null,
  }
}

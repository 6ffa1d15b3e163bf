/** Cases of another system: classes by name in a scheme of their own, times in the city's zone, one flow row each. */
import { isEnded } from '../contract/incident-workflow.ts'
import type { IncidentState } from '../contract/incidents.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { listSuspiciousPlacesOfLayer } from '../incidents/duplicates.ts'
import { clockCasesOfLayer, moveClocks } from '../incidents/stage-clocks.ts'
import type { ImportFacts, ImportRun, StoredCounts } from './context.ts'
import { listOrganisations } from './grid-owner-queries.ts'
import { historyOf, isLaterState } from './incident-history.ts'
import {
  countLayerIncidents, findLabelFindings, findScheme, insertClass, insertImportedSteps, insertIncidents, insertLargeClass, insertScheme, type KnownClass, listClasses, listLargeClasses, type MovedIncident, type ImportedStep, updateIncidents,
} from './incident-queries.ts'
import { refreshIncidentPlaces } from './place-queries.ts'
import { requireNoRefusal, type KeyedRow } from './store.ts'

/** Own large classes begin here, away from the national ones (01 to 06, 21). */
const FIRST_LARGE_CLASS = 51
const LAST_LARGE_CLASS = 99
const OWN_SCHEME_SOURCE = 'import'
const ORDINARY = 3

/** Scheme of a layer whose classes are known only by their names: `TAIPEI-DISPATCHINGPOINT`. */
export function ownSchemeId(cityKey: string, layerKey: string): string {
  return `${cityKey}-${layerKey}`.toUpperCase().slice(0, 60)
}

/** Turns class names (or codes) of rows into classes of a scheme, adding to the scheme where it is the data's own. */
export interface ClassBook {
  find(kind: 'part' | 'event', written: string, largeName: string | null): Promise<KnownClass | null>
  schemeId: string
}

/** Opens the scheme named by the user, or the layer's own. */
export async function openClassBook(tx: Queryable, schemeId: string, title: string): Promise<ClassBook> {
  const scheme = await findScheme(tx, schemeId)
  const mayGrow = !scheme || scheme.source === OWN_SCHEME_SOURCE
  if (!scheme) await insertScheme(tx, { id: schemeId, titleZh: `${title}（来自导入数据的分类）`, titleEn: `${title} (classes from imported data)`, source: OWN_SCHEME_SOURCE })
  const classes = await listClasses(tx, schemeId)
  const large = await listLargeClasses(tx, schemeId)
  const cache = new Map<string, KnownClass>()

  async function largeCodeOf(kind: 'part' | 'event', name: string): Promise<string> {
    const known = large.find((row) => row.kind === kind && row.nameZh === name)
    if (known) return known.code
    const next = Math.max(FIRST_LARGE_CLASS - 1, ...large.filter((row) => row.kind === kind).map((row) => Number(row.code))) + 1
    if (next > LAST_LARGE_CLASS) throw new AppError('bad_request', `大类过多：请检查 --map large_class 指的列。The file has more than ${LAST_LARGE_CLASS - FIRST_LARGE_CLASS + 1} large classes; is --map large_class on the right column?`)
    const code = String(next)
    await insertLargeClass(tx, schemeId, kind, code, name)
    large.push({ kind, code, nameZh: name })
    return code
  }

  return {
    schemeId,
    async find(kind, written, largeName) {
      const key = `${kind}|${largeName ?? ''}|${written}`
      const cached = cache.get(key)
      if (cached) return cached
      const largeCode = largeName === null ? null : (large.find((row) => row.kind === kind && row.nameZh === largeName)?.code ?? null)
      let found = classes.find((row) => row.kind === kind && (row.nameZh === written || row.code === written) && (largeName === null || !mayGrow || row.largeCode === largeCode))
      if (!found && mayGrow) {
        const under = await largeCodeOf(kind, largeName ?? '未分大类')
        const small = Math.max(0, ...classes.filter((row) => row.kind === kind && row.largeCode === under).map((row) => Number(row.code.slice(2)))) + 1
        if (small > 999) throw new AppError('bad_request', '同一大类的小类超过 999 个：请检查 --map class 指的列。The file has more than 999 classes of one large class; is --map class on the right column?')
        found = { kind, code: `${under}${String(small).padStart(3, '0')}`, largeCode: under, nameZh: written, defaultSeverity: ORDINARY }
        await insertClass(tx, schemeId, found)
        classes.push(found)
      }
      if (found) cache.set(key, found)
      return found ?? null
    },
  }
}

/** The bodies of the city that a file may name, by code or name. */
export async function openDepartments(tx: Queryable, cityId: number): Promise<(written: string) => { organisationId: number; name: string } | undefined> {
  const known = new Map<string, { organisationId: number; name: string }>()
  for (const { organisationId, code, nameZh, nameEn } of await listOrganisations(tx, cityId)) for (const word of [nameEn, nameZh, code]) known.set(word, { organisationId, name: nameZh })
  return (written) => known.get(written)
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
/** Names that are looked up: an older code page has some characters twice (理 also as U+F9E4), and nobody can type the second. */
const nameText = (value: unknown): string | null => text(value)?.normalize('NFC') ?? null

/**
 * Rows with class, severity, state, source, department and the steps of their way settled. Refused are rows of an unknown class and those whose
 * times or state contradict each other; a department that the city does not have is kept by its name.
 * @param labelColumn the file's column that names the area: what it says stays with the case.
 */
export async function* settleIncidents(rows: AsyncIterable<KeyedRow>, run: ImportRun, book: ClassBook, departmentOf: Awaited<ReturnType<typeof openDepartments>>, labelColumn: string): AsyncGenerator<KeyedRow> {
  const unknown = new Set<string>()
  let endedUnknown = 0
  for await (const row of rows) {
    const { fields } = row
    const kind = fields['class_kind'] === 'part' ? 'part' : 'event'
    const written = String(nameText(fields['class']))
    const found = await book.find(kind, written, nameText(fields['large_class']))
    if (!found) {
      run.issues.add(row.row, { severity: 'refused', code: 'class_unknown', field: 'class', message: `The scheme ${book.schemeId} has no ${kind} class "${written}".`, sample: written })
      continue
    }
    const times = { reportedAt: String(fields['reported_at']), filedAt: text(fields['filed_at']), dispatchedAt: text(fields['dispatched_at']), disposedAt: text(fields['disposed_at']), endedAt: text(fields['ended_at']) }
    const history = historyOf(times, text(fields['state']) as IncidentState | null)
    if ('message' in history) {
      run.issues.add(row.row, { severity: 'refused', code: 'history_contradicts', field: history.field, message: history.message, sample: null })
      continue
    }
    if (isEnded(history.state) && times.endedAt === null) endedUnknown++
    const named = nameText(fields['department'])
    const department = named === null ? undefined : departmentOf(named)
    if (named !== null && !department && !unknown.has(named)) {
      unknown.add(named)
      run.issues.add(row.row, { severity: 'flagged', code: 'organisation_unknown', field: 'department', message: `No organisation of the city is called "${named}"; its cases keep the name, but no one here has them in his queue.`, sample: named })
    }
    const severity = fields['severity'] === null || fields['severity'] === undefined ? null : Number(fields['severity'])
    const label = text(fields['area_label'])
    yield {
      ...row,
      attributes: label === null ? row.attributes : { ...row.attributes, [labelColumn]: label },
      fields: {
        ...fields, scheme_id: book.schemeId, class_kind: kind, class_code: found.code, class_name: found.nameZh, large_code: found.largeCode, severity: severity ?? found.defaultSeverity,
        severity_from: severity === null ? 'class' : 'source', state: history.state, steps: JSON.stringify(history.steps), department: department?.name ?? named, department_id: department?.organisationId ?? null,
        source: fields['source'] ?? 'dept_transfer', reported_by: fields['reported_by'] ?? run.options.owner ?? run.fileName,
      },
    }
  }
  if (endedUnknown > 0) run.issues.note('end_unknown', `${endedUnknown} cases have ended, and the file does not say when: they count as ended, and in no period as closed. Map the column with --map ended=COLUMN.`)
}

const UNKNOWN_TIME = '原系统未记录时间 · the source kept no time of this step'

/** The steps that take a case from what is known of it to what the file says now: those further along its way, or the last one alone. */
function stepsOfMove({ incidentId, previous, lastAt, steps }: MovedIncident): ImportedStep[] {
  const later = steps.filter((step) => isLaterState(step.state, previous))
  const taken = later.length > 0 ? later : steps.slice(-1)
  return taken.map(({ state, at, isTimeKnown }, index) => {
    const isInOrder = Date.parse(at) >= Date.parse(lastAt)
    return { incidentId, fromState: taken[index - 1]?.state ?? previous, toState: state, at: isInOrder ? at : lastAt, opinion: isTimeKnown && isInOrder ? null : UNKNOWN_TIME }
  })
}

/** Holds what the file calls the area of its cases against the areas that they lie in. */
async function compareLabels(tx: Queryable, run: ImportRun, layerId: number, totals: ImportFacts['totals']): Promise<void> {
  const { agree, disagree, outside, rows } = await findLabelFindings(tx, run.city.cityId, layerId)
  if (agree + disagree + outside === 0) return
  Object.assign(totals, { areaNamesAgree: agree, areaNamesDisagree: disagree, areaNamesOutside: outside })
  for (const { row, label, found } of rows) {
    run.issues.add(row, { severity: 'flagged', code: 'area_disagrees', field: 'district', message: `文件写的是“${label}”，位置却在“${found}”；统计按位置。The file says ${label}, and the place lies in ${found}: figures go by the place.`, sample: label })
  }
}

/** Points out places that carry far too many of the cases taken: default coordinates that look like hot spots. */
async function notePlaces(tx: Queryable, run: ImportRun, layerId: number): Promise<void> {
  const { places, usualCases, casesWithPlace, rule } = await listSuspiciousPlacesOfLayer(tx, run.city.cityId, layerId)
  for (const { position, cases, classes, communityName, communityCases } of places) {
    const where = `${position[0].toFixed(5)}, ${position[1].toFixed(5)}`
    const zh = `${casesWithPlace} 件有位置的案件中有 ${cases} 件落在同一点（${where}${communityName ? `，${communityName}${communityCases === null ? '' : `共 ${communityCases} 件`}` : ''}），涉及 ${classes} 个小类，第 ${rule.rank} 位的点仅 ${usualCases ?? 0} 件：疑似地址解析失败后的默认坐标，并非热点。`
    const en = `${cases} of the ${casesWithPlace} cases with a place stand on one point (${where}), of ${classes} kinds, where the ${rule.rank}th fullest place has ${usualCases ?? 0}: probably the default coordinate of addresses that were not found, not a hot spot.`
    run.issues.add(0, { severity: 'flagged', code: 'suspicious_place', field: 'geometry', message: `${zh} ${en}`, sample: where })
  }
}

/** Writes staged cases. Cases that the file no longer has stay: an export of one week does not undo the week before. */
export async function storeIncidents(tx: Queryable, run: ImportRun, layerId: number, statesFromFile: boolean, facts: ImportFacts): Promise<StoredCounts> {
  requireNoRefusal(run)
  run.io.progress(75, 'storing')
  const actor = `import ${run.fileName}`
  const { changed, moved } = await updateIncidents(tx, layerId, statesFromFile)
  const steps = moved.flatMap(stepsOfMove)
  for (const { incidentId, fromState, toState, at } of steps) {
    run.io.signal.throwIfAborted()
    const instant = new Date(at)
    await moveClocks(tx, run.city, incidentId, { action: 'import', from: fromState, to: toState, at: instant, stateSince: instant, limit: null, dueAt: null })
  }
  await insertImportedSteps(tx, actor, steps)
  const inserted = await insertIncidents(tx, run.city, layerId, actor, UNKNOWN_TIME)
  await refreshIncidentPlaces(tx, run.city.cityId, layerId)
  await clockCasesOfLayer(tx, run.city, layerId, () => run.io.signal.throwIfAborted())
  await compareLabels(tx, run, layerId, facts.totals)
  await notePlaces(tx, run, layerId)
  const { staged } = await countLayerIncidents(tx, layerId)
  return { taken: staged, inserted, changed, unchanged: staged - inserted - changed, ended: 0, outsideCity: run.issues.codeCount('flagged', 'outside_city') }
}

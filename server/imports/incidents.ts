/** Cases of another system: classes by name in a scheme of their own, times in the city's zone, one flow row each. */
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import type { ImportRun, StoredCounts } from './context.ts'
import { countLayerIncidents, findScheme, insertClass, insertIncidents, insertLargeClass, insertScheme, type KnownClass, listClasses, listLargeClasses, updateIncidents } from './incident-queries.ts'
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
    if (next > LAST_LARGE_CLASS) throw new AppError('bad_request', `The file has more than ${LAST_LARGE_CLASS - FIRST_LARGE_CLASS + 1} large classes; is --map large_class on the right column?`)
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
        if (small > 999) throw new AppError('bad_request', 'The file has more than 999 classes of one large class; is --map class on the right column?')
        found = { kind, code: `${under}${String(small).padStart(3, '0')}`, largeCode: under, nameZh: written, defaultSeverity: ORDINARY }
        await insertClass(tx, schemeId, found)
        classes.push(found)
      }
      if (found) cache.set(key, found)
      return found ?? null
    },
  }
}

/** Rows with class, severity, state and source settled; rows of an unknown class are refused. */
export async function* settleIncidents(rows: AsyncIterable<KeyedRow>, run: ImportRun, book: ClassBook): AsyncGenerator<KeyedRow> {
  for await (const row of rows) {
    const { fields } = row
    const kind = fields['class_kind'] === 'part' ? 'part' : 'event'
    const written = String(fields['class'])
    const found = await book.find(kind, written, fields['large_class'] === null || fields['large_class'] === undefined ? null : String(fields['large_class']))
    if (!found) {
      run.issues.add(row.row, { severity: 'refused', code: 'class_unknown', field: 'class', message: `The scheme ${book.schemeId} has no ${kind} class "${written}".`, sample: written })
      continue
    }
    const severity = fields['severity'] === null || fields['severity'] === undefined ? null : Number(fields['severity'])
    yield {
      ...row,
      fields: {
        ...fields, scheme_id: book.schemeId, class_kind: kind, class_code: found.code, class_name: found.nameZh, large_code: found.largeCode, severity: severity ?? found.defaultSeverity,
        severity_from: severity === null ? 'class' : 'source', state: fields['state'] ?? 'pending_accept', source: fields['source'] ?? 'dept_transfer', reported_by: fields['reported_by'] ?? run.options.owner ?? run.fileName,
      },
    }
  }
}

/** Writes staged cases. Cases that the file no longer has stay: an export of one week does not undo the week before. */
export async function storeIncidents(tx: Queryable, run: ImportRun, layerId: number, statesFromFile: boolean): Promise<StoredCounts> {
  requireNoRefusal(run)
  run.io.progress(75, 'storing')
  const actor = `import ${run.fileName}`
  const changed = await updateIncidents(tx, layerId, statesFromFile, actor)
  const inserted = await insertIncidents(tx, run.city, layerId, actor)
  await refreshIncidentPlaces(tx, run.city.cityId, layerId)
  const { staged } = await countLayerIncidents(tx, layerId)
  return { taken: staged, inserted, changed, unchanged: staged - inserted - changed, ended: 0, outsideCity: run.issues.codeCount('flagged', 'outside_city') }
}

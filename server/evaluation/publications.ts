/** Frozen evaluations: published once per version, read as they were, compared with what the cases say today. */
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { canonicalJson } from '../audit/canonical.ts'
import { getCity } from '../cities/cities.ts'
import { EvaluatedObject, EvaluationTable, type Figure, type Publication } from '../contract/evaluation.ts'
import { ObjectKind } from '../contract/evaluation-objects.ts'
import type { Cycle } from '../contract/evaluation-periods.ts'
import { isIndicator, REGISTRY_VERSION } from '../contract/evaluation-rates.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { computeTable, everyIndicator, frameOf } from './evaluation.ts'
import { findPublication, type FrozenRow, insertPublication, insertResults, listPublications as listPublicationRows, listResults, type PublicationRow, takeLastVersion } from './publication-queries.ts'
import { findRule } from './rule-queries.ts'

/** A whole evaluation is nine tables over the same cases. */
const TIMEOUT_MILLISECONDS = 600_000
const ROWS_PER_STATEMENT = 500
const SHOWN_CHANGES = 5_000

const Head = EvaluationTable.omit({ objects: true })

function present({ periodId: _periodId, ruleId: _ruleId, ...publication }: PublicationRow): Publication {
  return publication
}

function freeze(kind: ObjectKind, table: EvaluationTable): FrozenRow[] {
  const { objects, ...head } = table
  return [head, ...objects].map((row, ordinal) => ({ kind, ordinal, content: canonicalJson(row) }))
}

export interface PublishWish {
  cycle: Cycle
  day: string
  note?: string | undefined
  knownVersion: number
}

/**
 * Freezes every indicator of every object kind over a period that has ended.
 * @throws AppError bad_request while the period is open, or when a further version gives no reason; stale when a version came in between.
 */
export async function publishPeriod(db: Db, cityKey: string, wish: PublishWish, principal: Principal, at: Date): Promise<Publication> {
  return db.transaction(
    async (tx) => {
      const frame = await frameOf(tx, cityKey, wish, at)
      const { city, rule, period } = frame
      const last = await takeLastVersion(tx, city.cityId, period.cycle, period.fromDay)
      if (last !== wish.knownVersion) throw new AppError('stale', `该周期已发布第 ${last} 版，请先查看。Version ${last} of this period has been published meanwhile; look at it first.`)
      if (last > 0 && wish.note === undefined) throw new AppError('bad_request', '再次发布须说明理由。A further version needs a reason.', { errors: [{ path: 'body.note', message: '请写明再次发布的理由。Say why it is published again' }] })
      const rows: FrozenRow[] = []
      for (const kind of ObjectKind.options) {
        const table = await computeTable(tx, frame, kind, everyIndicator(kind, rule.content), 'exempted')
        if (table.isOpen) throw new AppError('bad_request', `该周期到 ${period.untilDay} 才结束，结束后方可发布。The period ends on ${period.untilDay}; it can be published afterwards.`, { errors: [{ path: 'body.day', message: '周期尚未结束。The period has not ended' }] })
        rows.push(...freeze(kind, table))
      }
      const id = uuidv7()
      const contentHash = createHash('sha256').update(rows.map((row) => `${row.kind} ${row.ordinal} ${row.content}\n`).join('')).digest('hex')
      const periodId = await insertPublication(tx, {
        id, cityId: city.cityId, cycle: period.cycle, fromDay: period.fromDay, untilDay: period.untilDay, version: last + 1, registryVersion: REGISTRY_VERSION, ruleId: rule.ruleId, asOf: at.toISOString(),
        publishedById: principal.accountId, publishedBy: principal.name, note: wish.note ?? null, contentHash,
      })
      for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) await insertResults(tx, periodId, rows.slice(from, from + ROWS_PER_STATEMENT))
      const publication = await findPublication(tx, city.cityId, id)
      if (!publication) throw new TypeError('a publication was not there after its own insert')
      await recordAudit(tx, principal, city.cityId, {
        domain: 'evaluation', action: 'publishPeriod', objectKind: 'evaluation_period', objectId: id,
        details: { cycle: period.cycle, fromDay: period.fromDay, untilDay: period.untilDay, version: last + 1, registryVersion: REGISTRY_VERSION, ruleVersion: rule.version, contentHash, note: wish.note ?? null },
      }, at)
      return present(publication)
    },
    { timeoutMs: TIMEOUT_MILLISECONDS },
  )
}

export async function listPublications(db: Queryable, cityKey: string, cycle: Cycle | undefined, limit: number): Promise<Publication[]> {
  const city = await getCity(db, cityKey)
  return (await listPublicationRows(db, city.cityId, cycle, limit)).map(present)
}

async function readFrozen(db: Queryable, cityKey: string, id: string, kind: ObjectKind): Promise<{ row: PublicationRow; table: EvaluationTable }> {
  const city = await getCity(db, cityKey)
  const row = await findPublication(db, city.cityId, id)
  if (!row) throw new AppError('not_found', `There is no publication ${id} in ${city.nameZh} ${city.nameEn}.`)
  const [head, ...objects] = await listResults(db, row.periodId, kind)
  if (head === undefined) throw new AppError('not_found', `The publication holds no table for “${kind}”.`)
  return { row, table: { ...Head.parse(head), objects: objects.map((object) => EvaluatedObject.parse(object)) } }
}

/** A published table, exactly as it was frozen. @throws AppError not_found */
export async function getPublication(db: Queryable, cityKey: string, id: string, kind: ObjectKind): Promise<{ publication: Publication; table: EvaluationTable }> {
  const { row, table } = await readFrozen(db, cityKey, id, kind)
  return { publication: present(row), table }
}

function isSame(a: Figure | null, b: Figure | null): boolean {
  return a?.numerator === b?.numerator && a?.denominator === b?.denominator && a?.value === b?.value
}

/** What of a published table reads differently today, under the rules it was published with. @throws AppError not_found */
export async function comparePublication(db: Queryable, cityKey: string, id: string, kind: ObjectKind, at: Date) {
  const { row, table } = await readFrozen(db, cityKey, id, kind)
  const rule = await findRule(db, row.ruleId)
  if (!rule) throw new TypeError('the rule of a publication is gone')
  const frame = await frameOf(db, cityKey, { cycle: row.cycle, day: row.fromDay }, at)
  const live = await computeTable(db, { ...frame, rule }, kind, table.indicators.filter(isIndicator), 'exempted')
  const now = new Map(live.objects.map((object) => [object.key, object]))
  const before = new Map(table.objects.map((object) => [object.key, object]))
  const keys = [...new Set([...before.keys(), ...now.keys()])]
  const changes = keys.flatMap((key) =>
    table.indicators.flatMap((indicator) => {
      const published = before.get(key)?.figures[indicator]?.exempted ?? null
      const found = now.get(key)?.figures[indicator]?.exempted ?? null
      return isSame(published, found) ? [] : [{ objectKey: key, objectName: before.get(key)?.name ?? now.get(key)?.name ?? key, indicator, published, live: found }]
    }),
  )
  return { publication: present(row), asOf: at.toISOString(), compared: keys.length * table.indicators.length, changes: changes.slice(0, SHOWN_CHANGES) }
}

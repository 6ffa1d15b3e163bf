import { createHash } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'
import { type CityRow, getCity } from '../cities/cities.ts'
import type { PlanningQuestion } from '../contract/planning.ts'
import { listInputLayersOf } from '../coverage/input-queries.ts'
import { findKindVersions } from '../coverage/queries.ts'
import type { Db } from '../db/db.ts'
import type { PlanningKind, Settled } from './kind.ts'

/** A question with everything its answer depends on. */
export interface AskedQuestion {
  city: CityRow
  of: PlanningKind
  settled: Settled<never>
  inputs: { kind: string; layer: string; version: number; rows: number }[]
  key: string
}

/** Checks a question of a kind against the city and names its answer. @throws AppError bad_request */
export async function settleQuestion(db: Db, cityKey: string, of: PlanningKind, input: PlanningQuestion['input']): Promise<AskedQuestion> {
  const city = await getCity(db, cityKey)
  const settled = await of.settle(db, city, input)
  const inputs = await listInputLayersOf(db, city.cityId, settled.reads)
  const kindVersions = await findKindVersions(db, city.cityId, settled.reads)
  // As JSON holds it: what is undefined is not there.
  const asked: unknown = JSON.parse(JSON.stringify({ kind: of.kind, engine: of.engineVersion, measureSrid: city.measureSrid, input: settled.input, basis: settled.basis, inputs, kindVersions }))
  return { city, of, settled: settled as Settled<never>, inputs, key: createHash('sha256').update(canonicalJson(asked)).digest('hex') }
}

/** Places for rows of a table that have none of their own: those of the features their key names. */
import type { Queryable } from '../db/db.ts'
import type { ImportRun } from './context.ts'
import { listJoinKeys } from './join-queries.ts'
import { findJoinTarget } from './population-table.ts'
import { deleteStageRows, listStageJoinKeys, setStageGeometry } from './stage-queries.ts'

/** Gives every staged row without geometry that of its feature; rows whose key nobody has are refused. */
export async function joinGeometry(tx: Queryable, run: ImportRun): Promise<void> {
  const target = await findJoinTarget(tx, run)
  const features = new Map<string, number>()
  for (const { key, featureId } of await listJoinKeys(tx, target.table, target.layer.layerId, target.key)) if (key !== null) features.set(key.trim(), featureId)
  const pairs: { ordinal: number; featureId: number }[] = []
  const lost: number[] = []
  for (const { ordinal, row, joinKey } of await listStageJoinKeys(tx)) {
    const featureId = features.get(joinKey ?? '')
    if (featureId !== undefined) pairs.push({ ordinal, featureId })
    else {
      lost.push(ordinal)
      run.issues.add(row, { severity: 'refused', code: 'join_no_feature', field: 'join', message: `No row of the layer "${target.layer.key}" has ${target.keyName} = "${joinKey ?? ''}", so the row has no place.`, sample: joinKey })
    }
  }
  await setStageGeometry(tx, target.table, pairs)
  await deleteStageRows(tx, lost)
}

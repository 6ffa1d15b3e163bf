/** Gates of green spaces, looked at and put right by hand. What is put in or ended counts from the next question on. */
import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { bumpKindVersions, type CityRow, getCity } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import type { Entrance, Entrances } from '../contract/entrances.ts'
import type { Position } from '../contract/geojson.ts'
import { findWalkingSettings, listGates } from '../coverage/walking-queries.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import * as queries from './queries.ts'

type Context = Pick<AppContext, 'db' | 'clock'>
/** Gates that are told of one green space. */
const MOST = 500
/** A gate lies on the boundary; a click beside it by more than this is no gate of it. */
const BOUNDARY_METERS = 60

async function getGreen(db: Queryable, cityKey: string, id: string): Promise<{ city: CityRow; green: queries.GreenRow }> {
  const city = await getCity(db, cityKey)
  const green = await queries.findGreen(db, city.cityId, id)
  if (!green) throw new AppError('not_found', `城市“${cityKey}”没有绿地 ${id}。City "${cityKey}" has no green space ${id}.`)
  return { city, green }
}

/** Gates that a question finds where none are on record. */
async function findGates(db: Queryable, city: CityRow, green: queries.GreenRow): Promise<Entrance[]> {
  const settings = await findWalkingSettings(db, city.cityId)
  const gates = await listGates(db, city.cityId, city.measureSrid, 'green_spaces', [green.rowId], settings.openEdgeSpacingMeters, () => undefined)
  const positions = await queries.listPositions(db, city.measureSrid, gates)
  return gates.map(({ how }, index) => ({ id: null, method: how === 'point' ? 'given' : how, name: null, position: positions[index]! }))
}

async function tell(db: Queryable, city: CityRow, green: queries.GreenRow): Promise<Entrances> {
  const onRecord = await queries.listEntranceRows(db, green.rowId, MOST + 1)
  const all: Entrance[] = onRecord.length > 0 ? onRecord : await findGates(db, city, green)
  return { green: { id: green.id, name: green.name }, isOnRecord: onRecord.length > 0, entrances: all.slice(0, MOST), isCut: all.length > MOST }
}

export async function listEntrances({ db }: Context, cityKey: string, id: string): Promise<Entrances> {
  const { city, green } = await getGreen(db, cityKey, id)
  return tell(db, city, green)
}

/** Puts what is found on record where nothing is yet. */
async function keepFound(tx: Queryable, city: CityRow, green: queries.GreenRow, at: Date): Promise<number> {
  if ((await queries.listEntranceRows(tx, green.rowId, 1)).length > 0) return 0
  const found = await findGates(tx, city, green)
  if (found.length > 0) await queries.insertEntrances(tx, city.cityId, green.rowId, found.map(({ position }) => ({ id: uuidv7(), method: 'derived' as const, name: null, position })), at.toISOString())
  return found.length
}

async function change({ db, clock }: Context, principal: Principal, cityKey: string, id: string, action: string, work: (tx: Queryable, city: CityRow, green: queries.GreenRow, at: Date) => Promise<Record<string, unknown>>): Promise<Entrances> {
  const { city, green } = await getGreen(db, cityKey, id)
  const at = clock()
  await db.transaction(async (tx) => {
    await queries.lockGreen(tx, green.rowId)
    const details = await work(tx, city, green, at)
    await bumpKindVersions(tx, city.cityId, ['green_entrances'])
    await recordAudit(tx, principal, city.cityId, { domain: 'coverage', action, objectKind: 'green_space', objectId: id, details }, at)
  })
  return tell(db, city, green)
}

/** @throws AppError bad_request for a place that is not on the boundary. */
export function addEntrance(context: Context, principal: Principal, cityKey: string, id: string, { position, name }: { position: Position; name: string | null }): Promise<Entrances> {
  return change(context, principal, cityKey, id, 'addEntrance', async (tx, city, green, at) => {
    const meters = await queries.findBoundaryDistance(tx, green.rowId, city.measureSrid, position)
    if (meters > BOUNDARY_METERS) {
      throw new AppError('bad_request', `该位置离绿地边界 ${Math.round(meters)} 米，出入口应在边界上（${BOUNDARY_METERS} 米以内）。The place is ${Math.round(meters)} m from the boundary: a gate lies on it (within ${BOUNDARY_METERS} m).`, { errors: [{ path: 'body.position', message: `${Math.round(meters)} m from the boundary` }] })
    }
    const kept = await keepFound(tx, city, green, at)
    await queries.insertEntrances(tx, city.cityId, green.rowId, [{ id: uuidv7(), method: 'edited', name, position }], at.toISOString())
    return { position, kept }
  })
}

export function keepEntrances(context: Context, principal: Principal, cityKey: string, id: string): Promise<Entrances> {
  return change(context, principal, cityKey, id, 'keepEntrances', async (tx, city, green, at) => ({ kept: await keepFound(tx, city, green, at) }))
}

/** @throws AppError stale when somebody ended it meanwhile; not_found when there never was one. */
export function endEntrance(context: Context, principal: Principal, cityKey: string, id: string, entrance: string): Promise<Entrances> {
  return change(context, principal, cityKey, id, 'endEntrance', async (tx, _city, green, at) => {
    if (!(await queries.updateEntranceEnded(tx, green.rowId, entrance, at.toISOString()))) {
      const ended = await queries.findEntranceEnd(tx, green.rowId, entrance)
      if (ended === undefined) throw new AppError('not_found', '该绿地没有这个出入口。The green space has no such gate.')
      throw new AppError('stale', `该出入口已于 ${ended} 去掉，请重新载入。The gate was taken away at ${ended}: load the gates again.`)
    }
    return { entrance }
  })
}

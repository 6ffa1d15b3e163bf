/** Places that stand and candidates that nobody can walk into, by reason and name. */
import type { Position } from '../contract/geojson.ts'
import { NotEnteredReason } from '../contract/not-entered.ts'
import type { SitingNotice } from '../contract/planning-siting.ts'
import type { Db } from '../db/db.ts'
import { notEnteredReason } from '../engine/walking/walking-network.ts'
import { listPositions } from '../supply/queries.ts'
import type { CityGround } from './city-ground.ts'
import type { CityTold } from './siting-worker.ts'
import { NOTICES } from './words.ts'

/** Places that a notice points at. */
const PLACES_TOLD = 200

export interface ShutPlace {
  reason: NotEnteredReason
  name: string | null
  position: Position
}

/** What stands, counts and cannot be walked into; nothing by the straight line. */
export async function readShutStanding(db: Db, kind: 'green_spaces' | 'facilities', { standing, ground }: CityGround, { entries }: Pick<CityTold, 'entries'>): Promise<ShutPlace[]> {
  const shut = standing.flatMap(({ rowId, name }, place) => {
    const reason = entries && !Number.isNaN(ground.standing.radii[place]!) ? notEnteredReason(entries.standing[place]!) : undefined
    return reason ? [{ rowId, name, reason }] : []
  })
  const places = await listPositions(db, kind, shut.map(({ rowId }) => rowId))
  return shut.flatMap(({ rowId, name, reason }) => (places.has(rowId) ? [{ reason, name, position: places.get(rowId)! }] : []))
}

/** One notice for each reason that keeps people out of some of the places. */
export function noticesOfShut(what: 'standing' | 'candidates', shut: readonly ShutPlace[], tolerances: Parameters<typeof NOTICES.notEntered>[3]): SitingNotice[] {
  return NotEnteredReason.options.flatMap((reason) => {
    const own = shut.filter((place) => place.reason === reason)
    if (own.length === 0) return []
    return [{ ...NOTICES.notEntered(what, reason, own.map(({ name }) => name), tolerances), isFatal: false, count: own.length, weight: null, places: own.slice(0, PLACES_TOLD).map(({ position }) => position) }]
  })
}

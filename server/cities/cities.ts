import { v7 as uuidv7 } from 'uuid'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { AppContext } from '../context.ts'
import { CityKey } from '../contract/cities.ts'
import type { Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { defaultMeasuringSystem, type MeasuringSystem } from './measuring-system.ts'
import { type CityRow, findCity, findCoordinateSystem, insertCity, updateUnsettledMeasure } from './queries.ts'

export { bumpKindVersions, type CityRow, listCities } from './queries.ts'

/** @throws AppError not_found when no live city has this key. */
export async function getCity(db: Queryable, key: string): Promise<CityRow> {
  const city = await findCity(db, key)
  if (!city) throw new AppError('not_found', `这里没有城市“${key}”。There is no city "${key}" here.`)
  return city
}

/**
 * A system of metres by its EPSG code.
 * @throws AppError bad_request when it is unknown, not projected, not in metres, or a web map's (whose metres are not true).
 */
export async function findMeasuringSystem(db: Queryable, srid: number): Promise<MeasuringSystem> {
  const found = await findCoordinateSystem(db, srid)
  if (!found) throw new AppError('bad_request', `没有 EPSG:${srid} 这一坐标系，请改选。EPSG:${srid} is not known here.`)
  if (/\+proj=(longlat|latlong|geocent)\b/.test(found.definition)) throw new AppError('bad_request', `EPSG:${srid}（${found.name}）以度计，量算坐标系须为投影坐标系，如 EPSG:4547。EPSG:${srid} (${found.name}) counts in degrees; a measuring system has to be projected, e.g. EPSG:4547.`)
  if (!/\+units=m\b/.test(found.definition) && !/\+proj=utm\b/.test(found.definition)) throw new AppError('bad_request', `EPSG:${srid}（${found.name}）不以米计，请改选。EPSG:${srid} (${found.name}) does not count in metres.`)
  if (/\+proj=merc\b/.test(found.definition)) throw new AppError('bad_request', `EPSG:${srid}（${found.name}）是网络地图投影，长度失真：请改选本市所在分带，如 EPSG:4547。EPSG:${srid} (${found.name}) is a web map's projection: its metres are not true. Choose the city's own zone, e.g. EPSG:4547.`)
  return { srid, name: found.name }
}

/** Stands in until the first data settle it; chosen so that nothing measured by it could be taken for a result. */
const UNSETTLED: MeasuringSystem = { srid: 4547, name: 'CGCS2000 / 3-degree Gauss-Kruger CM 114E' }

export interface CityWish {
  key: string
  nameZh: string
  nameEn: string
  /** EPSG code set by hand; without it the centre of the first data decides. */
  measureSrid?: number
  timeZone: string
}

/** @throws AppError bad_request for a key, a time zone or a measuring system that cannot be used; conflict when the key is taken. */
export async function createCity({ db, clock }: Pick<AppContext, 'db' | 'clock'>, principal: Principal, wish: CityWish): Promise<CityRow> {
  const key = CityKey.safeParse(wish.key)
  if (!key.success) throw new AppError('bad_request', `"${wish.key}" cannot be a city's key: ${key.error.issues[0]?.message ?? ''}.`)
  if (!isTimeZone(wish.timeZone)) throw new AppError('bad_request', `没有时区“${wish.timeZone}”，请给出如 Asia/Shanghai 的名称。The name "${wish.timeZone}" is not a time zone; give a name such as Asia/Shanghai.`)
  if (await findCity(db, wish.key)) throw new AppError('conflict', `已有城市“${wish.key}”，请改用别的代号。There is a city "${wish.key}" already.`)
  const system = wish.measureSrid === undefined ? UNSETTLED : await findMeasuringSystem(db, wish.measureSrid)
  return db.transaction(async (tx) => {
    await insertCity(tx, {
      id: uuidv7(),
      key: wish.key,
      nameZh: wish.nameZh,
      nameEn: wish.nameEn,
      measureSrid: system.srid,
      measureName: system.name,
      measureFrom: wish.measureSrid === undefined ? 'unsettled' : 'hand',
      timeZone: wish.timeZone,
    })
    const city = await getCity(tx, wish.key)
    await recordAudit(tx, principal, city.cityId, { domain: 'reference', action: 'createCity', objectKind: 'city', objectId: city.key }, clock())
    return city
  })
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    // RangeError: the only way Intl has of saying no.
    return false
  }
}

/**
 * Call in the transaction of a city's first data, before anything is measured: fixes the measuring system by their centre
 * unless it was set by hand or settled before.
 * @returns the system to measure in from now on.
 */
export async function settleMeasuringSystem(tx: Queryable, city: CityRow, center: readonly [number, number]): Promise<MeasuringSystem> {
  if (city.measureFrom !== 'unsettled') return { srid: city.measureSrid, name: city.measureName }
  const system = defaultMeasuringSystem(center)
  return (await updateUnsettledMeasure(tx, city.cityId, system)) ? system : settled(tx, city.key)
}

async function settled(tx: Queryable, key: string): Promise<MeasuringSystem> {
  const city = await getCity(tx, key)
  return { srid: city.measureSrid, name: city.measureName }
}

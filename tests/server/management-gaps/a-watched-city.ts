import { v7 as uuidv7 } from 'uuid'
import type { Db } from '../../../server/db/db.ts'
import { sql } from '../../../server/db/sql.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'

/** Now, for every test: noon of a day at the city. */
export const NOW = new Date('2026-06-30T04:00:00Z')
const DAY = 86_400_000
export const daysAgo = (days: number): string => new Date(NOW.getTime() - days * DAY).toISOString()

export interface WatchedCity extends SmallCity {
  owner(areaCode: string, more?: { organisation?: string; person?: string | null; organisationId?: number; accountId?: number }): Promise<void>
  organisation(name: string, endedAt?: string): Promise<number>
  account(endedAt?: string): Promise<number>
  post(role: string, areaCode: string | null, accountId: number): Promise<void>
  part(at: readonly [number, number], gridCode: string | null, outside?: boolean): Promise<void>
  road(west: number, east: number, south: number, roadClass?: string): Promise<void>
  /** A case with its checks, by days before now. */
  incident(more: { reported: number; grid?: string; community?: string; state?: string; checks?: readonly { action: string; from?: string; days: number }[]; isDrill?: boolean; at?: readonly [number, number] }): Promise<void>
  people(code: string, people: number | null): Promise<void>
}

/** A city in metres, with owners, posts, parts, roads and cases. */
export async function aWatchedCity(db: Db): Promise<WatchedCity> {
  const city = await aSmallCity(db)
  const { cityId } = city
  const shape = (text: string) => sql`st_transform(st_geomfromtext(${text}, 4547), 4490)`
  const point = ([x, y]: readonly [number, number]) => `POINT(${500_000 + x} ${2_500_000 + y})`
  let serial = 0
  const next = () => `${city.key}-${++serial}`
  return {
    ...city,
    async owner(areaCode, { organisation = '责任单位', person = '张三', organisationId, accountId } = {}) {
      await db.query(sql`insert into grid_owners (public_id, city_id, area_code, organisation, person, organisation_id, account_id) values (${uuidv7()}, ${cityId}, ${areaCode}, ${organisation}, ${person}, ${organisationId ?? null}, ${accountId ?? null})`)
    },
    async organisation(name, endedAt) {
      return (await db.query<{ id: number }>(sql`insert into organisations (public_id, city_id, code, kind, name_zh, name_en, ended_at) values (${uuidv7()}, ${cityId}, ${`U${++serial}`}, 'street', ${name}, ${name}, ${endedAt ?? null}) returning id`))[0]!.id
    },
    async account(endedAt) {
      return (await db.query<{ id: number }>(sql`insert into accounts (public_id, kind, login, name, ended_at) values (${uuidv7()}, 'person', ${next()}, '某人', ${endedAt ?? null}) returning id`))[0]!.id
    },
    async post(role, areaCode, accountId) {
      await db.query(sql`insert into posts (public_id, account_id, role, city_id, area_code) values (${uuidv7()}, ${accountId}, ${role}, ${cityId}, ${areaCode})`)
    },
    async part(at, gridCode, outside = false) {
      await db.query(sql`insert into parts (public_id, city_id, layer_id, source_key, content_hash, scheme_id, class_code, grid_code, outside_city, geom)
        values (${uuidv7()}, ${cityId}, ${await city.layer('parts')}, ${next()}, '', 'GBT30428.2-2013', '0101', ${gridCode}, ${outside}, ${shape(point(at))})`)
    },
    async road(west, east, south, roadClass = 'tertiary') {
      await db.query(sql`insert into roads (public_id, city_id, layer_id, source_key, content_hash, class, length_meters, geom)
        values (${uuidv7()}, ${cityId}, ${await city.layer('roads')}, ${next()}, '', ${roadClass}, ${east - west}, ${shape(`MULTILINESTRING((${500_000 + west} ${2_500_000 + south},${500_000 + east} ${2_500_000 + south}))`)})`)
    },
    async incident({ reported, grid, community, state = 'closed', checks = [], isDrill = false, at }) {
      const [row] = await db.query<{ id: number }>(sql`insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, geom, grid_code, community_code, reported_at, is_drill)
        values (${uuidv7()}, ${cityId}, ${next()}, 'GBT30428.2-2013', 'event', '0112', '暴露垃圾', '01', 3, 'class', ${state}, 'collector', '甲', ${at ? 'map' : 'none'}, ${at ? shape(point(at)) : null}, ${grid ?? null}, ${community ?? grid?.slice(0, 12) ?? null}, ${daysAgo(reported)}::timestamptz, ${isDrill}) returning id`)
      for (const [index, { action, from = 'checking', days }] of checks.entries()) {
        await db.query(sql`insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at) values (${row!.id}, ${index + 1}, ${action}, ${from}, 'pending_close', '甲', ${daysAgo(days)}::timestamptz)`)
      }
    },
    async people(code, people) {
      await db.query(sql`update administrative_areas set population = ${people} where city_id = ${cityId} and code = ${code}`)
      await db.query(sql`update unit_grids set population = ${people} where city_id = ${cityId} and code = ${code}`)
    },
  }
}

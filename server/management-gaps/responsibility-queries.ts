/** Cells, communities and streets that nobody answers for, by the tables of owners and of collectors' posts. */
import type { GapKind } from '../contract/management-gaps.ts'
import type { Queryable } from '../db/db.ts'
import { type Sql, sql } from '../db/sql.ts'
import { areaColumns, areasOf, cellColumns, type UnitRow } from './unit-queries.ts'

export interface OwnerlessRow extends UnitRow {
  kind: GapKind
  owner: string | null
  uncoveredShare: number | null
  /** Of an area without an owner: its cells that have none either. Null where it has an owner or no cells, and for cells. */
  openCells: number | null
}

/** Owners in force by area, and the areas of collectors in post (`''`: the whole city). */
function ownersOf(cityId: number): Sql {
  return sql`
    owners as (
      select o.area_code, o.organisation, g.ended_at is not null as is_gone, case when o.account_id is null then o.person is not null else a.ended_at is null end as has_person
      from grid_owners o left join organisations g on g.id = o.organisation_id left join accounts a on a.id = o.account_id
      where o.city_id = ${cityId} and o.valid_to is null),
    collectors as (
      select distinct coalesce(p.area_code, '') as area_code from posts p join accounts a on a.id = p.account_id and a.ended_at is null
      where p.role = 'collector' and p.ended_at is null and (p.city_id = ${cityId} or p.city_id is null))`
}

/** Kinds by the joined owner; without any collector in post nothing is said of collectors. */
const OWNER_KIND = sql`case when owner.organisation is null then 'no_owner' when owner.is_gone then 'owner_gone' when not owner.has_person then 'no_person'
  when exists (select from collectors) and not exists (select from collectors c where starts_with(unit.code, c.area_code)) then 'no_collector' end`

/** Cells with a gap; the smallest area that has an owner decides. */
export function listOwnerlessCells(db: Queryable, cityId: number): Promise<OwnerlessRow[]> {
  return db.query(sql`
    with ${ownersOf(cityId)},
    judged as (
      select unit.id, owner.organisation, ${OWNER_KIND} as kind
      from unit_grids unit
      left join owners by_cell on by_cell.area_code = unit.code
      left join owners by_community on by_community.area_code = unit.community_code and by_cell.area_code is null
      left join owners by_street on by_street.area_code = unit.street_code and by_cell.area_code is null and by_community.area_code is null
      cross join lateral (select coalesce(by_cell.organisation, by_community.organisation, by_street.organisation) as organisation,
        coalesce(by_cell.is_gone, by_community.is_gone, by_street.is_gone) as is_gone, coalesce(by_cell.has_person, by_community.has_person, by_street.has_person) as has_person) owner
      where unit.city_id = ${cityId} and unit.valid_to is null)
    select ${cellColumns(cityId)}, j.kind, j.organisation as owner, null::float8 as "uncoveredShare", null::int as "openCells"
    from judged j join unit_grids g on g.id = j.id where j.kind is not null`)
}

/**
 * Communities or streets with a gap: of owners, or of land in none of their cells. Without an owner of its own an area is answered for all the same
 * where each of its cells is, by itself or by its community.
 * @param uncoveredShare share of the land from which it is one; null where there are no cells at all, and nothing is said of them
 */
export function listOwnerlessAreas(db: Queryable, cityId: number, level: 'community' | 'street', uncoveredShare: number | null): Promise<OwnerlessRow[]> {
  const belongs = level === 'community' ? sql`g.community_code` : sql`g.street_code`
  return db.query(sql`
    with ${ownersOf(cityId)},
    held as (
      select ${belongs} as code, sum(g.area_m2) as area_m2, count(*) filter (where by_cell.area_code is null and by_community.area_code is null)::int as open_cells
      from unit_grids g left join owners by_cell on by_cell.area_code = g.code left join owners by_community on by_community.area_code = g.community_code
      where g.city_id = ${cityId} and g.valid_to is null group by 1),
    judged as (
      select unit.id, unit.code, owner.organisation, 1 - held.area_m2 / nullif(unit.area_m2, 0) as open_share, case when owner.organisation is null and held.open_cells = 0 then null else ${OWNER_KIND} end as owner_kind, case when owner.organisation is null then held.open_cells end as open_cells,
        case when ${uncoveredShare}::float8 is null then null when held.code is null then 'no_cells' when 1 - held.area_m2 / nullif(unit.area_m2, 0) > ${uncoveredShare}::float8 then 'uncovered' end as land_kind
      from ${areasOf(cityId, level)} unit
      left join held on held.code = unit.code
      left join owners own on own.area_code = unit.code
      left join owners above on above.area_code = unit.parent_code and own.area_code is null and ${level} = 'community'
      cross join lateral (select coalesce(own.organisation, above.organisation) as organisation, coalesce(own.is_gone, above.is_gone) as is_gone, coalesce(own.has_person, above.has_person) as has_person) owner)
    select ${areaColumns(cityId)}, coalesce(case when j.owner_kind in ('no_owner', 'owner_gone') then j.owner_kind end, j.land_kind, j.owner_kind) as kind, j.organisation as owner,
      case when j.land_kind = 'uncovered' then j.open_share end as "uncoveredShare", j.open_cells as "openCells"
    from judged j join administrative_areas a on a.id = j.id where coalesce(j.owner_kind, j.land_kind) is not null`)
}

/** Whether owners and collectors are on record at all. */
export async function findOwnerTables(db: Queryable, cityId: number): Promise<{ owners: number; collectors: number }> {
  return (await db.query<{ owners: number; collectors: number }>(sql`with ${ownersOf(cityId)} select (select count(*)::int from owners) as owners, (select count(*)::int from collectors) as collectors`))[0]!
}

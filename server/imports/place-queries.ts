/** What follows from where things are: parents of areas, the city's boundary, rows outside it, areas and cells of incidents. */
import type { Queryable } from '../db/db.ts'
import { identifier, sql } from '../db/sql.ts'

/** Areas without a given parent get the next higher area that holds a point on their surface. */
export async function assignParents(tx: Queryable, cityId: number): Promise<number> {
  const rows = await tx.query(sql`
    with ranked as (
      select id, code, level, geom, case level when 'county' then 1 when 'street' then 2 else 3 end as rank
      from administrative_areas where city_id = ${cityId} and valid_to is null
    ), found as (
      select child.id, (
        select parent.code from ranked parent
        where parent.rank < child.rank and st_covers(parent.geom, st_pointonsurface(child.geom))
        order by parent.rank desc, parent.code limit 1
      ) as parent_code
      from ranked child
    )
    update administrative_areas a set parent_code = found.parent_code
    from found where found.id = a.id and a.parent_code is null and found.parent_code is not null
    returning a.id`)
  return rows.length
}

/** The boundary becomes the union of the areas of the highest level there is; the extent follows it. */
export async function setBoundary(tx: Queryable, cityId: number): Promise<void> {
  await tx.query(sql`
    with top as (
      select min(case level when 'county' then 1 when 'street' then 2 else 3 end) as rank
      from administrative_areas where city_id = ${cityId} and valid_to is null
    ), outline as (
      select st_multi(st_collectionextract(st_union(a.geom), 3)) as geom
      from administrative_areas a, top
      where a.city_id = ${cityId} and a.valid_to is null and (case a.level when 'county' then 1 when 'street' then 2 else 3 end) = top.rank
    )
    update cities c set boundary = outline.geom, extent = st_envelope(outline.geom), version = c.version + 1 from outline where c.id = ${cityId} and outline.geom is not null`)
}

/** A city without a boundary reaches as far as its rows. */
export async function growExtent(tx: Queryable, cityId: number, table: string, layerId: number, hasValidity: boolean): Promise<void> {
  await tx.query(sql`
    with box as (select st_envelope(st_collect(st_envelope(geom))) as geom from ${identifier(table)} where layer_id = ${layerId} ${hasValidity ? sql`and valid_to is null` : sql``} and not outside_city and geom is not null)
    update cities c set extent = st_envelope(st_collect(c.extent, box.geom)) from box
    where c.id = ${cityId} and c.boundary is null and box.geom is not null and st_dimension(st_envelope(st_collect(c.extent, box.geom))) = 2`)
}

/** Sets the outside flag of a kind anew after the boundary changed. @returns how many rows changed. */
export async function refreshOutside(tx: Queryable, cityId: number, table: string, outsideBy: 'centroid' | 'touch'): Promise<number> {
  const place = outsideBy === 'centroid' ? sql`st_covers(c.boundary, st_centroid(t.geom))` : sql`st_intersects(c.boundary, t.geom)`
  const rows = await tx.query(sql`
    update ${identifier(table)} t set outside_city = not ${place} from cities c
    where c.id = ${cityId} and c.boundary is not null and t.city_id = ${cityId} and t.geom is not null and t.outside_city = ${place}
    returning t.id`)
  return rows.length
}

/** Incidents get the codes of the areas and the cell they lie in; only rows whose codes differ are written. `layerId` null: all of the city. */
export async function refreshIncidentPlaces(tx: Queryable, cityId: number, layerId: number | null): Promise<number> {
  // Without a word on how many rows just came in, the planner joins them in a nested loop. Never on the geometry: see finishStage.
  await tx.query(sql`analyze incidents (id, city_id, layer_id)`)
  // Area by area, so that PostGIS prepares each large polygon once; cells are small, and there are more of them than cases.
  const rows = await tx.query(sql`
    with held as (
      select i.id, a.level, min(a.code) as code
      from administrative_areas a cross join lateral (
        select i.id from incidents i where i.city_id = ${cityId} and (${layerId}::bigint is null or i.layer_id = ${layerId}::bigint) and i.geom && a.geom and st_covers(a.geom, i.geom) offset 0) i
      where a.city_id = ${cityId} and a.valid_to is null group by i.id, a.level
    ), codes as materialized (
      select id, min(code) filter (where level = 'county') as county_code, min(code) filter (where level = 'street') as street_code, min(code) filter (where level = 'community') as community_code from held group by id
    ), placed as (
      select i.id, codes.county_code, codes.street_code, codes.community_code,
        cell.code as grid_code, cell.grid_version
      from incidents i left join codes on codes.id = i.id
      left join lateral (
        select g.code, g.grid_version from unit_grids g
        where g.city_id = ${cityId} and g.valid_to is null and g.status = 'valid' and st_covers(g.geom, i.geom) order by g.code limit 1
      ) cell on true
      where i.city_id = ${cityId} and i.geom is not null and (${layerId}::bigint is null or i.layer_id = ${layerId}::bigint)
    )
    update incidents i set county_code = placed.county_code, street_code = placed.street_code, community_code = placed.community_code, grid_code = placed.grid_code, grid_version = placed.grid_version
    from placed
    where placed.id = i.id and (i.county_code, i.street_code, i.community_code, i.grid_code, i.grid_version)
      is distinct from (placed.county_code, placed.street_code, placed.community_code, placed.grid_code, placed.grid_version)
    returning i.id`)
  return rows.length
}

/** Parts without a cell get the code of the one they lie in. */
export async function assignPartGrids(tx: Queryable, cityId: number): Promise<void> {
  await tx.query(sql`
    update parts p set grid_code = g.code from unit_grids g
    where p.city_id = ${cityId} and p.valid_to is null and g.city_id = ${cityId} and g.valid_to is null and g.status = 'valid' and st_covers(g.geom, p.geom) and p.grid_code is distinct from g.code`)
}

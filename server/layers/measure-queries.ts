import type { GridMeasure } from '../contract/layers.ts'
import type { Queryable } from '../db/db.ts'
import { empty, sql, type Sql } from '../db/sql.ts'

export interface MeasureInput {
  cityId: number
  measureSrid: number
  /** Conditions over `incidents i`, as the incidents themselves define them. */
  open: Sql
  overdue: Sql
  counted: Sql
  /** Begin of the last thirty days. */
  since: string
}

/** What a measure adds to the statement over the cells `g`: a joined table, and the value. */
interface Measured {
  joined: Sql
  value: Sql
}

function countIncidents({ cityId, counted }: MeasureInput, condition: Sql): Measured {
  return {
    joined: sql`left join (select i.grid_code, count(*)::float8 as n from incidents i
      where i.city_id = ${cityId} and i.grid_code is not null and ${counted} and ${condition} group by i.grid_code) c on c.grid_code = g.code`,
    value: sql`coalesce(c.n, 0)`,
  }
}

/** Points of `things` (id, point, amount) summed by the cell they lie in; one on a shared border counts in the cell of the lowest code. `offset 0` keeps the points from being computed again in every condition. */
function sumByPlace(cityId: number, things: Sql): Sql {
  return sql`left join (select placed.cell, sum(placed.amount)::float8 as n from (
      select distinct on (t.id) u.id as cell, t.amount from (select * from (${things}) given offset 0) t
      join unit_grids u on u.city_id = ${cityId} and u.valid_to is null and u.status = 'valid' and u.geom && t.point and st_intersects(u.geom, t.point)
      order by t.id, u.code) placed group by placed.cell) s on s.cell = g.id`
}

/** Of each cell its own number of people, where cells have one; else the people of the buildings, or else of the population cells, whose middle lies in it. */
function population({ cityId }: MeasureInput): Measured {
  const known = sql`p.city_id = ${cityId} and p.valid_to is null and p.population is not null and not p.outside_city`
  const cellsKnow = sql`exists (select from unit_grids p where p.city_id = ${cityId} and p.valid_to is null and p.population is not null)`
  const buildingsKnow = sql`exists (select from buildings p where ${known})`
  return {
    joined: sumByPlace(cityId, sql`select p.id, st_centroid(p.geom) as point, p.population as amount from buildings p where ${known} and not ${cellsKnow}
      union all select p.id, st_centroid(p.geom), p.population from population_cells p where ${known} and not ${cellsKnow} and not ${buildingsKnow}`),
    value: sql`case when ${cellsKnow} then g.population::float8 else round(s.n::numeric, 1)::float8 end`,
  }
}

/** Parts by the cell they name; those that name none, by where they are. */
function parts({ cityId }: MeasureInput): Measured {
  const live = sql`p.city_id = ${cityId} and p.valid_to is null`
  return {
    joined: sql`left join (select p.grid_code, count(*)::float8 as n from parts p where ${live} and p.grid_code is not null group by p.grid_code) c on c.grid_code = g.code
      ${sumByPlace(cityId, sql`select p.id, st_pointonsurface(p.geom) as point, 1 as amount from parts p where ${live} and p.grid_code is null`)}`,
    value: sql`coalesce(c.n, 0) + coalesce(s.n, 0)`,
  }
}

/** Percent of the cell that is green space, where two overlap counted once. */
function greenShare({ cityId, measureSrid }: MeasureInput): Sql {
  return sql`(select round((100 * least(1, coalesce(st_area(st_transform(case when count(*) = 1 then (array_agg(o.piece))[1] else st_union(o.piece) end, ${measureSrid}::integer)), 0) / nullif(g.area_m2, 0)))::numeric, 1)::float8
    from (select case when st_coveredby(g.geom, s.geom) then g.geom else st_intersection(g.geom, s.geom) end as piece from green_spaces s
      where s.city_id = ${cityId} and s.valid_to is null and s.geom && g.geom and st_intersects(s.geom, g.geom)) o)`
}

function measured(measure: GridMeasure, input: MeasureInput): Measured {
  switch (measure) {
    case 'open_incidents':
      return countIncidents(input, input.open)
    case 'overdue_incidents':
      return countIncidents(input, input.overdue)
    case 'incidents_30_days':
      return countIncidents(input, sql`i.reported_at >= ${input.since}::timestamptz`)
    case 'population':
      return population(input)
    case 'parts':
      return parts(input)
    case 'green_share':
      return { joined: empty, value: greenShare(input) }
  }
}

/** One value per live cell, in the order of the codes. */
export function listGridValues(db: Queryable, measure: GridMeasure, input: MeasureInput): Promise<{ id: string; code: string; value: number | null }[]> {
  const { joined, value } = measured(measure, input)
  return db.query(sql`select g.public_id as id, g.code, ${value} as value
    from unit_grids g ${joined} where g.city_id = ${input.cityId} and g.valid_to is null and g.status = 'valid' order by g.code`)
}

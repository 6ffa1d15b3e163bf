/** The walking ruler over a real city, held against a reckoning of its own: PostGIS finds the gates and the nearest paths, a textbook search walks. */
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CoverageQuestion, getCoverageRun, listBlindSpots, startCoverageRun } from '../../../server/contract/coverage.ts'
import { startCoverageJobs } from '../../../server/coverage/coverage.ts'
import { sql } from '../../../server/db/sql.ts'
import { aContext, aJobRunner, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { importFile } from '../../helpers/imports.ts'

const TRIAL = process.env['TRIAL_DATA']
const SRID = 3067
const db = openTestDb()
const jobs = aJobRunner()
let api: TestApi
afterAll(async () => {
  await api?.close()
  await db.close()
})

interface Edge {
  id: number
  from: number
  to: number
  length: number
  isBridge: boolean
}
interface Place {
  edge: number
  fraction: number
  offset: number
}

/** Connected parts of at least a tenth of the largest's nodes. */
function mainNodes(edges: readonly Edge[]): Set<number> {
  const parent = new Map<number, number>()
  const rootOf = (node: number): number => {
    let root = node
    while ((parent.get(root) ?? root) !== root) root = parent.get(root)!
    return root
  }
  for (const { from, to } of edges) parent.set(rootOf(from), rootOf(to))
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))]
  const sizes = new Map<number, number>()
  for (const node of nodes) sizes.set(rootOf(node), (sizes.get(rootOf(node)) ?? 0) + 1)
  const largest = Math.max(...sizes.values())
  return new Set(nodes.filter((node) => sizes.get(rootOf(node))! >= largest / 10))
}

/** Dijkstra's search without any heap. */
function distances(edges: ReadonlyMap<number, Edge>, gates: readonly Place[], limit: number): Map<number, number> {
  const beside = new Map<number, { to: number; length: number }[]>()
  for (const { from, to, length } of edges.values()) {
    beside.set(from, [...(beside.get(from) ?? []), { to, length }])
    beside.set(to, [...(beside.get(to) ?? []), { to: from, length }])
  }
  const found = new Map<number, number>()
  const open = new Map<number, number>()
  const offer = (node: number, meters: number) => {
    if (meters <= limit && !found.has(node) && meters < (open.get(node) ?? Infinity)) open.set(node, meters)
  }
  for (const { edge, fraction } of gates) {
    const { from, to, length } = edges.get(edge)!
    offer(from, fraction * length)
    offer(to, (1 - fraction) * length)
  }
  while (open.size > 0) {
    const [node, meters] = [...open].reduce((least, one) => (one[1] < least[1] ? one : least))
    open.delete(node)
    found.set(node, meters)
    for (const { to, length } of beside.get(node) ?? []) offer(to, meters + length)
  }
  return found
}

describe.skipIf(!TRIAL)(`Helsinki on foot${TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'}`, () => {
  let city: TestCity
  const ask = async (more: Partial<CoverageQuestion>) => {
    const { id } = await api.call(startCoverageRun, { params: { city: city.key }, body: { radiusMeters: 300, ruler: 'walk', demand: 'buildings', ...more } })
    await jobs.idle()
    return api.call(getCoverageRun, { params: { city: city.key, run: id } })
  }

  beforeAll(async () => {
    api = await openTestApi(aContext(db, { jobs }))
    await startCoverageJobs(api.context)
    city = await aCity(db, { measureSrid: SRID })
    const take = (file: string, kind: 'openstreetmap' | 'population_cells') => importFile(db, city.key, path.join(TRIAL ?? '', 'helsinki', file), { kind })
    await take('Helsinki.osm.pbf', 'openstreetmap')
    await take('population_grid_2020.gpkg', 'population_cells')
  })

  /** Points beside the nearest path of some ids, as far as a tolerance. */
  const besidePaths = (points: readonly { x: number; y: number }[], ids: readonly number[], tolerance: number) =>
    db.query<Place & { index: number }>(sql`
      with proper as materialized (select id, st_transform(geom, ${SRID}::int) as geom from path_edges where id = any(${ids}::bigint[]))
      select p.index::int - 1 as index, near.id as edge, st_linelocatepoint(near.geom, p.geom) as fraction, st_distance(near.geom, p.geom) as "offset"
      from (select index, st_setsrid(st_makepoint(x, y), ${SRID}::int) as geom from unnest(${points.map(({ x }) => x)}::float8[], ${points.map(({ y }) => y)}::float8[]) with ordinality q(x, y, index)) p
      cross join lateral (
        select e.id, e.geom from proper e where e.geom && st_expand(p.geom, ${tolerance}::float8) and st_dwithin(e.geom, p.geom, ${tolerance}::float8) order by st_distance(e.geom, p.geom), e.id limit 1) near`)

  test.each([300, 500])('as many buildings are served within %i m as PostGIS and a textbook search find', async (radius) => {
    const run = await ask({ radiusMeters: radius })
    const rows = await db.query<Edge>(sql`
      select id, source_node_id as "from", target_node_id as "to", length_meters as length, (structure is not null) as "isBridge" from path_edges where city_id = ${city.cityId} and valid_to is null`)
    const main = mainNodes(rows)
    const proper = rows.filter(({ from }) => main.has(from))
    const edges = new Map(rows.map((edge) => [edge.id, edge]))
    const crossings = await db.query<{ park: number; x: number; y: number }>(sql`
      select g.id as park, st_x(d.geom) as x, st_y(d.geom) as y from green_spaces g
      join path_edges e on e.city_id = g.city_id and e.valid_to is null and e.structure is null and st_intersects(e.geom, g.geom)
      cross join lateral st_dumppoints(st_intersection(st_transform(e.geom, ${SRID}::int), st_boundary(st_transform(g.geom, ${SRID}::int)))) d
      where g.city_id = ${city.cityId} and g.valid_to is null and g.class_code = 'G1' and g.access is distinct from 'closed'`)
    const open = await db.query<{ x: number; y: number }>(sql`
      select st_x(p.geom) as x, st_y(p.geom) as y from green_spaces g cross join lateral st_dump(st_boundary(st_transform(g.geom, ${SRID}::int))) ring
      cross join lateral (select ceil(st_length(ring.geom) / 50)::int as parts) size cross join lateral generate_series(0, size.parts - 1) n
      cross join lateral (select st_lineinterpolatepoint(ring.geom, n::float8 / size.parts) as geom) p
      where g.city_id = ${city.cityId} and g.valid_to is null and g.class_code = 'G1' and g.access is distinct from 'closed' and g.id <> all(${crossings.map(({ park }) => park)}::bigint[])`)
    const gates = await besidePaths([...crossings, ...open], proper.filter(({ isBridge }) => !isBridge).map(({ id }) => id), 30)
    const homes = await db.query<{ x: number; y: number }>(sql`
      select st_x(c) as x, st_y(c) as y from buildings cross join lateral (select st_centroid(st_transform(geom, ${SRID}::int)) as c) p where city_id = ${city.cityId} and valid_to is null`)
    const standing = await besidePaths(homes, proper.map(({ id }) => id), 150)
    const walked = distances(edges, gates, radius)
    const served = standing.filter(({ edge, fraction, offset }) => {
      const { from, to, length } = edges.get(edge)!
      const along = Math.min((walked.get(from) ?? Infinity) + fraction * length, (walked.get(to) ?? Infinity) + (1 - fraction) * length, ...gates.filter((gate) => gate.edge === edge).map((gate) => Math.abs(gate.fraction - fraction) * length))
      return along + offset <= radius
    })
    expect(served.length).toBeGreaterThan(100)
    expect(run.summary?.ratios.buildings).toMatchObject({ covered: served.length, total: homes.length })
    const found = run.summary!.walking!.gates
    expect([found.given, found.crossing + found.openEdge, found.unplaced]).toEqual([0, gates.length, crossings.length + open.length - gates.length])
  })

  test('people far from every path of the extract are told apart from those that walk too far', async () => {
    const run = await ask({ demand: 'population', radiusMeters: 500 })
    const { blindSpots } = await api.call(listBlindSpots, { params: { city: city.key, run: run.id }, query: {} })
    const { ratios, walking } = run.summary!
    expect(ratios.population?.total).toBe(71_724)
    // The population grid reaches far beyond the box of the extract.
    expect(walking!.offNetwork).toBeGreaterThan(10_000)
    expect(walking!.straight.covered).toBeGreaterThanOrEqual(ratios.population!.covered)
    expect(blindSpots.every(({ why }) => why !== undefined)).toBe(true)
  })

  test('stairs of the extract: wheels reach no more than feet, and slopes are refused where nothing says a height', async () => {
    const [feet, wheels] = [await ask({}), await ask({ impedance: { slope: false, stairs: 'closed' } })]
    expect(wheels.summary!.ratios.buildings!.covered).toBeLessThanOrEqual(feet.summary!.ratios.buildings!.covered)
    expect(feet.summary!.walking!.edges - wheels.summary!.walking!.edges).toBeGreaterThan(100)
  })
})

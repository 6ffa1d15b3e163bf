/**
 * Coverage: the engine against measuring everything and against the database's own question, and the whole official run of the demo city.
 * DATABASE_URL names a PostgreSQL server to make a throw-away database on; unset, the embedded engine in a throw-away folder.
 */
import { createHash } from 'node:crypto'
import { loadDemoCity } from '../../data/city/load.ts'
import { getCity } from '../../server/cities/cities.ts'
import { readPoints } from '../../server/coverage/city-inputs.ts'
import { askForRun, executeRun, syncServiceRules } from '../../server/coverage/coverage.ts'
import { listGreenSpaces } from '../../server/coverage/input-queries.ts'
import { getQuestion } from '../../server/coverage/question.ts'
import { bandsOf, qualifyFacilities, scenariosOf } from '../../server/coverage/qualification.ts'
import { sql } from '../../server/db/sql.ts'
import { distanceToGeometry } from '../../server/engine/distance.ts'
import { computeCovered } from '../../server/engine/membership.ts'
import { countOf, packWkb, type PackedGeometries } from '../../server/engine/packed-geometry.ts'
import { CoverageInput } from '../../server/contract/coverage.ts'
import { aContext } from '../helpers/api.ts'
import type { Bench } from './bench.ts'
import { openThrowAway } from './throw-away.ts'

function hash(covered: Uint8Array): string {
  return `${covered.reduce((sum, flag) => sum + flag, 0)} ${createHash('sha256').update(covered).digest('hex').slice(0, 8)}`
}

/** Every facility from every point: the definition, with nothing left out. */
function bruteForce(points: Float64Array, facilities: PackedGeometries, radii: Float64Array): Uint8Array {
  return Uint8Array.from({ length: points.length / 2 }, (_value, point) => {
    for (let facility = 0; facility < countOf(facilities); facility += 1) {
      if (distanceToGeometry(facilities, facility, points[point * 2]!, points[point * 2 + 1]!) <= radii[facility]!) return 1
    }
    return 0
  })
}

export const bench: Bench = {
  name: 'coverage',
  async prepare() {
    const { db, drop } = await openThrowAway(4)
    await syncServiceRules(db)
    console.error('coverage: making the demo city …')
    await loadDemoCity(db, { seed: 'bench', asOf: new Date('2026-06-30T12:00:00+08:00'), progress: () => {} })
    await db.exec('analyze')
    const { cityId, measureSrid: srid } = await getCity(db, 'demo')
    const input = CoverageInput.parse({ rule: 'GARDEN_CITY_2022' })
    const { rule } = await getQuestion(db, 'demo', input)
    const bands = bandsOf(input, rule)
    const signal = new AbortController().signal
    const read = async () => {
      const candidates = await listGreenSpaces(db, cityId, srid, [], () => {})
      const radii = qualifyFacilities(candidates, input, bands, scenariosOf(bands).slice(0, 1)).radii[0]!
      const { points } = await readPoints(db, cityId, srid, 'buildings', () => {})
      return { candidates, radii, points, facilities: packWkb(candidates.map((candidate) => candidate.wkb)) }
    }
    const { candidates, radii, points, facilities } = await read()
    const size = `${points.length / 2} buildings, ${radii.filter((radius) => !Number.isNaN(radius)).length} parks`

    // The fair peer: the same points and parks, in metres, indexed.
    await db.exec(`create table bench_points (geom geometry); create table bench_parks (radius float8, geom geometry)`)
    await db.query(sql`insert into bench_points select st_transform(st_centroid(geom), ${srid}::int) from buildings where city_id = ${cityId} and valid_to is null`)
    const counted = candidates.map((candidate, index) => ({ id: candidate.id, radius: radii[index]! })).filter(({ radius }) => !Number.isNaN(radius))
    await db.query(sql`insert into bench_parks select c.radius, st_transform(g.geom, ${srid}::int) from unnest(${counted.map(({ id }) => id)}::uuid[], ${counted.map(({ radius }) => radius)}::float8[]) as c(id, radius) join green_spaces g on g.public_id = c.id and g.valid_to is null`)
    await db.exec('create index on bench_points using gist (geom); create index on bench_parks using gist (geom); analyze bench_points; analyze bench_parks')
    const notExists = async () => {
      const [row] = await db.query<{ covered: number }>(
        sql`select (select count(*) from bench_points) - count(*) as covered from bench_points p where not exists (select 1 from bench_parks k where st_dwithin(p.geom, k.geom, k.radius))`,
        { timeoutMs: 600_000 },
      )
      return { result: String(row!.covered) }
    }
    const context = aContext(db)
    const full = async () => {
      const run = await askForRun(db, 'demo', input)
      await executeRun(context, run.id, signal)
      // The answer is put aside, so that the next round computes it anew.
      const [row] = await db.query<{ status: string }>(sql`update coverage_runs set status = case when status = 'finished' then 'cancelled' else status end where public_id = ${run.id} returning (select status from coverage_runs where public_id = ${run.id})`)
      if (row!.status !== 'finished') throw new Error(`the run is ${row!.status}`)
    }
    return {
      comparisons: [
        {
          name: 'membership against measuring every pair',
          size,
          control: { name: 'brute force', run: async () => ({ result: hash(bruteForce(points, facilities, radii)) }) },
          subject: { name: 'engine', run: async () => ({ result: hash(computeCovered(points, facilities, radii)) }) },
          rounds: 3,
        },
        {
          name: 'membership against NOT EXISTS',
          size,
          control: { name: 'NOT EXISTS ST_DWithin', run: notExists },
          subject: { name: 'engine', run: async () => ({ result: String(computeCovered(points, facilities, radii).reduce((sum, flag) => sum + flag, 0)) }) },
          atMost: 0.1,
        },
        {
          name: 'the same, read from the database too',
          size,
          control: { name: 'NOT EXISTS ST_DWithin', run: notExists },
          subject: {
            name: 'read + engine',
            run: async () => {
              const now = await read()
              return { result: String(computeCovered(now.points, now.facilities, now.radii).reduce((sum, flag) => sum + flag, 0)) }
            },
          },
        },
        {
          name: 'whole official run, ratios by every unit, blind spots, sensitivity, stored',
          size: `demo city on ${db.engine}`,
          control: { name: 'NOT EXISTS ST_DWithin', run: async () => void (await notExists()) },
          subject: { name: 'run', run: full },
          subjectAtMostMs: db.engine === 'embedded' ? 10_000 : 2000,
        },
      ],
      close: drop,
    }
  },
}

/** Writes the generated demo city into a database, in batches, with progress; an interrupted load is taken away and begun again. */
import { setImmediate } from 'node:timers/promises'
import { bumpKindVersions } from '../../server/cities/cities.ts'
import type { Db, Queryable } from '../../server/db/db.ts'
import { generateInStages } from './city.ts'
import { publicIdOf } from './ids.ts'
import * as queries from './load-queries.ts'
import type { Scale } from './plan.ts'
import { MEASURE_NAME, MEASURE_SRID } from './plane.ts'
import type { DemoCity, LayerRows } from './rows.ts'

export interface LoadOptions {
  seed: string
  /** The instant the city is generated for: its incidents end there. */
  asOf: Date
  /** Heard often, with a percentage that only grows and the name of the stage in hand. */
  progress: (percent: number, stage: string) => void
  signal?: AbortSignal
  /** Key of the city; `demo` unless told. */
  key?: string
  scale?: Scale
}

const BATCH = 2500
const GENERATION_SHARE = 20
const STATEMENT_LIMIT = { timeoutMs: 120_000 }

/**
 * Makes sure that the demo city stands in the database. A city that is ready is left as it is; one that an earlier run left half made
 * is removed and made anew.
 * @throws the signal's reason when aborted; the city then stays in status `preparing` and is made anew by the next call.
 */
export async function loadDemoCity(db: Db, options: LoadOptions): Promise<void> {
  const { seed, asOf, progress, signal, key = 'demo', scale = 'full' } = options
  const before = await queries.findCityState(db, key)
  if (before?.status === 'ready') return progress(100, 'ready')
  if (before) await db.transaction((tx) => queries.deletePreparedCity(tx, before.cityId), STATEMENT_LIMIT)
  const city = await generate({ seed, asOf, scale }, progress, signal)
  // Ids are made for the key, so that two demo cities in one database never share one.
  const publicId = publicIdOf(seed, city.validFrom, 'city', `${key}/${scale}`)
  const cityId = await queries.insertDemoCity(db, key, { ...city, publicId }, seed, { srid: MEASURE_SRID, name: MEASURE_NAME })
  await writeRows(db, cityId, key === 'demo' ? city : withOwnIds(city, key), seed, progress, signal)
  await queries.analyseTables(db)
  progress(100, 'ready')
}

async function generate(options: { seed: string; asOf: Date; scale: Scale }, progress: LoadOptions['progress'], signal?: AbortSignal): Promise<DemoCity> {
  const work = generateInStages(options)
  for (let stage = 0; ; stage++) {
    signal?.throwIfAborted()
    // Between stages the server answers those who watch the progress.
    await setImmediate()
    const step = work.next()
    if (step.done) return step.value
    progress(Math.min(GENERATION_SHARE - 1, stage * 2), step.value)
  }
}

/** The same rows under public ids of another key. */
function withOwnIds(city: DemoCity, key: string): DemoCity {
  const own = <Row extends { publicId: string }>(row: Row): Row => ({ ...row, publicId: publicIdOf(key, city.validFrom, 'copy', row.publicId) })
  return { ...city, layers: city.layers.map((layer) => ({ ...layer, rows: layer.rows.map(own) })), entrances: city.entrances.map(own), nodes: city.nodes.map(own), edges: city.edges.map(own), incidents: city.incidents.map(own), owners: city.owners.map(own) }
}

async function writeRows(db: Db, cityId: number, city: DemoCity, seed: string, progress: LoadOptions['progress'], signal?: AbortSignal): Promise<void> {
  const validFrom = city.validFrom.toISOString()
  const total = city.layers.reduce((sum, layer) => sum + layer.rows.length, 0) + city.entrances.length + city.nodes.length + city.edges.length + city.incidents.length * 8
  let written = 0
  const write = async <Row>(stage: string, rows: readonly Row[], weight: number, insert: (tx: Queryable, batch: readonly Row[]) => Promise<void>): Promise<void> => {
    for (let start = 0; start < rows.length; start += BATCH) {
      signal?.throwIfAborted()
      const batch = rows.slice(start, start + BATCH)
      await db.transaction((tx) => insert(tx, batch), STATEMENT_LIMIT)
      written += batch.length * weight
      progress(GENERATION_SHARE + Math.floor((written / total) * (98 - GENERATION_SHARE)), stage)
    }
  }
  const ids = new Map<string, number>()
  const rowCounts = new Map([['walking-network', city.edges.length], ['incidents', city.incidents.length]])
  for (const layer of city.layers) {
    const publicId = publicIdOf(`${seed}/${cityId}`, city.validFrom, 'layer', layer.key)
    const layerId = await queries.insertLayer(db, cityId, publicId, layer, rowCounts.get(layer.key) ?? layer.rows.length, city.source, city.asOf, validFrom)
    ids.set(layer.key, layerId)
    await write(layer.key, layer.rows, 1, (tx, rows) => queries.insertFeatures(tx, cityId, layerId, layer, rows, validFrom))
  }
  const idOf = (key: string): number => {
    const id = ids.get(key)
    if (id === undefined) throw new Error(`the demo city has no layer ${key}`)
    return id
  }
  await write('green-entrances', city.entrances, 1, (tx, rows) => queries.insertEntrances(tx, cityId, idOf('green-spaces'), rows, validFrom))
  await write('walking-network', city.nodes, 1, (tx, rows) => queries.insertNodes(tx, cityId, idOf('walking-network'), rows))
  await write('walking-network', city.edges, 1, (tx, rows) => queries.insertEdges(tx, cityId, idOf('walking-network'), rows, validFrom))
  await write('incidents', city.incidents, 8, (tx, rows) => queries.insertIncidents(tx, cityId, idOf('incidents'), ids.get('parts') ?? null, rows))
  await db.transaction(async (tx) => {
    await queries.insertNumbers(tx, cityId, city.numbers)
    await queries.insertOwners(tx, cityId, city.owners, validFrom)
    await bumpKindVersions(tx, cityId, kindsOf(city.layers))
    await queries.finishCity(tx, cityId, city)
  }, STATEMENT_LIMIT)
}

const kindsOf = (layers: readonly LayerRows[]): string[] => [...new Set(layers.map((layer) => layer.kind))]

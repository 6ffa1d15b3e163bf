/**
 * Tiles: the server against the bare statement, a tile from memory against one made, a crowd against one.
 * DATABASE_URL names a PostgreSQL server to make a throw-away database on; unset, the embedded engine in a throw-away folder.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { getCity } from '../../server/cities/cities.ts'
import { insertCity } from '../../server/cities/queries.ts'
import { type TileLayer, tileAddress, tileVersion } from '../../server/contract/layers.ts'
import type { Db } from '../../server/db/db.ts'
import { openEmbedded } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPostgres } from '../../server/db/postgres.ts'
import { identifier, sql } from '../../server/db/sql.ts'
import { encodeTile } from '../../server/layers/tiles/encode.ts'
import { type TileAddress, tileAt } from '../../server/layers/tiles/tile-grid.ts'
import { aContext, openTestApi, type TestApi } from '../helpers/api.ts'
import { CENTER, fillTown, type Town } from '../server/layers/town-rows.ts'
import type { Bench, Comparison } from './bench.ts'

const LAYERS = ['water_bodies', 'green_spaces', 'roads', 'buildings', 'unit_grids', 'facilities', 'parts'] as const satisfies readonly TileLayer[]
/** 78 × 78 cells, as many buildings: six thousand each. */
const BLOCKS = 78
const CONNECTIONS = 4

async function openThrowAway(): Promise<{ db: Db; drop(): Promise<void> }> {
  const report = (error: Error) => console.error(error.message)
  const server = process.env['DATABASE_URL']
  if (!server) {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), 'xiucheng-bench-'))
    const db = await openEmbedded({ dataDirectory, durable: false, onError: report })
    return { db, drop: async () => { await db.close(); await rm(dataDirectory, { recursive: true }) } }
  }
  const name = `xiucheng_bench_${randomBytes(4).toString('hex')}`
  const admin = openPostgres({ connectionString: server, maxConnections: 1, onError: report })
  await admin.query(sql`create database ${identifier(name)}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = openPostgres({ connectionString: url.href, maxConnections: CONNECTIONS + 2, onError: report })
  return { db, drop: async () => { await db.close(); await admin.query(sql`drop database ${identifier(name)} with (force)`); await admin.close() } }
}

function tilesOver(z: number): TileAddress[] {
  const first = tileAt(CENTER[0], CENTER[1] + BLOCKS * 0.0011, z)
  const last = tileAt(CENTER[0] + BLOCKS * 0.0012, CENTER[1], z)
  const tiles: TileAddress[] = []
  for (let x = first.x; x <= last.x; x += 1) for (let y = first.y; y <= last.y; y += 1) tiles.push({ z, x, y })
  // Spread over the town, at most sixty-four.
  const step = Math.max(1, Math.floor(tiles.length / 64))
  return tiles.filter((_tile, index) => index % step === 0).slice(0, 64)
}

/** Does all of `items`, `width` at a time. */
async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<number>): Promise<number> {
  let next = 0
  let sum = 0
  await Promise.all(Array.from({ length: width }, async () => { while (next < items.length) sum += await work(items[next++] as T) }))
  return sum
}

const agent = new Agent({ keepAlive: true, maxSockets: 128 })

/** Fetches as cheaply as this process can; answers the bytes received. */
function fetchBytes(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(address, { agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let bytes = 0
      response.on('data', (part: Buffer) => (bytes += part.length)).on('end', () => (response.statusCode === 200 || response.statusCode === 204 ? resolve(bytes) : reject(new Error(`${address} answered ${response.statusCode}`)))).on('error', reject)
    }).on('error', reject)
  })
}

function comparisonsOf(db: Db, town: Town, version: number, closers: (() => Promise<void>)[]): Comparison[] {
  const addressOf = (api: TestApi, { z, x, y }: TileAddress) => `${api.base}${tileAddress(town.key, LAYERS, version).replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y))}`
  const bare = (tile: TileAddress) => encodeTile(db, { cityId: town.cityId, layers: LAYERS, tile }).then(({ bytes }) => bytes.length)
  // A fresh application has an empty memory: every tile is made.
  const cold = async () => {
    const api = await openTestApi(aContext(db))
    closers.push(() => api.close())
    return api
  }
  const against = (z: number): Comparison => {
    const tiles = tilesOver(z)
    return {
      name: `server / bare statement, z${z}, every tile made`, size: `${tiles.length} tiles`,
      control: { name: 'statement', run: async () => { await inParallel(tiles, CONNECTIONS, bare) } },
      subject: { name: 'server', run: async () => { const api = await cold(); const start = performance.now(); await inParallel(tiles, CONNECTIONS, (tile) => fetchBytes(addressOf(api, tile))); return { milliseconds: performance.now() - start } } },
    }
  }
  const middle = tilesOver(14)
  let warm: TestApi | undefined
  return [
    ...[12, 13, 14, 16].map(against),
    {
      name: 'from memory / made, z14', size: `${middle.length} tiles`,
      control: { name: 'made', run: async () => { const api = await cold(); const start = performance.now(); await inParallel(middle, CONNECTIONS, (tile) => fetchBytes(addressOf(api, tile))); return { milliseconds: performance.now() - start } } },
      subject: { name: 'from memory', run: async () => { const api = (warm ??= await cold()); const start = performance.now(); await inParallel(middle, CONNECTIONS, (tile) => fetchBytes(addressOf(api, tile))); return { milliseconds: performance.now() - start } } },
    },
    {
      name: 'a hundred asking for one tile / one asking, z13', size: '1 tile',
      control: { name: 'one', run: async () => { const api = await cold(); const start = performance.now(); await fetchBytes(addressOf(api, tilesOver(13)[0]!)); return { milliseconds: performance.now() - start } } },
      subject: { name: 'hundred', run: async () => { const api = await cold(); const start = performance.now(); await Promise.all(Array.from({ length: 100 }, () => fetchBytes(addressOf(api, tilesOver(13)[0]!)))); return { milliseconds: performance.now() - start } } },
    },
    ...(db.engine === 'postgres'
      ? [13, 15].map((z): Comparison => ({
          name: `encoded in process / by the database, z${z}`, size: `${tilesOver(z).length} tiles`,
          control: { name: 'database', run: async () => { await inParallel(tilesOver(z), 1, bare) } },
          subject: { name: 'process', run: async () => { await inParallel(tilesOver(z), 1, (tile) => encodeTile(db, { cityId: town.cityId, layers: LAYERS, tile }, { by: 'process' }).then(({ bytes }) => bytes.length)) } },
        }))
      : []),
  ]
}

export const bench: Bench = {
  name: 'tiles',
  async prepare() {
    const { db, drop } = await openThrowAway()
    await migrate(db)
    const key = 'bench'
    await insertCity(db, { id: uuidv7(), key, nameZh: '测速市', nameEn: 'Bench City', measureSrid: 4547, measureName: 'CGCS2000 / 3-degree Gauss-Kruger CM 114E', timeZone: 'Asia/Shanghai' })
    const city = await getCity(db, key)
    const town = await fillTown(db, city, BLOCKS)
    await db.exec('analyze')
    const closers: (() => Promise<void>)[] = []
    const version = tileVersion((await getCity(db, key)).tileVersions, LAYERS)
    return {
      comparisons: comparisonsOf(db, town, version, closers),
      close: async () => {
        agent.destroy()
        await Promise.all(closers.map((close) => close()))
        await drop()
      },
    }
  },
}

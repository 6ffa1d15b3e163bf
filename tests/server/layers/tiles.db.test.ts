import { gunzipSync } from 'node:zlib'
import { request as httpRequest } from 'node:http'
import { VectorTile } from '@mapbox/vector-tile'
import fc from 'fast-check'
import { PbfReader } from 'pbf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../../server/db/db.ts'
import { bumpKindVersions } from '../../../server/cities/cities.ts'
import { TILE_LAYERS, tileAddress, type TileLayer } from '../../../server/contract/layers.ts'
import { readConfig } from '../../../server/config.ts'
import { tileAt } from '../../../server/layers/tiles/tile-grid.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aFeature, aLayer, aTown, CENTER, square, type Town, versionNow } from './town.ts'

const real = openTestDb()
/** Statements for tiles that reached the database, and a gate to hold them at. */
const watched = { tiles: 0, gate: Promise.resolve(), aborted: 0 }
const db: Db = {
  ...real,
  async query(statement, options) {
    if (!statement.text.includes('st_makeenvelope')) return real.query(statement, options)
    watched.tiles += 1
    options?.signal?.addEventListener('abort', () => (watched.aborted += 1))
    await Promise.race([watched.gate, new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(options.signal?.reason)))])
    return real.query(statement, options)
  },
}
let town: Town
let api: TestApi
beforeAll(async () => {
  town = await aTown(real)
  api = await openTestApi(aContext(db))
})
afterAll(async () => {
  await api.close()
  await real.close()
})

const at = (z: number) => tileAt(CENTER[0] + 0.005, CENTER[1] + 0.005, z)
function addressOf(layers: readonly TileLayer[], version: number, { z, x, y } = at(14)): string {
  return tileAddress(town.key, layers, version).replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y))
}
const read = async (response: Response) => new VectorTile(new PbfReader(Buffer.from(await response.arrayBuffer())))

test('a tile of several layers comes compressed, typed and cacheable for ever, and holds the town', async () => {
  const layers = ['roads', 'buildings', 'green_spaces'] as const
  const response = await api.fetch(addressOf(layers, await versionNow(real, town, layers)))
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile')
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
  const tile = await read(response)
  expect(Object.keys(tile.layers).sort()).toEqual(['buildings', 'green_spaces', 'roads'])
  expect(tile.layers['green_spaces']?.feature(0).properties).toMatchObject({ name: '云锦公园', class: 'G11', access: 'open', counts: true })
})

test('where nothing shows the answer is 204, cacheable as well', async () => {
  const response = await api.fetch(addressOf(TILE_LAYERS, await versionNow(real, town, TILE_LAYERS), { z: 12, x: 10, y: 10 }))
  expect([response.status, response.headers.get('cache-control')]).toEqual([204, 'private, max-age=31536000, immutable'])
})

test('an address outside the grid or the zooms is refused (400), a city or layer there is not is not found (404)', async () => {
  const version = await versionNow(real, town, ['roads'])
  const status = async (address: string) => {
    const response = await api.fetch(address)
    const body = (await response.json()) as { code: string; detail: string }
    expect(body.detail.length).toBeGreaterThan(20)
    expect(response.headers.get('cache-control') ?? '').not.toContain('immutable')
    return [response.status, body.code]
  }
  expect(await status(`/tiles/${town.key}/roads/${version}/12/4096/0.mvt`)).toEqual([400, 'bad_request'])
  expect(await status(`/tiles/${town.key}/roads/${version}/20/0/0.mvt`)).toEqual([400, 'bad_request'])
  expect(await status(`/tiles/${town.key}/roads/${version}/12/a/0.mvt`)).toEqual([400, 'bad_request'])
  expect(await status(`/tiles/${town.key}/roads/new/12/0/0.mvt`)).toEqual([400, 'bad_request'])
  expect(await status(`/tiles/${town.key}/incidents/${version}/12/0/0.mvt`)).toEqual([404, 'not_found'])
  expect(await status(`/tiles/atlantis/roads/${version}/12/0/0.mvt`)).toEqual([404, 'not_found'])
  expect(await status(`/tiles/${town.key}/roads%27--/${version}/12/0/0.mvt`)).toEqual([404, 'not_found'])
})

test('after a write the old address is no longer answered, and the new one shows the change', async () => {
  const other = await aTown(real, { blocks: 3 })
  const address = (version: number) => addressOf(['green_spaces'], version).replace(town.key, other.key)
  const before = await versionNow(real, other, ['green_spaces'])
  expect((await api.fetch(address(before))).status).toBe(200)
  await real.transaction(async (tx) => {
    await aFeature({ ...real, query: tx.query }, other, 'green_spaces', square(0.001, 0.001, 0.001), { name: '新园' })
    await bumpKindVersions(tx, other.cityId, ['green_spaces'])
  })
  const after = await versionNow(real, other, ['green_spaces'])
  expect(after).toBeGreaterThan(before)
  const tile = await read(await api.fetch(address(after)))
  const names = Array.from({ length: tile.layers['green_spaces']?.length ?? 0 }, (_, index) => tile.layers['green_spaces']?.feature(index).properties['name'])
  expect(names).toContain('新园')
  const old = await api.fetch(address(before))
  expect([old.status, old.headers.get('cache-control')]).toEqual([404, null])
  expect(((await old.json()) as { detail: string }).detail).toContain(String(after))
  expect((await api.fetch(address(after + 1))).status).toBe(404)
})

test('many who ask for the same tile at once cost one statement, later ones none', async () => {
  const layers = ['roads', 'water_bodies'] as const
  const address = addressOf(layers, await versionNow(real, town, layers))
  let open = () => {}
  watched.gate = new Promise((resolve) => (open = resolve))
  const before = watched.tiles
  const asked = Array.from({ length: 12 }, () => api.fetch(address))
  await expect.poll(() => watched.tiles).toBe(before + 1)
  open()
  const lengths = await Promise.all(asked.map(async (response) => (await (await response).arrayBuffer()).byteLength))
  expect(new Set(lengths).size).toBe(1)
  await (await api.fetch(address)).arrayBuffer()
  expect(watched.tiles).toBe(before + 1)
})

test('when the client goes away the statement is stopped, and the next one who asks is answered', async () => {
  const layers = ['roads', 'facilities'] as const
  const address = addressOf(layers, await versionNow(real, town, layers))
  let open = () => {}
  watched.gate = new Promise((resolve) => (open = resolve))
  const [before, aborted] = [watched.tiles, watched.aborted]
  const request = httpRequest(`${api.base}${address}`)
  request.on('error', () => {})
  request.end()
  await expect.poll(() => watched.tiles).toBe(before + 1)
  request.destroy()
  await expect.poll(() => watched.aborted).toBe(aborted + 1)
  open()
  expect((await api.fetch(address)).status).toBe(200)
})

test('a client that takes no gzip gets the tile plain, and one that has it gets 304', async () => {
  const layers = ['buildings'] as const
  const version = await versionNow(real, town, layers)
  const ask = (headers: Record<string, string>) => new Promise<{ status: number | undefined; encoding: string | undefined; body: Buffer }>((resolve, reject) => {
    httpRequest(`${api.base}${addressOf(layers, version)}`, { headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve({ status: response.statusCode, encoding: response.headers['content-encoding'], body: Buffer.concat(parts) }))
    }).on('error', reject).end()
  })
  const plain = await ask({})
  const zipped = await ask({ 'accept-encoding': 'gzip' })
  expect([plain.encoding, zipped.encoding]).toEqual([undefined, 'gzip'])
  expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true)
  expect((await ask({ 'if-none-match': `W/"${version}"` })).status).toBe(304)
})

test('any address of the grid answers a valid tile or nothing', async () => {
  const version = await versionNow(real, town, TILE_LAYERS)
  const near = fc.integer({ min: 8, max: 16 }).chain((z) => fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 })).map(([dx, dy]) => ({ z, x: at(z).x + dx, y: at(z).y + dy })))
  const anywhere = fc.integer({ min: 8, max: 16 }).chain((z) => fc.record({ z: fc.constant(z), x: fc.integer({ min: 0, max: 2 ** z - 1 }), y: fc.integer({ min: 0, max: 2 ** z - 1 }) }))
  await fc.assert(
    fc.asyncProperty(fc.oneof(near, anywhere), async (tile) => {
      const response = await api.fetch(addressOf(TILE_LAYERS, version, tile))
      if (response.status === 204) return
      expect(response.status).toBe(200)
      for (const layer of Object.values((await read(response)).layers)) for (let index = 0; index < layer.length; index += 1) expect(layer.feature(index).loadGeometry().length).toBeGreaterThan(0)
    }),
    { numRuns: 60 },
  )
})

test('TileJSON 3 names the current address, the fields of each layer, the bounds’ zooms and whose data it is, without markup', async () => {
  await aLayer(real, town.cityId, 'roads', 'more-roads')
  const response = await api.fetch(`/tiles/${town.key}/roads,buildings.json`)
  const tileJson = (await response.json()) as Record<string, unknown> & { tiles: string[]; vector_layers: { id: string; fields: Record<string, string> }[] }
  const version = await versionNow(real, town, ['roads', 'buildings'])
  expect(tileJson).toMatchObject({ tilejson: '3.0.0', scheme: 'xyz', minzoom: 8, maxzoom: 16, attribution: '© &#60;b&#62;测试&#60;/b&#62;', tiles: [`${api.base}${tileAddress(town.key, ['roads', 'buildings'], version)}`] })
  expect(tileJson.vector_layers.map(({ id }) => id)).toEqual(['roads', 'buildings'])
  expect(tileJson.vector_layers[1]?.fields).toMatchObject({ height: 'Number' })
  expect((await api.fetch(`/tiles/${town.key}/hills.json`)).status).toBe(404)
  const proxied = await openTestApi(aContext(db, { config: readConfig({ NODE_ENV: 'test', PUBLIC_BASE_URL: 'https://city.example/gis/' }) }))
  const behind = (await (await proxied.fetch(`/tiles/${town.key}/roads.json`)).json()) as { tiles: string[] }
  await proxied.close()
  expect(behind.tiles[0]).toMatch(/^https:\/\/city\.example\/gis\/tiles\//)
})

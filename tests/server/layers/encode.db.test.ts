import { classifyRings, VectorTile, type VectorTileFeature } from '@mapbox/vector-tile'
import fc from 'fast-check'
import { PbfReader } from 'pbf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TILE_LAYERS } from '../../../server/contract/layers.ts'
import { sql } from '../../../server/db/sql.ts'
import { encodeTile } from '../../../server/layers/tiles/encode.ts'
import { tileAt } from '../../../server/layers/tiles/tile-grid.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aFeature, aTown, CENTER, type Town } from './town.ts'

const db = openTestDb()
let town: Town
beforeAll(async () => {
  town = await aTown(db)
  const [x, y] = CENTER
  // Shapes that go wrong easily: a bow tie after snapping, a sliver, a two-part area across a tile's edge, a line part, an area facility.
  await aFeature(db, town, 'green_spaces', `MULTIPOLYGON(((${x} ${y},${x + 0.01} ${y + 0.000002},${x + 0.01} ${y + 0.000004},${x} ${y},${x} ${y})))`, { name: '窄带', area_m2: 90_000 })
  await aFeature(db, town, 'water_bodies', `MULTIPOLYGON(((${x - 0.05} ${y - 0.05},${x + 0.2} ${y - 0.04},${x + 0.2} ${y - 0.03},${x - 0.05} ${y - 0.045},${x - 0.05} ${y - 0.05})),((${x - 0.2} ${y + 0.1},${x + 0.2} ${y + 0.1},${x + 0.2} ${y + 0.11},${x - 0.2} ${y + 0.1})))`, { name: '大河' })
  await aFeature(db, town, 'facilities', `POLYGON((${x} ${y},${x + 0.001} ${y},${x + 0.001} ${y + 0.001},${x} ${y}))`, { class: 'school', name: '锦绣小学' })
  await aFeature(db, town, 'population_cells', `POINT(${x + 0.002} ${y + 0.002})`, { code: 'P1', population: 12.25 })
})
afterAll(() => db.close())

interface Decoded {
  id: number | undefined
  type: number
  properties: Record<string, unknown>
  rings: { x: number; y: number }[][]
}

function decode(bytes: Buffer): Map<string, Decoded[]> {
  const tile = new VectorTile(new PbfReader(bytes))
  return new Map(
    Object.values(tile.layers).map((layer) => {
      const features = Array.from({ length: layer.length }, (_, index) => layer.feature(index) as VectorTileFeature)
      return [layer.name, features.map((feature) => ({ id: feature.id, type: feature.type, properties: feature.properties, rings: feature.loadGeometry() })).sort((a, b) => (a.id ?? 0) - (b.id ?? 0))]
    }),
  )
}

const areaOf = (ring: { x: number; y: number }[]) => ring.reduce((sum, point, index) => { const next = ring[(index + 1) % ring.length]!; return sum + point.x * next.y - next.x * point.y }, 0) / 2
const lengthOf = (line: { x: number; y: number }[]) => line.slice(1).reduce((sum, point, index) => sum + Math.hypot(point.x - line[index]!.x, point.y - line[index]!.y), 0)
const sizeOf = ({ type, rings }: Decoded) => rings.reduce((sum, ring) => sum + (type === 3 ? areaOf(ring) : type === 2 ? lengthOf(ring) : 0), 0)
const around = (z: number) => { const { x, y } = tileAt(CENTER[0] + 0.005, CENTER[1] + 0.005, z); return [{ z, x, y }, { z, x: x + 1, y }, { z, x, y: y + 1 }, { z, x: x - 1, y: y - 1 }] }

test.each([10, 12, 13, 14, 15, 16])('both encoders give the same features with the same fields and, to a unit, the same shapes at zoom %i', async (z) => {
  let seen = 0
  for (const tile of around(z)) {
    const [inDatabase, inProcess] = await Promise.all((['process', 'process'] as const).map((_, index) => encodeTile(db, { cityId: town.cityId, layers: TILE_LAYERS, tile }, { by: index === 0 && db.engine === 'postgres' ? 'database' : 'process' })))
    const [left, right] = [decode(inDatabase!.bytes), decode(inProcess!.bytes)]
    expect([...right.keys()].sort()).toEqual([...left.keys()].sort())
    for (const [layer, features] of left) {
      const others = right.get(layer)!
      expect(others.map(({ id, type, properties }) => ({ id, type, properties })), layer).toEqual(features.map(({ id, type, properties }) => ({ id, type, properties })))
      features.forEach((feature, index) => {
        const other = others[index]!
        // Rounding may move a border by half a unit; a line by one at each of its points.
        const allowed = feature.type === 3 ? 1 + feature.rings.reduce((sum, ring) => sum + lengthOf(ring), 0) / 2 : 2 + feature.rings.flat().length
        expect(Math.abs(sizeOf(other) - sizeOf(feature)), `${layer} ${feature.id} at ${z}`).toBeLessThanOrEqual(allowed)
        seen += 1
      })
    }
  }
  expect(seen).toBeGreaterThan(3)
})

test.each(['database', 'process'] as const)('tiles encoded by the %s are valid: version 2, named once, closed rings with area, exteriors first, inside the buffer', async (by) => {
  if (by === 'database' && db.engine !== 'postgres') return
  for (const z of [8, 10, 12, 13, 14, 15, 16]) {
    for (const tile of around(z)) {
      const { bytes, version } = await encodeTile(db, { cityId: town.cityId, layers: TILE_LAYERS, tile }, { by })
      expect(version).toBeGreaterThan(0)
      const decoded = new VectorTile(new PbfReader(bytes))
      for (const layer of Object.values(decoded.layers)) {
        expect([layer.version, layer.extent]).toEqual([2, 4096])
        expect(layer.length).toBeGreaterThan(0)
      }
      const names = topLevelNames(bytes)
      expect(new Set(names).size).toBe(names.length)
      for (const [layer, features] of decode(bytes)) {
        expect(new Set(features.map(({ id }) => id)).size, layer).toBe(features.length)
        for (const { id, type, properties, rings } of features) {
          expect(id).toBeGreaterThan(0)
          expect(properties['id']).toMatch(/^[0-9a-f-]{36}$/)
          expect(rings.length).toBeGreaterThan(0)
          for (const point of rings.flat()) {
            expect(Math.min(point.x, point.y)).toBeGreaterThanOrEqual(-64)
            expect(Math.max(point.x, point.y)).toBeLessThanOrEqual(4160)
          }
          if (type === 2) for (const line of rings) expect(lengthOf(line), `${layer} ${id}`).toBeGreaterThan(0)
          if (type !== 3) continue
          expect(areaOf(rings[0]!), `${layer} ${id} begins with an exterior`).toBeGreaterThan(0)
          for (const ring of rings) {
            expect(ring.length, `${layer} ${id}`).toBeGreaterThanOrEqual(4)
            expect(ring.at(-1)).toEqual(ring[0])
            expect(areaOf(ring)).not.toBe(0)
          }
          for (const [exterior, ...holes] of classifyRings(rings as never)) for (const hole of holes) expect(Math.abs(areaOf(hole))).toBeLessThan(areaOf(exterior!))
        }
      }
    }
  }
})

/** Names of the layers in the order of the bytes: the decoder would hide a name that stands twice. */
function topLevelNames(bytes: Buffer): string[] {
  const names: string[] = []
  new PbfReader(bytes).readFields((tag, _result, reader) => {
    if (tag === 3) names.push(String(reader.readMessage<{ name: string }>((field, layer, inner) => { if (field === 1) layer.name = inner.readString() }, { name: '' }).name))
  }, {})
  return names
}

test('a tile that would grow too large keeps its larger features and says which layers were cut', async () => {
  const tile = tileAt(CENTER[0] + 0.005, CENTER[1] + 0.005, 14)
  const request = { cityId: town.cityId, layers: ['buildings', 'water_bodies'] as const, tile }
  const whole = await encodeTile(db, request)
  const small = await encodeTile(db, request, { maxBytes: Math.floor(whole.bytes.length / 3) })
  expect(whole.cut).toEqual([])
  expect(small.cut).toEqual(['buildings'])
  expect(small.bytes.length).toBeLessThanOrEqual(whole.bytes.length / 3)
  const sizes = (bytes: Buffer) => decode(bytes).get('buildings')!.map(sizeOf).sort((a, b) => b - a)
  expect(sizes(small.bytes).length).toBeGreaterThan(5)
  expect(sizes(small.bytes)[0]).toBe(sizes(whole.bytes)[0])
})

test('a layer shows from its zoom on: streets before lanes, buildings from 13, parts from 15', async () => {
  const at = async (z: number) => decode((await encodeTile(db, { cityId: town.cityId, layers: TILE_LAYERS, tile: tileAt(CENTER[0] + 0.005, CENTER[1] + 0.005, z) })).bytes)
  const [ten, twelve, fourteen, fifteen] = [await at(10), await at(12), await at(14), await at(15)]
  const classes = (tile: Map<string, Decoded[]>) => [...new Set(tile.get('roads')!.map(({ properties }) => properties['class']))].sort()
  expect(classes(ten)).toEqual(['primary', 'secondary'])
  expect(classes(twelve)).toEqual(['primary', 'residential', 'secondary'])
  expect(classes(fourteen)).toEqual(['primary', 'residential', 'secondary', 'service'])
  expect([twelve.has('buildings'), fourteen.has('buildings'), fourteen.has('parts'), fifteen.has('parts')]).toEqual([false, true, false, true])
})

test('a tile holds what lives in its own city: nothing of a neighbour at the same place, nothing that has ended', async () => {
  const [here, there] = [await aTown(db, { blocks: 2 }), await aTown(db, { blocks: 2 })]
  const ended = await aFeature(db, here, 'water_bodies', `MULTIPOLYGON(((${CENTER[0]} ${CENTER[1]},${CENTER[0] + 0.002} ${CENTER[1]},${CENTER[0] + 0.002} ${CENTER[1] + 0.002},${CENTER[0]} ${CENTER[1]})))`, { valid_to: '2026-01-01T00:00:00Z' })
  const idsOf = async ({ cityId }: Town) => [...decode((await encodeTile(db, { cityId, layers: TILE_LAYERS, tile: tileAt(CENTER[0] + 0.001, CENTER[1] + 0.001, 15) })).bytes).values()].flat().map(({ properties }) => properties['id'])
  const [mine, theirs] = [await idsOf(here), await idsOf(there)]
  expect(mine.length).toBeGreaterThan(10)
  expect(mine).not.toContain(ended)
  expect(mine.filter((id) => theirs.includes(id))).toEqual([])
})

test('shapes that the grid of a tile makes cross themselves come out valid, by either encoder', async () => {
  const comb = await aTown(db, { blocks: 1 })
  const random = fc.sample(fc.array(fc.double({ min: 0.002, max: 0.03, noNaN: true }), { minLength: 3, maxLength: 12 }), { numRuns: 60, seed: 7 })
  for (const teeth of random) {
    // Teeth of one comb: thin, close together, of all lengths; valid as given.
    const points: [number, number][] = [[0, -0.001]]
    teeth.forEach((height, index) => points.push([index * 0.00007, 0], [index * 0.00007 + 0.00002, height], [index * 0.00007 + 0.00004, 0]))
    points.push([teeth.length * 0.00007, -0.001], [0, -0.001])
    const ring = points.map(([x, y]) => `${CENTER[0] + x} ${CENTER[1] + y}`).join(',')
    await aFeature(db, comb, 'water_bodies', `MULTIPOLYGON(((${ring})))`, { area_m2: 1e9 })
  }
  for (const by of db.engine === 'postgres' ? (['database', 'process'] as const) : (['process'] as const)) {
    for (const z of [9, 10, 11, 12, 13]) {
      const { bytes } = await encodeTile(db, { cityId: comb.cityId, layers: ['water_bodies'], tile: tileAt(CENTER[0] + 0.001, CENTER[1] + 0.001, z) }, { by })
      const shapes = (decode(bytes).get('water_bodies') ?? []).map(({ rings }) => `MULTIPOLYGON(${classifyRings(rings as never).map((polygon) => `(${polygon.map((line) => `(${line.map(({ x, y }) => `${x} ${y}`).join(',')})`).join(',')})`).join(',')})`)
      expect(shapes.length).toBeGreaterThan(0)
      const [row] = await db.query<{ invalid: string[] | null }>(sql`select array_agg(st_isvalidreason(shape::geometry) || ' in ' || shape) filter (where not st_isvalid(shape::geometry)) as invalid from unnest(${shapes}::text[]) shape`)
      expect(row?.invalid ?? [], `${by} at ${z}`).toEqual([])
    }
  }
})

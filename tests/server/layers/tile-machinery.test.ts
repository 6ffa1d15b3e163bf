import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shrinkLimits } from '../../../server/layers/tiles/encode.ts'
import { Lane, LaneFull } from '../../../server/layers/tiles/lane.ts'
import { SingleFlight } from '../../../server/layers/tiles/single-flight.ts'
import { type CachedTile, TileCache } from '../../../server/layers/tiles/tile-cache.ts'
import { doubleArea, readTwkb } from '../../../server/layers/tiles/twkb.ts'

const tileOf = (bytes: number): CachedTile => ({ body: Buffer.alloc(bytes), encoding: null, cut: [] })
const forever = new AbortController().signal
const tick = () => new Promise((resolve) => setImmediate(resolve))

test('the cache never holds more than its bytes, and what was asked last stays longest', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 900 })), { maxLength: 60 }), (writes) => {
      const cache = new TileCache(3000)
      for (const [key, bytes] of writes) {
        cache.set(String(key), tileOf(bytes))
        expect(cache.bytes).toBeLessThanOrEqual(3000)
        expect(cache.get(String(key))?.body?.length).toBe(bytes)
      }
    }),
  )
  const cache = new TileCache(2 * (300 + 100))
  cache.set('a', tileOf(100))
  cache.set('b', tileOf(100))
  cache.get('a')
  cache.set('c', tileOf(100))
  expect([cache.get('a'), cache.get('b'), cache.get('c')].map(Boolean)).toEqual([true, false, true])
})

test('work asked for by many at once is done once, and its answer or failure reaches all of them', async () => {
  const flights = new SingleFlight<number>()
  let runs = 0
  const work = async () => { runs += 1; await tick(); return 7 }
  expect(await Promise.all([1, 2, 3].map(() => flights.join('a', work, forever)))).toEqual([7, 7, 7])
  expect(runs).toBe(1)
  expect(await flights.join('a', work, forever)).toBe(7)
  expect(runs).toBe(2)
  const broken = [1, 2].map(() => flights.join('b', async () => { await tick(); throw new Error('broken') }, forever))
  for (const one of broken) await expect(one).rejects.toThrow('broken')
})

test('shared work goes on while one still waits and stops when the last has gone', async () => {
  const flights = new SingleFlight<number>()
  const [first, second] = [new AbortController(), new AbortController()]
  let stopped: AbortSignal | undefined
  const work = (signal: AbortSignal) => { stopped = signal; return new Promise<number>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))) }
  const answers = [flights.join('a', work, first.signal), flights.join('a', work, second.signal)]
  const settled = Promise.allSettled(answers)
  first.abort(new Error('left'))
  await tick()
  expect(stopped?.aborted).toBe(false)
  second.abort(new Error('left too'))
  await settled
  expect(stopped?.aborted).toBe(true)
})

test('a lane runs no more than its width at once, lets those who leave go, and refuses beyond its waiting room', async () => {
  const lane = new Lane(2, 2)
  const running: (() => void)[] = []
  let most = 0
  let now = 0
  const work = () => new Promise<void>((resolve) => { now += 1; most = Math.max(most, now); running.push(() => { now -= 1; resolve() }) })
  const leaver = new AbortController()
  const [a, b, c] = [lane.run(work, forever), lane.run(work, forever), lane.run(work, leaver.signal)]
  const d = lane.run(work, forever)
  await expect(lane.run(work, forever)).rejects.toThrow(LaneFull)
  leaver.abort(new Error('left'))
  await expect(c).rejects.toThrow('left')
  expect(running.length).toBe(2)
  running.shift()?.()
  await a
  await tick()
  expect(running.length).toBe(2)
  for (const end of running) end()
  await Promise.all([b, d])
  expect(most).toBe(2)
})

test('limits of a tile that grew too large leave the small layers alone and fit the rest into what is left', () => {
  expect([...shrinkLimits([{ layer: 'roads', bytes: 10_000, features: 100 }, { layer: 'buildings', bytes: 900_000, features: 9000 }], 500_000)]).toEqual([['buildings', Math.floor((9000 * 490_000 * 0.85) / 900_000)]])
  const layer = fc.record({ layer: fc.constantFrom('roads', 'buildings', 'parts', 'unit_grids'), bytes: fc.integer({ min: 1, max: 5_000_000 }), features: fc.integer({ min: 1, max: 12_000 }) })
  fc.assert(
    fc.property(fc.uniqueArray(layer, { selector: ({ layer: name }) => name, minLength: 1 }), (layers) => {
      const limits = shrinkLimits(layers as Parameters<typeof shrinkLimits>[0], 500_000)
      const total = layers.reduce((sum, { layer: name, bytes, features }) => sum + (bytes * Math.min(features, limits.get(name as 'roads') ?? features)) / features, 0)
      // One feature stays even where it alone is over its share.
      const floor = layers.reduce((sum, { bytes, features }) => sum + bytes / features, 0)
      expect(total).toBeLessThanOrEqual(500_000 + floor)
    }),
  )
})

test('TWKB of a polygon comes out with its exterior clockwise as drawn and its hole the other way, rings without area gone', () => {
  // POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,2 4,4 4,2 2)) in tile units, as ST_AsTWKB(…, 0) writes it.
  const bytes = Buffer.from('0300020500001400001413000013040404000404000303', 'hex')
  const shape = readTwkb(bytes)
  if (shape?.type !== 3) throw new Error('not a polygon')
  expect(shape.geometry.map((ring) => Math.sign(doubleArea(ring)))).toEqual([1, -1])
  expect(readTwkb(Buffer.from('030001040000140009000900', 'hex'))).toBeNull()
  expect(readTwkb(Buffer.from('0310', 'hex'))).toBeNull()
  expect(() => readTwkb(Buffer.from('0700', 'hex'))).toThrow(RangeError)
})

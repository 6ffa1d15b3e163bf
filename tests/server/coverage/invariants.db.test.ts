import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { chordBound } from '../../../server/engine/service-area.ts'
import { polygonWkb } from '../../../server/engine/packed-geometry.ts'
import type { Level } from '../../../server/coverage/city-inputs.ts'
import { takeComputationThread } from '../../../server/coverage/computation-thread.ts'
import { planeOf } from '../../../server/coverage/geometry-queries.ts'
import { cutResidential, measureServed, type Tools } from '../../../server/coverage/residential.ts'
import { openTestDb } from '../../helpers/db.ts'
import { aStar, square } from '../engine/shapes.ts'

const db = openTestDb()
const thread = takeComputationThread()
const tools: Tools = { db, plane: planeOf(db.engine, 4547), thread, signal: new AbortController().signal, concurrency: 1 }
afterAll(async () => {
  thread.release()
  await db.close()
})

interface Land {
  x: number
  y: number
  width: number
  height: number
}

const rectangle = ({ x, y, width, height }: Land) => [x, y, x + width, y, x + width, y + height, x, y + height]
const areaOf = (lands: readonly Land[]) => lands.reduce((sum, { width, height }) => sum + width * height, 0)
/** Two units that tile the whole plane of the test; their border runs through parcels. */
const HALVES: Level[] = [
  {
    level: 'street',
    units: [
      { code: 'west', name: null, parentCode: null },
      { code: 'east', name: null, parentCode: null },
    ],
    shapes: [polygonWkb([square(-9850, -5000, 10_000)]), polygonWkb([square(150, -5000, 10_000)])],
  },
]

async function cut(parks: readonly number[][], radii: readonly number[], lands: readonly Land[]) {
  const facilities = parks.map((park) => polygonWkb([park]))
  const parcels = lands.map((land, rowId) => ({ rowId, areaM2: land.width * land.height, wkb: Buffer.from(polygonWkb([rectangle(land)])) }))
  const { residential, served } = await cutResidential(tools, { facilities, radii: Float64Array.from(radii), parcels, levels: HALVES, clip: null }, async () => {})
  const again = await measureServed(tools, { facilities, radii: Float64Array.from(radii), parcels })
  return { residential, servedM2: served.reduce((sum, piece) => sum + piece.areaM2, 0), covered: residential.totalM2 - residential.leftoverM2, again }
}

/** Parcels of a grid of 400 m, each somewhere in its own square: they never overlap. */
const aLand = fc
  .uniqueArray(fc.record({ column: fc.integer({ min: -2, max: 1 }), row: fc.integer({ min: -2, max: 1 }), left: fc.integer({ min: 0, max: 90 }), up: fc.integer({ min: 0, max: 90 }), width: fc.integer({ min: 60, max: 300 }), height: fc.integer({ min: 60, max: 300 }) }), {
    minLength: 4,
    maxLength: 12,
    selector: ({ column, row }) => `${column} ${row}`,
  })
  .map((given) => given.map(({ column, row, left, up, width, height }): Land => ({ x: column * 400 + left, y: row * 400 + up, width, height })))

/** Near enough to the parcels that many are served in part. */
const aPark = fc.record({ shape: aStar.map((ring) => ring.map((metres) => metres / 3)), radius: fc.constantFrom(300, 500) })

test('residential coverage: between none and all, more with one more park, the same however parcels are divided, the sum of its units', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aPark, { minLength: 1, maxLength: 5 }), aLand, fc.integer({ min: 10, max: 90 }), async (parks, lands, at) => {
      const ask = (of: typeof parks, on: readonly Land[]) => cut(of.map(({ shape }) => shape), of.map(({ radius }) => radius), on)
      const all = await ask(parks, lands)
      const total = areaOf(lands)
      const tolerance = total * 1e-9 + 1e-3
      expect(all.residential.totalM2).toBeCloseTo(total, 3)
      expect(all.covered).toBeGreaterThanOrEqual(-tolerance)
      expect(all.covered).toBeLessThanOrEqual(total + tolerance)
      expect(Math.abs(all.again - all.covered)).toBeLessThanOrEqual(tolerance)

      const [units] = all.residential.levels
      expect(Math.abs(units!.covered.reduce((sum, area) => sum + area, 0) - all.covered)).toBeLessThanOrEqual(tolerance)
      expect(Math.abs(units!.total.reduce((sum, area) => sum + area, 0) - total)).toBeLessThanOrEqual(tolerance)

      const fewer = await ask(parks.slice(1), lands)
      expect(fewer.covered).toBeLessThanOrEqual(all.covered + tolerance)

      const divided = await ask(
        parks.toReversed(),
        lands.flatMap(({ x, y, width, height }) => {
          const first = (width * at) / 100
          return [
            { x: x + first, y, width: width - first, height },
            { x, y, width: first, height },
          ]
        }),
      )
      expect(Math.abs(divided.covered - all.covered)).toBeLessThanOrEqual(total * 1e-6)
    }),
    { numRuns: 12, endOnFailure: true },
  )
}, 120_000)

test('a long parcel near a service area that does not reach it is left over whole, in the ratio and in its sensitivity', async () => {
  // The circle around the parcel meets the service area; the parcel does not, nor does its square of the plane.
  const { covered, again, residential } = await cut([square(2400, 495, 10)], [100], [{ x: 1900, y: 0, width: 10, height: 1000 }])
  expect([covered, again]).toEqual([0, 0])
  expect(residential.leftoverM2).toBeCloseTo(10_000, 6)
})

test('without a park nothing is served; a park whose radius reaches over a parcel serves all of it', async () => {
  const land = { x: 0, y: 0, width: 100, height: 100 }
  const none = await cut([], [], [land])
  expect(none).toMatchObject({ covered: 0, servedM2: 0, again: 0 })
  const all = await cut([square(150, 0, 100)], [500], [land])
  expect(all.covered).toBeCloseTo(10_000, 6)
  const exact = 100 * 100 + 4 * 100 * 500 + Math.PI * 500 * 500
  expect(all.servedM2).toBeLessThan(exact)
  expect(all.servedM2).toBeGreaterThan(exact * (1 - chordBound()))
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { polygonWkb } from '../../../server/engine/packed-geometry.ts'
import { latticeAmong, type Obstacles } from '../../../server/siting/lattice.ts'

const block = (x: number, y: number, width: number, height: number) => polygonWkb([[x, y, x + width, y, x + width, y + height, x, y + height]])
const built = (...shapes: Uint8Array[]): Obstacles => ({ reason: 'on_building', shapes, margins: new Float64Array(shapes.length) })

test('a point stands in the middle of each square with a home, else at the nearest free place, else nowhere', () => {
  const homes = Float64Array.of(10, 10, 250, 10, 450, 10)
  const { points, putAside } = latticeAmong(homes, 200, 20, [built(block(270, 70, 60, 60)), { reason: 'on_water', shapes: [block(390, -10, 220, 220)], margins: new Float64Array(1) }])
  expect([...points]).toEqual([100, 100, 300, 150])
  expect(putAside).toEqual([{ reason: 'on_water', count: 1 }])
})

test('no plot of a lattice touches what is built, whatever is built where', () => {
  const aBlock = fc.tuple(fc.integer({ min: -50, max: 450 }), fc.integer({ min: -50, max: 450 }), fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 150 }))
  fc.assert(
    fc.property(fc.array(aBlock, { maxLength: 12 }), fc.integer({ min: 0, max: 40 }), (blocks, side) => {
      const homes = Float64Array.from([0, 1, 2, 3].flatMap((at) => [(at % 2) * 200 + 10, Math.floor(at / 2) * 200 + 10]))
      const { points, putAside } = latticeAmong(homes, 200, side, [built(...blocks.map((one) => block(...one)))])
      expect(points.length / 2 + putAside.reduce((sum, { count }) => sum + count, 0)).toBe(4)
      for (let at = 0; at < points.length; at += 2) {
        for (const [x, y, width, height] of blocks) expect(Math.max(x - points[at]!, points[at]! - x - width, y - points[at + 1]!, points[at + 1]! - y - height)).toBeGreaterThan(side / 2 - 1e-9 - (side === 0 ? 1e-9 : 0))
      }
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shift, unshift } from '../../../data/importers/gcj02.ts'

/** Metres between two points a short way apart. */
function metres(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.hypot((a[0] - b[0]) * 111_320 * Math.cos((a[1] * Math.PI) / 180), (a[1] - b[1]) * 110_574)
}

test('the published answers for 116.404, 39.915 come out', () => {
  const gcj = shift([116.404, 39.915], 'gcj02')
  expect(gcj[0]).toBeCloseTo(116.41024449916938, 10)
  expect(gcj[1]).toBeCloseTo(39.91640428150164, 10)
  // GCJ-02 → BD-09 of 116.404, 39.915, asked through its own way back.
  const asWgs = unshift([116.41036949371029, 39.92133699351021], 'bd09')
  expect(metres(asWgs, unshift([116.404, 39.915], 'gcj02'))).toBeLessThan(0.01)
})

test('the way back is the true inverse, not the one-step guess that misses by centimetres here and metres elsewhere', () => {
  const back = unshift([116.404, 39.915], 'gcj02')
  expect(metres(shift(back, 'gcj02'), [116.404, 39.915])).toBeLessThan(0.0002)
  expect(metres(back, [116.39775550083061, 39.91359571849836])).toBeGreaterThan(0.02)
})

test('anywhere in the box both shifts are undone within a centimetre', () => {
  const place = fc.tuple(fc.double({ min: 73, max: 137, noNaN: true }), fc.double({ min: 2, max: 55, noNaN: true }))
  fc.assert(
    fc.property(place, fc.constantFrom('gcj02' as const, 'bd09' as const), (point, kind) => {
      expect(metres(unshift(shift(point, kind), kind), point)).toBeLessThan(0.01)
    }),
  )
})

test('outside the box GCJ-02 shifts nothing', () => {
  expect(unshift([24.94, 60.17], 'gcj02')).toEqual([24.94, 60.17])
})

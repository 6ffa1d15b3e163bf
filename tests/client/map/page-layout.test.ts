import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitsCard, layoutPage, PAPERS, type Paper, RESOLUTIONS, roundScale, scaleBar, scaleOf, zoomOfScale, zoomThatHolds } from '../../../client/map/print/page-layout.ts'

const wish = fc.record({ paper: fc.constantFrom(...(Object.keys(PAPERS) as Paper[])), isLandscape: fc.boolean(), resolution: fc.constantFrom(...RESOLUTIONS), hasLegend: fc.boolean() })

test('A3 at 300 dpi is 4,961 × 3,508 pixels, and everything stands on the sheet without touching', () => {
  const a3 = layoutPage({ paper: 'a3', isLandscape: true, resolution: 300, hasLegend: true })
  expect([Math.round(a3.width * a3.ratio), Math.round(a3.height * a3.ratio)].map((side) => Math.round(side / 10))).toEqual([496, 351])
  fc.assert(
    fc.property(wish, (asked) => {
      const { width, height, title, map, legend, notes } = layoutPage(asked)
      expect(legend !== null).toBe(asked.hasLegend)
      const frames = [title, map, notes, ...(legend ? [legend] : [])]
      for (const [at, one] of frames.entries()) {
        expect(one.left >= 0 && one.top >= 0 && one.left + one.width <= width + 1 && one.top + one.height <= height + 1 && one.width > 100 && one.height > 20).toBe(true)
        for (const other of frames.slice(at + 1)) expect(one.left + one.width <= other.left + 1 || other.left + other.width <= one.left + 1 || one.top + one.height <= other.top + 1 || other.top + other.height <= one.top + 1).toBe(true)
      }
    }),
  )
})

test('a sheet in 1 : 10,000 has a hundred metres on a centimetre, wherever it lies', () => {
  for (const latitude of [0, 22.5, 31, 60]) {
    const metersPerPixel = (Math.cos((latitude * Math.PI) / 180) * 2 * Math.PI * 6_378_137) / (512 * 2 ** zoomOfScale(10_000, latitude))
    expect(metersPerPixel * (96 / 2.54)).toBeCloseTo(100, 6)
    expect(scaleOf(metersPerPixel)).toBeCloseTo(10_000, 6)
  }
})

test('a sheet twice as wide and high as the screen holds what it shows a level nearer', () => {
  expect(zoomThatHolds(12, { width: 800, height: 600 }, { width: 1600, height: 1200 })).toBe(13)
  expect(zoomThatHolds(12, { width: 800, height: 600 }, { width: 1600, height: 600 })).toBe(12)
})

test('the bar is 1, 2 or 5 of a power of ten, never wider than asked and never shorter than a third of it', () => {
  expect(scaleBar(2.5, 150)).toEqual({ meters: 200, width: 80 })
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 5000, noNaN: true }), (metersPerPixel) => {
      const { meters, width } = scaleBar(metersPerPixel, 150)
      expect(width).toBeLessThanOrEqual(150 + 1e-9)
      expect(width).toBeGreaterThan(50)
      expect(['1', '2', '5']).toContain(meters.toExponential()[0])
    }),
  )
})

test('a scale that nobody chose is said to three figures; a card too small is known before it is asked', () => {
  expect([12_345, 987, 104_987].map(roundScale)).toEqual([12_300, 987, 105_000])
  const a1 = layoutPage({ paper: 'a1', isLandscape: true, resolution: 300, hasLegend: false })
  expect([fitsCard(a1, 8192), fitsCard(a1, 16_384)]).toEqual([false, true])
})

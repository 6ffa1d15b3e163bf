import { expect, test } from 'vitest'
import { hatchId, hatchImage } from '../../../client/map/icons/patterns.ts'
import { incidentAtlas } from '../../../client/map/icons/incident-atlas.ts'
import { symbolPath } from '../../../client/map/icons/symbol-paths.ts'
import { FACILITY_SYMBOLS, PART_SYMBOLS, symbolImage, symbolShape } from '../../../client/map/icons/symbols.ts'
import type { RasterImage } from '../../../client/map/icons/shapes.ts'

const alphaAt = ({ data, width }: RasterImage, x: number, y: number): number => data[(y * width + x) * 4 + 3]!

test('symbols of different classes differ in shape, not only in colour', () => {
  const images = [...Object.keys(FACILITY_SYMBOLS).map((name) => `facility:${name}`), ...Object.keys(PART_SYMBOLS).map((name) => `part:${name}`)].map((id) => symbolImage(id)!)
  const seen = images.map((image) => image.data.filter((_, index) => index % 4 === 3).map((alpha) => (alpha > 191 ? 1 : 0)).join(''))
  expect(new Set(seen).size).toBe(seen.length)
})

test('a distance image is full inside, at the threshold on the edge, empty far out', () => {
  const image = symbolImage('part:local')!
  expect(alphaAt(image, 32, 32)).toBeGreaterThan(191)
  expect(alphaAt(image, 0, 0)).toBe(0)
})

test('an id that is none of ours has no image', () => {
  for (const id of ['facility:constructor', 'part:', 'x', 'hatch:zzz']) expect(symbolImage(id) ?? hatchImage(id)).toBeNull()
})

test('hatching has gaps and repeats without a seam', () => {
  const image = hatchImage(hatchId('#F2665E'))!
  const row = Array.from({ length: image.width }, (_, x) => alphaAt(image, x, 0))
  expect(Math.max(...row)).toBe(255)
  expect(Math.min(...row)).toBe(0)
  for (let y = 1; y < image.height; y += 1) {
    const shifted = row.map((_, x) => row[(x + y) % image.width])
    expect(Array.from({ length: image.width }, (_, x) => alphaAt(image, x, y))).toEqual(shifted)
  }
})

test('the atlas holds each mark once, and ended ones are fainter than open ones', () => {
  for (const theme of ['night', 'day'] as const) {
    const { image, mapping } = incidentAtlas(theme)
    expect(Object.keys(mapping)).toHaveLength(33)
    const ink = (name: string) => {
      const { x, y, width, height } = mapping[name]!
      let sum = 0
      for (let row = y; row < y + height; row += 1) for (let column = x; column < x + width; column += 1) sum += alphaAt(image, column, row)
      return sum
    }
    for (const severity of [0, 1, 2]) expect(ink(String(severity * 3 + 2))).toBeLessThan(ink(String(severity * 3)) * 0.6)
  }
})

test('a part is never a filled mark like an incident’s: its middle is open', () => {
  for (const name of ['utility', 'traffic', 'environment', 'greening', 'other']) expect(symbolShape(`part:${name}`)?.(12, 12)).toBeGreaterThan(0)
})

test('legend outlines are closed paths that enclose what the map fills', () => {
  for (const id of ['facility:toilet', 'part:traffic', 'incident:1', 'incident:2', 'incident:3', 'part:defect']) {
    const path = symbolPath(id)
    expect(path).toMatch(/^(M[\d.,L]+Z)+$/)
  }
  expect(symbolPath('facility:toilet').split('M').length - 1).toBeGreaterThan(3)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../../../server/errors.ts'
import { degreeBox, groundPixelMeters, isInGrid, mercatorBox, tileAt, tileSide } from '../../../server/layers/tiles/tile-grid.ts'
import { parseTileAddress, parseTileLayers } from '../../../server/layers/tiles/tiles.ts'

const inGrid = fc.integer({ min: 0, max: 20 }).chain((z) => fc.record({ z: fc.constant(z), x: fc.integer({ min: 0, max: 2 ** z - 1 }), y: fc.integer({ min: 0, max: 2 ** z - 1 }) }))

test('a tile holds its own middle, and no other tile of its zoom does', () => {
  fc.assert(
    fc.property(inGrid, (tile) => {
      const [west, south, east, north] = degreeBox(tile)
      expect(tileAt((west + east) / 2, (south + north) / 2, tile.z)).toEqual(tile)
    }),
  )
})

test('the four tiles of the next zoom make up the tile, edge to edge', () => {
  fc.assert(
    fc.property(inGrid, ({ z, x, y }) => {
      const whole = mercatorBox({ z, x, y })
      const first = mercatorBox({ z: z + 1, x: 2 * x, y: 2 * y })
      const last = mercatorBox({ z: z + 1, x: 2 * x + 1, y: 2 * y + 1 })
      const near = (a: number | undefined, b: number | undefined) => expect(Math.abs((a ?? 0) - (b ?? 0))).toBeLessThan(1e-6)
      near(first[0], whole[0])
      near(first[3], whole[3])
      near(last[2], whole[2])
      near(last[1], whole[1])
      near(first[2], last[0])
    }),
  )
})

test('the buffer widens a tile by the same part of its side everywhere', () => {
  fc.assert(
    fc.property(inGrid, (tile) => {
      const [west, south, east, north] = mercatorBox(tile)
      const [wider, lower, , higher] = mercatorBox(tile, 64)
      const side = tileSide(tile.z)
      for (const gap of [west - wider, south - lower, higher - north]) expect(gap / side).toBeCloseTo(64 / 4096, 9)
      expect(east - west).toBeCloseTo(side, 3)
    }),
  )
})

test('a pixel at the equator at zoom 0 is 78 km, at 30.5° north 14 % less', () => {
  expect(groundPixelMeters({ z: 1, x: 0, y: 0 })).toBeLessThan(39_136)
  const { x, y } = tileAt(114, 30.5, 14)
  expect(groundPixelMeters({ z: 14, x, y })).toBeCloseTo(4.7773 * Math.cos((30.5 * Math.PI) / 180), 1)
})

test('an address outside the grid or the zooms, or not of whole numbers, is refused with a sentence (bad_request)', () => {
  expect(parseTileAddress('12', '3345', '1689')).toEqual({ z: 12, x: 3345, y: 1689 })
  for (const [z, x, y] of [['12', '4096', '0'], ['12', '0', '4096'], ['7', '0', '0'], ['17', '0', '0'], ['12', '-1', '0'], ['12', '1.5', '0'], ['12', '1e3', '0'], ['', '0', '0'], ['12', '0x10', '0'], ['99999999999', '0', '0']] as const) {
    expect(() => parseTileAddress(z, x, y), `${z}/${x}/${y}`).toThrow(expect.objectContaining({ code: 'bad_request' }))
  }
  fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (z, x, y) => {
    try {
      expect(isInGrid(parseTileAddress(z, x, y))).toBe(true)
    } catch (error) {
      expect(error).toBeInstanceOf(AppError)
    }
  }))
})

test('layers are named once each, and one there is not is named in the refusal', () => {
  expect(parseTileLayers('roads,water_bodies')).toEqual(['roads', 'water_bodies'])
  expect(() => parseTileLayers('roads,incidents')).toThrow(/incidents/)
  expect(() => parseTileLayers('roads,roads')).toThrow(expect.objectContaining({ code: 'bad_request' }))
  expect(() => parseTileLayers('')).toThrow(expect.objectContaining({ code: 'not_found' }))
})

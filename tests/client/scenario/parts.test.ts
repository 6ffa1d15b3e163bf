import { expect, test } from 'vitest'
import { type DrawnEdit, shapeOf } from '../../../client/scenario/edits.ts'
import { partsOf, withRing } from '../../../client/scenario/parts.ts'
import type { Position } from '../../../server/contract/geojson.ts'

const ring = (x: number, y: number, side: number): Position[] => [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
const moved = (of: Position[], east: number, north: number): Position[] => of.map(([x, y]) => [x + east, y + north])
const park = (coordinates: Position[][][]): DrawnEdit => ({ id: '01975000-0000-7000-8000-000000000001', kind: 'change', feature: '01975000-0000-7000-8000-000000000002', name: '', geometry: shapeOf({ type: 'MultiPolygon', coordinates })! })

test('a shape of one ring is drawn whole; others ring by ring, each under an id of its own', () => {
  expect(partsOf(park([[ring(0, 0, 4)]])).map(({ id, ring: of }) => [id, of])).toEqual([['01975000-0000-7000-8000-000000000001', null]])
  const parts = partsOf(park([[ring(0, 0, 4), ring(1, 1, 1)], [ring(10, 0, 4)]]))
  expect(parts.map(({ ring: of }) => of)).toEqual([{ polygon: 0, ring: 0 }, { polygon: 0, ring: 1 }, { polygon: 1, ring: 0 }])
  expect(new Set(parts.map(({ id }) => id)).size).toBe(3)
  expect(parts.every(({ id }) => id.length === 36)).toBe(true)
})

test('a corner that is dragged changes its ring alone; an outer ring that is dragged takes its holes along', () => {
  const [outer, , other] = partsOf(park([[ring(0, 0, 4), ring(1, 1, 1)], [ring(10, 0, 4)]]))
  const corner: Position[] = [[0, 0], [5, 0], [4, 4], [0, 4], [0, 0]]
  expect(withRing(outer!, { type: 'Polygon', coordinates: [corner] })).toEqual({ type: 'MultiPolygon', coordinates: [[corner, ring(1, 1, 1)], [ring(10, 0, 4)]] })
  expect(withRing(outer!, { type: 'Polygon', coordinates: [moved(ring(0, 0, 4), 2, 3)] })).toEqual({ type: 'MultiPolygon', coordinates: [[ring(2, 3, 4), ring(3, 4, 1)], [ring(10, 0, 4)]] })
  expect(withRing(other!, { type: 'Polygon', coordinates: [ring(20, 0, 4)] })).toMatchObject({ coordinates: [[ring(0, 0, 4), ring(1, 1, 1)], [ring(20, 0, 4)]] })
})

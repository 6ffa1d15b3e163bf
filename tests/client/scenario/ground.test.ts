import { expect, test } from 'vitest'
import { planeOf, polygonsOf } from '../../../client/scenario/ground.ts'
import { multiPolygonWkb, pointWkb } from '../../../server/engine/packed-geometry.ts'
import { square } from '../../server/engine/shapes.ts'

test('a shape comes back in degrees, polygon by polygon with its holes; a point has none', () => {
  const plane = planeOf('+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs')
  const [x, y] = plane.toMeters([114.2, 30.5])
  const wkb = multiPolygonWkb([[square(x, y, 200), square(x, y, 20).toReversed()], [square(x + 900, y, 50)]])
  const polygons = polygonsOf(wkb, plane)
  expect(polygons.map((rings) => rings.map((ring) => ring.length))).toEqual([[5, 5], [5]])
  expect(plane.toMeters(polygons[1]![0]![0]!).map((one) => Math.round(one * 1000))).toEqual(square(x + 900, y, 50).slice(0, 2).map((one) => Math.round(one * 1000)))
  expect(polygonsOf(pointWkb(x, y), plane)).toEqual([])
})

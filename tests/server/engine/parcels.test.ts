import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distanceToGeometry } from '../../../server/engine/distance.ts'
import { ServiceIndex } from '../../../server/engine/membership.ts'
import { attributeParcels, classifyParcels, DIVIDED, NOWHERE, SERVED } from '../../../server/engine/parcels.ts'
import { aStar, polygons, square } from './shapes.ts'

test('a parcel said to be wholly served has all its corners within reach, one said to be unserved has none', () => {
  fc.assert(
    fc.property(fc.array(aStar, { minLength: 1, maxLength: 5 }), fc.array(aStar, { minLength: 1, maxLength: 10 }), (parks, parcels) => {
      const facilities = polygons(...parks.map((park) => [park]))
      const classes = classifyParcels(polygons(...parcels.map((parcel) => [parcel])), new ServiceIndex(facilities, new Float64Array(parks.length).fill(500)))
      parcels.forEach((corners, parcel) => {
        for (let at = 0; at < corners.length; at += 2) {
          const distance = Math.min(...parks.map((_park, facility) => distanceToGeometry(facilities, facility, corners[at]!, corners[at + 1]!)))
          if (classes[parcel] === SERVED.yes) expect(distance).toBeLessThanOrEqual(500 + 1e-6)
          if (classes[parcel] === SERVED.no) expect(distance).toBeGreaterThan(500 - 1e-6)
        }
      })
    }),
    { numRuns: 100 },
  )
})

test('a parcel inside one unit belongs to it, one over a border is to be cut, one outside belongs nowhere', () => {
  const units = polygons([square(0, 0, 100)], [square(100, 0, 100)])
  const { owner, pairs } = attributeParcels(polygons([square(10, 10, 20)], [square(90, 10, 20)], [square(500, 500, 20)], [square(-10, -10, 300)]), units)
  expect([...owner]).toEqual([0, DIVIDED, NOWHERE, DIVIDED])
  expect(pairs).toEqual([
    { parcel: 1, unit: 0 },
    { parcel: 1, unit: 1 },
    { parcel: 3, unit: 0 },
    { parcel: 3, unit: 1 },
  ])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultMeasuringSystem } from '../../../server/cities/measuring-system.ts'

test.each([
  ['Wuhan', [114.3, 30.6], 4547, 'CGCS2000 / 3-degree Gauss-Kruger CM 114E'],
  ['Beijing', [116.4, 39.9], 4548, 'CGCS2000 / 3-degree Gauss-Kruger CM 117E'],
  ['Ürümqi', [87.6, 43.8], 4538, 'CGCS2000 / 3-degree Gauss-Kruger CM 87E'],
  ['Kashgar, in the westernmost zone', [75.99, 39.47], 4534, 'CGCS2000 / 3-degree Gauss-Kruger CM 75E'],
  ['Taipei, inside the box', [121.5, 25.05], 4550, 'CGCS2000 / 3-degree Gauss-Kruger CM 123E'],
  ['Helsinki', [24.94, 60.17], 32_635, 'WGS 84 / UTM zone 35N'],
  ['Sydney', [151.2, -33.9], 32_756, 'WGS 84 / UTM zone 56S'],
  ['the antimeridian', [180, 10], 32_660, 'WGS 84 / UTM zone 60N'],
] as const)('a city centred at %s is measured in its own zone', (_name, center, srid, name) => {
  expect(defaultMeasuringSystem(center)).toEqual({ srid, name })
})

test('every place between the latitudes of UTM has a zone whose meridian is near', () => {
  fc.assert(
    fc.property(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -80, max: 84, noNaN: true }), (longitude, latitude) => {
      const { srid, name } = defaultMeasuringSystem([longitude, latitude])
      const isChinese = srid >= 4534 && srid <= 4554
      const meridian = isChinese ? 75 + (srid - 4534) * 3 : ((srid % 100) - 1) * 6 - 177
      expect(Math.abs(longitude - meridian)).toBeLessThanOrEqual(isChinese ? 1.5 + 1e-9 : 3 + 1e-9)
      expect(name).toContain(isChinese ? `CM ${meridian}E` : `zone ${srid % 100}`)
    }),
  )
})

test('a place off the earth, or at the poles, has none', () => {
  expect(() => defaultMeasuringSystem([0, 89])).toThrow(RangeError)
  expect(() => defaultMeasuringSystem([Number.NaN, 0])).toThrow(RangeError)
})

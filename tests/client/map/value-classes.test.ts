import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classColour, classOf, valueClasses } from '../../../client/map/value-classes.ts'

test('every value above zero falls into exactly one class, and classes rise without overlap', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 500 })), { maxLength: 200 }), (values) => {
      const classes = valueClasses(values)
      expect(classes.length).toBeLessThanOrEqual(5)
      classes.forEach((one, index) => {
        expect(one.to).toBeGreaterThanOrEqual(one.from)
        if (index > 0) expect(one.from).toBeGreaterThan(classes[index - 1]!.to)
      })
      for (const value of values) {
        const index = classOf(value, classes)
        if (value === null) expect(index).toBeNull()
        else if (value === 0) expect(index).toBe(-1)
        else expect(value >= classes[index!]!.from && value <= classes[index!]!.to).toBe(true)
      }
    }),
  )
})

test('a measure that is zero everywhere has no classes', () => {
  expect(valueClasses([0, 0, null])).toEqual([])
})

test('few classes use the whole ramp', () => {
  const ramp = ['a', 'b', 'c', 'd', 'e']
  expect([0, 1].map((index) => classColour(ramp, index, 2))).toEqual(['a', 'e'])
  expect([0, 1, 2, 3, 4].map((index) => classColour(ramp, index, 5))).toEqual(ramp)
})

import { expect, test } from 'vitest'
import { grownBox } from '../../../client/map/use-camera.ts'

test('a box grows by a share of its own size on every side', () => {
  expect(grownBox([10, 20, 12, 21], 0.5)).toEqual([9, 19.5, 13, 21.5])
})

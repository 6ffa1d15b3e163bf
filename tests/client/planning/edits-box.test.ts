import { expect, test } from 'vitest'
import { boxOfEdits } from '../../../client/planning/edits-box.ts'

test('the box of a scenario holds all that has a place: shapes of several parts, ways, gates; what is opened or closed has none', () => {
  const ring: [number, number][] = [[3, 3], [4, 3], [4, 4], [3, 3]]
  expect(
    boxOfEdits([
      { id: '1', kind: 'facility', name: '', geometry: { type: 'MultiPolygon', coordinates: [[ring], [ring.map(([x, y]): [number, number] => [x + 5, y])]] } },
      { id: '2', kind: 'path', name: '', line: [[1, 5], [2, 2]], isCrossing: false },
      { id: '3', kind: 'gate', feature: 'a', name: '', position: [6, 1] },
      { id: '4', kind: 'close', feature: 'a', name: '' },
    ]),
  ).toEqual([1, 1, 9, 5])
  expect(boxOfEdits([{ id: '4', kind: 'open', feature: 'a', name: '' }])).toBeNull()
})

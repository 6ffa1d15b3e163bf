import { expect, test } from 'vitest'
import { buildSupplyPlaceLayers, placeAt } from '../../../client/map/supply-places.ts'
import { TOKENS } from '../../../client/theme/tokens.ts'

const place = (x: number, y: number) => ({ id: `${x}`, name: null, capacity: 10, peopleInReach: 5, perPerson: 2, position: [x, y] as [number, number] })
const places = [place(100, 100), place(114, 100), place(300, 300)]
const project = ([x, y]: [number, number]) => ({ x, y })

test('a place is hit on its ring, the nearer of two, and nowhere else', () => {
  const at = (x: number, y: number) => placeAt({ places }, { x, y }, project)
  expect([at(100, 100), at(106, 100), at(108, 100), at(122, 102), at(300, 309)]).toEqual([1, 1, 2, 2, 3])
  expect([at(100, 111), at(200, 200), placeAt({ places: [] }, { x: 0, y: 0 }, project)]).toEqual([null, null, null])
})

test('what is looked at or pointed at is drawn once more, filled', () => {
  const drawn = (chosen: number | null, hovered: number | null) => buildSupplyPlaceLayers({ places, chosen, hovered }, TOKENS.night).map(({ props }) => (props.data as typeof places).map(({ id }) => id))
  expect(drawn(null, null).at(-1)).toEqual([])
  expect(drawn(1, 3)).toEqual([['100', '114', '300'], ['100', '114', '300'], ['100', '300']])
  expect(buildSupplyPlaceLayers(null, TOKENS.night)).toEqual([])
})

import { expect, test } from 'vitest'
import { sheetCollection, sheetLayers } from '../../../client/map/layers/indicators.ts'
import { setBits } from '../../../client/stores/indicators.ts'
import { TOKENS } from '../../../client/theme/tokens.ts'

test('bits are read lowest first, byte by byte', () => {
  // 0b00000101, 0b10000000
  expect(setBits(Buffer.from([5, 128]).toString('base64'))).toEqual([0, 2, 15])
  expect(setBits('')).toEqual([])
})

test('homes out of reach are points with their people, and nothing is drawn where nothing is looked at', () => {
  expect(sheetCollection({ homes: [{ position: [114, 30], people: 7 }], stretches: [], chosen: null })).toMatchObject({ features: [{ properties: { people: 7 }, geometry: { type: 'Point', coordinates: [114, 30] } }] })
  expect(sheetCollection(null)).toMatchObject({ features: [] })
  expect(sheetLayers(TOKENS.night).building.map(({ id }) => id)).toEqual(['indicators:homes', 'indicators:casing', 'indicators:stretches'])
})

test('stretches of road are lines, the one that is looked at among them', () => {
  expect(sheetCollection({ homes: [], stretches: [[114, 30, 114.1, 30], [114, 31, 114.1, 31]], chosen: 1 })).toMatchObject({ features: [{ properties: { isChosen: false } }, { properties: { isChosen: true }, geometry: { type: 'LineString', coordinates: [[114, 31], [114.1, 31]] } }] })
})

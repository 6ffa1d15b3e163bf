import { describe, expect, test } from 'vitest'
import { supplyCollection, supplyColours, supplyLayers, supplyStep } from '../../../client/map/layers/supply.ts'
import type { SupplyPicture } from '../../../client/stores/supply.ts'
import { TOKENS } from '../../../client/theme/tokens.ts'

const CLASSES = [{ from: 0, upTo: 0 }, { from: 0, upTo: 4 }, { from: 4, upTo: 8 }, { from: 8, upTo: 16 }, { from: 16, upTo: null }].map((one) => ({ ...one, demands: 0, people: 0 }))

const picture = (level: SupplyPicture['level']): SupplyPicture => ({
  level, classes: CLASSES, hasStandard: true,
  drawing: {
    points: { positions: [114, 30, 114.1, 30.1], perPerson: [0, 9], people: [10, 20], isOutOfReach: [1, 0], isCut: false },
    streets: [], communities: [],
    cells: [{ code: '1', name: null, people: 0, perPerson: null, below: 0, belowShare: null, outOfReach: 0, servedOnPaper: null, paperOnly: null, geometry: { type: 'Polygon', coordinates: [] } }],
  },
})

describe('supply on the map', () => {
  test('a value at an end belongs above it; nothing and no value are apart', () => {
    expect([0, 3.99, 4, 8, 15, 16, 1e9].map((value) => supplyStep(value, CLASSES))).toEqual([0, 1, 2, 3, 3, 4, 4])
    expect(supplyStep(null, CLASSES)).toBe(-1)
  })

  test.each(['night', 'day'] as const)('by %s every class has a colour of its own, with and without a standard', (theme) => {
    for (const hasStandard of [true, false]) expect(new Set(supplyColours(TOKENS[theme], CLASSES, hasStandard)).size).toBe(CLASSES.length)
  })

  test('homes are points, units areas; a unit without people stays in the picture without a class', () => {
    const steps = (level: SupplyPicture['level']) => (supplyCollection(picture(level)) as unknown as { features: { properties: { step: number } }[] }).features.map(({ properties }) => properties.step)
    expect([steps('points'), steps('cells'), steps('streets')]).toEqual([[0, 3], [-1], []])
    expect([Object.keys(supplyLayers(TOKENS.night, 'night', picture('points'))), Object.keys(supplyLayers(TOKENS.night, 'night', picture('cells')))]).toEqual([['building'], ['area']])
  })
})

import { describe, expect, test } from 'vitest'
import { getSitingChoices } from '../../../server/contract/planning-siting.ts'
import { positionAt } from '../coverage/a-small-city.ts'
import { aSitingServer, names } from './a-siting-server.ts'

const { api, solve, aRow } = aSitingServer()

describe('candidates', () => {
  test('candidates are filtered by size, use, ownership and green line, and what is left out is counted by reason', async () => {
    const city = await aRow()
    await city.greenLine([1990, 90, 100, 100])
    const inside = await solve(city, { p: 1, candidates: { from: 'plots', greenLine: 'inside' } })
    expect([names(inside), inside.counts]).toMatchObject([['plot 2'], { candidates: 1, candidatesLeftOut: [{ reason: 'green_line', count: 3 }] }])
    expect(names(await solve(city, { p: 1, candidates: { from: 'plots', landUses: ['工业仓储用地'] } }))).toEqual(['plot 0'])
    const { counts } = await solve(city, { p: 1, radiusMeters: undefined, rule: 'GARDEN_CITY_2022', candidates: { from: 'plots', minAreaM2: 3000 } })
    expect(counts).toMatchObject({ candidates: 0, candidatesLeftOut: [{ reason: 'too_small', count: 4 }] })
  })

  test('a lattice is laid among the homes that nothing serves only', async () => {
    const { answer, counts } = await solve(await aRow(), { p: 1, candidates: { from: 'lattice', spacingMeters: 200 } })
    expect(counts.candidates).toBe(3)
    expect(answer!.sites[0]).toMatchObject({ id: null, gain: 300, areaM2: 0 })
  })

  test('a lattice keeps clear of water, buildings and roads, moves aside where there is room, and says what it put aside', async () => {
    const city = await aRow()
    // The square of the third block is under water; in that of the second a hall stands over the middle.
    await city.water([1990, -10, 220, 220], 'lake')
    await city.building([1070, 70, 60, 60], null)
    const { answer, counts } = await solve(city, { p: 2, candidates: { from: 'lattice', spacingMeters: 200, areaM2: 400 } })
    expect(counts).toMatchObject({ candidates: 2, candidatesLeftOut: [{ reason: 'on_water', count: 1 }] })
    expect(answer!.sites.map(({ gain }) => gain)).toEqual([200, 100])
    const [x, y] = answer!.sites[0]!.position
    // A quarter of the square north of the middle.
    expect([x, y].map((degree) => degree.toFixed(5))).toEqual(positionAt(1100, 150).map((degree) => degree.toFixed(5)))
  })

  test('what a city can be asked about is told with counts', async () => {
    const { plots, landUses, hasNetwork, hasGreenLines } = await api().call(getSitingChoices, { params: { city: (await aRow()).key } })
    expect({ plots, landUses, hasNetwork, hasGreenLines }).toEqual({ plots: 4, landUses: [{ value: '待建用地', count: 3 }, { value: '工业仓储用地', count: 1 }], hasNetwork: false, hasGreenLines: false })
  })
})

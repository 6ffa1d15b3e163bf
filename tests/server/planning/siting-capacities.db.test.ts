import { describe, expect, test } from 'vitest'
import { aSitingServer, names } from './a-siting-server.ts'

const { jobs, ask, look, solve, aRow } = aSitingServer()

describe('places that fill up', () => {
  test('capacities: what is full serves no more, standing or new, and each place tells its load', async () => {
    const city = await aRow()
    // A park of 10,000 m² beside 400 people, plots of 2,500 m² each.
    const free = await solve(city, { p: 1 })
    expect([names(free), free.answer!.sites[0]!.load, free.answer!.standing]).toEqual([['plot 2'], undefined, undefined])
    const byArea = await solve(city, { p: 2, capacities: { by: 'area', m2PerPerson: 40 } })
    // The park takes 250 of the 400, each plot 62.5: beside it there are 150 left, beside plot 2 there are 300.
    expect(byArea.answer).toMatchObject({ objective: 375, isProven: true, before: { weight: 250 }, after: { weight: 375 }, standing: { sites: 1, capacity: 250, load: 250, full: 1, unknown: 0 } })
    expect(byArea.answer!.sites.map(({ capacity, load, gain }) => [capacity, load, gain])).toEqual([[62.5, 62.5, 62.5], [62.5, 62.5, 62.5]])
    const byPeople = await solve(city, { p: 2, capacities: { by: 'people', perSite: 350 } })
    expect(byPeople.answer).toMatchObject({ objective: 850, before: { weight: 350 }, standing: { capacity: 350, load: 350 } })
    expect(byPeople.answer!.sites.map(({ name, load }) => [name, load])).toEqual([['plot 2', 300], ['plot 1', 200]])
    expect(byPeople.answer!.curve!.map(({ objective }) => objective)).toEqual([650, 850, 950, 1000])
    const run = await ask(city, { p: 1, capacities: { by: 'rule', rule: 'GREEN_AREA_8' } })
    await jobs.idle()
    const { passport, result } = await look(city, run.id)
    expect(passport).toMatchObject({ basis: { capacityRule: { code: 'GREEN_AREA_8', version: 1, m2PerPerson: 8 } }, methodEn: expect.stringContaining('8 m² per person') })
    expect(result!.answer).toMatchObject({ standing: { capacity: 1250, load: 400 }, sites: [{ name: 'plot 2', capacity: 312.5, load: 300 }] })
  })

  test('capacities that limit nothing, or say nothing, are named', async () => {
    const city = await aRow()
    await city.plot([500, 5000, 10, 10], { name: 'far' })
    const boundless = await solve(city, { p: 1, capacities: { by: 'people', perSite: 5000 } })
    expect(boundless.notices).toMatchObject([{ code: 'capacity_boundless', count: 5 }])
    const none = await solve(city, { p: 1, capacities: { by: 'people', perSite: 0 } })
    expect([none.answer, none.notices.filter(({ isFatal }) => isFatal).map(({ code }) => code)]).toEqual([null, ['capacity_zero']])
  })
})

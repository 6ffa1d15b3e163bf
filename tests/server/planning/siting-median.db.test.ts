import { describe, expect, test } from 'vitest'
import { aSitingServer, names } from './a-siting-server.ts'

const { solve, aRow } = aSitingServer()

describe('p-median and p-center', () => {
  test('p-median and p-center count metres to the boundary of what is nearest', async () => {
    const city = await aRow()
    // The plot of the heaviest unserved block: 80 m; the block before it walks to it (1000 - 20 - 50 + … m), the last to the park.
    const median = await solve(city, { method: 'p-median', p: 1 })
    expect(names(median)).toEqual(['plot 1'])
    expect(median.answer!.before).toMatchObject({ weight: 400, greatestMeters: expect.closeTo(2991.6, 0) })
    const center = await solve(city, { method: 'p-center', p: 1 })
    expect(names(center)).toEqual(['plot 1'])
    expect(center.answer).toMatchObject({ isProven: true, objective: center.answer!.after.greatestMeters })
    expect(center.answer!.curve!.map(({ sites }) => sites)[0]).toBe(1)
    expect(center.answer!.curve![0]!.objective).toBe(center.answer!.objective)
  })

  test('with the unserved alone, whoever is served already neither counts nor draws', async () => {
    const result = await solve(await aRow(), { method: 'p-median', p: 1, unservedOnly: true })
    expect(result.counts).toMatchObject({ demands: 3, weight: 600 })
  })
})

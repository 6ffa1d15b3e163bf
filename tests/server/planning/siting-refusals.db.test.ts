import { describe, expect, test } from 'vitest'
import type { SitingResult } from '../../../server/contract/planning-siting.ts'
import { aSmallCity } from '../coverage/a-small-city.ts'
import { aSitingServer, type Asked } from './a-siting-server.ts'

const { db, ask, solve, aRow } = aSitingServer()

describe('a question without a meaningful answer is told what is wrong, by name', () => {
  const codes = ({ answer, notices }: SitingResult) => [answer, notices.filter(({ isFatal }) => isFatal).map(({ code }) => code)]

  test('homes that nothing reaches: with how many people and where; left out on request', async () => {
    const city = await aRow()
    await city.building([9000, 9000, 20, 20], 5)
    for (const method of ['lscp', 'p-center'] as const) {
      const p = method === 'lscp' ? null : 1
      const refused = await solve(city, { method, p })
      expect(codes(refused)).toEqual([null, ['islands']])
      expect(refused.notices[0]).toMatchObject({ count: 1, weight: 5, places: [expect.anything()] })
      const answered = await solve(city, { method, p, islands: 'leave_out' })
      expect([answered.answer!.isProven, answered.notices.map(({ code }) => code)]).toEqual([true, ['islands_left_out']])
    }
  })

  test('no candidates, nobody to serve, more sites than candidates', async () => {
    const city = await aRow()
    expect(codes(await solve(city, { p: 1, candidates: { from: 'plots', minAreaM2: 9999 } }))).toEqual([null, ['no_candidates']])
    expect(codes(await solve(city, { p: 5 }))).toEqual([null, ['p_above_candidates']])
    const empty = await aSmallCity(db)
    await empty.building([0, 0, 10, 10], 1)
    await empty.park([0, 0, 100, 100])
    await empty.plot([0, 0, 10, 10])
    expect(codes(await solve(empty, { p: 1, unservedOnly: true }))).toEqual([null, ['no_demands']])
  })

  test.each([
    [{ method: 'lscp', p: 2 }, 'neither p nor a budget'],
    [{ method: 'p-median', p: null }, 'Give p'],
    [{ p: 2, budget: 10 }, 'either p or a budget'],
    [{ budget: 10 }, 'needs prices'],
    [{ method: 'p-median', p: 2, capacities: { by: 'area', m2PerPerson: 8 } }, 'Only maximal covering takes capacities'],
    [{ p: 2, demand: 'buildings', capacities: { by: 'area', m2PerPerson: 8 } }, 'ask for the population'],
    [{ p: 2, facility: 'toilet', capacities: { by: 'rule' } }, 'no norm of land per person'],
    [{ p: 2, radiusMeters: undefined, rule: 'NO_SUCH' }, 'NO_SUCH'],
  ] as [Asked, string][])('%j is refused at once', async (input, words) => {
    await expect(ask(await aRow(), input)).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining(words) })
  })
})

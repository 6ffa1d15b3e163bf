import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COUNT_KEYS } from '../../../server/contract/evaluation-counts.ts'
import { evaluate } from '../../../server/contract/evaluation.ts'
import { RATE_KEYS, RATES } from '../../../server/contract/evaluation-rates.ts'
import type { IncidentState } from '../../../server/contract/incidents.ts'
import { syncEvaluationRules } from '../../../server/evaluation/rules.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'
import { aCase, aStreet, type Life, local, type Step } from './case-lives.ts'

const db = openTestDb()
let api: TestApi
beforeAll(async () => {
  await syncEvaluationRules(db)
  api = await openTestApi(aContext(db, { clock: () => new Date(local('11-20 00:00')) }))
})
afterAll(async () => {
  await api.close()
  await db.close()
})

const NEXT: Partial<Record<IncidentState, readonly IncidentState[]>> = {
  pending_accept: ['pending_filing', 'verifying', 'void'],
  verifying: ['pending_filing', 'not_filed'],
  pending_filing: ['pending_dispatch', 'not_filed', 'void'],
  pending_dispatch: ['pending_dispose', 'pending_filing'],
  pending_dispose: ['disposing', 'pending_dispatch'],
  disposing: ['disposed', 'suspended', 'closed_special'],
  suspended: ['disposing'],
  disposed: ['pending_check', 'disposing'],
  pending_check: ['checking', 'pending_close', 'pending_dispose'],
  checking: ['pending_close', 'pending_dispose'],
  pending_close: ['closed'],
}

/** A random way through the states from a random day of autumn on, each step some hours after the one before. */
const life: fc.Arbitrary<Life> = fc.record({ start: fc.nat(60 * 24), choices: fc.array(fc.tuple(fc.nat(9), fc.nat(90)), { maxLength: 14 }), street: fc.constantFrom('330101001000', '330101002000', null), due: fc.option(fc.nat(80 * 24)), clock: fc.boolean() }).map(({ start, choices, street, due, clock }) => {
  const at = (hours: number) => new Date(Date.UTC(2026, 8, 10) + hours * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
  let state: IncidentState = 'pending_accept'
  let hours = start
  const steps: Step[] = [{ action: 'submit', from: null, to: state, at: at(hours) }]
  for (const [choice, span] of choices) {
    const ways: readonly IncidentState[] = NEXT[state] ?? []
    const to = ways[choice % Math.max(1, ways.length)]
    if (to === undefined) break
    hours += span + 1
    if (hours > 68 * 24) break
    steps.push({ action: 'step', from: state, to, at: at(hours), ...(to === 'pending_dispose' ? { department: choice % 2 === 0 ? 'A' : 'B' } : {}) })
    state = to
  }
  return { steps, street, ...(due === null ? {} : { dueAt: at(due) }), clocks: clock ? [{ stage: 'accept' as const, startedAt: at(start), dueAt: at(start + 5), ...(steps[1] ? { stoppedAt: steps[1].at } : {}) }] : [] }
})

test('over random lives: streets make up the city in every count, every share is within 0 and 100 or no value, exempted is never worse than raw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 12 }), async (lives) => {
      const city = await aCity(db)
      await aStreet(db, city, '330101001000', '东街', 100)
      await aStreet(db, city, '330101002000', '西街', 200)
      for (const one of lives) await aCase(db, city, one)
      const table = await api.call(evaluate, { params: { city: city.key }, query: { object: 'street', cycle: 'month', day: '2026-10-01', indicators: [...COUNT_KEYS, ...RATE_KEYS].join() } })
      for (const key of COUNT_KEYS) {
        for (const basis of ['exempted', 'raw'] as const) {
          const sum = table.objects.reduce((total, { figures }) => total + figures[key]![basis].numerator, 0)
          expect(Math.abs(sum - table.total[key]![basis].numerator), key).toBeLessThan(0.05)
        }
      }
      for (const figures of [table.total, ...table.objects.map((object) => object.figures)]) {
        for (const key of RATE_KEYS.filter((one) => RATES[one].form === 'share')) {
          const { value, numerator, denominator } = figures[key]!.exempted
          expect(value === null, key).toBe(denominator === 0)
          expect(numerator, key).toBeLessThanOrEqual(denominator ?? 0)
          if (value !== null) expect(value >= 0 && value <= 100, key).toBe(true)
        }
        expect(figures['intime_dispose_num']!.exempted.numerator).toBeGreaterThanOrEqual(figures['intime_dispose_num']!.raw.numerator)
        const of = (key: string) => figures[key]!.exempted.numerator
        expect(of('intime_dispose_num') + of('overtime_dispose_num')).toBeLessThanOrEqual(of('dispose_num'))
        expect(of('intime_archive_num') + of('overtime_archive_num')).toBeLessThanOrEqual(of('archive_num'))
        expect(of('rework_num')).toBeLessThanOrEqual(of('rework_times'))
      }
    }),
    { numRuns: 25 },
  )
})

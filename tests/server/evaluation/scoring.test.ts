import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Figure } from '../../../server/contract/evaluation.ts'
import { addDays, neighbourPeriod, Cycle, periodName, periodOf } from '../../../server/contract/evaluation-periods.ts'
import { RuleContent } from '../../../server/contract/evaluation-rules.ts'
import { readEvaluationRules } from '../../../server/evaluation/rules.ts'
import { gradeOf, rankObjects, rateFigure, round2, scoreOf, wilsonInterval } from '../../../server/evaluation/scoring.ts'

const { content: rule } = await readEvaluationRules()
const SHEET = { sample: 'need_archive_num' as const, minimumSample: 30, parts: [{ indicator: 'intime_archive_rate' as const, weight: 60, zeroAt: 0, fullAt: 100 }, { indicator: 'rework_rate' as const, weight: 40, zeroAt: 20, fullAt: 0 }] }
const share = (hits: number, n: number): Figure => rateFigure('archive_rate', hits, n, 1.96)
const office = (key: string, n: number, intime: number, rework: number, came = 0) => ({ key, sample: n, score: scoreOf(SHEET, rule, { intime_archive_rate: share(intime, n), rework_rate: share(rework, n), recurrence_rate: share(came, n) }) })

describe('values', () => {
  test('a Wilson interval as published: 10 of 20 at 95 % is 29.93 % to 70.07 %', () => {
    expect(wilsonInterval(10, 20, 1.96).map((bound) => round2(bound * 100))).toEqual([29.93, 70.07])
    expect(wilsonInterval(3, 3, 1.96).map((bound) => round2(bound * 100))).toEqual([43.85, 100])
  })

  test('every share lies within its interval, both within 0 and 100; nothing to divide by gives no value', () => {
    fc.assert(
      fc.property(fc.nat(5000).chain((n) => fc.tuple(fc.constant(n), fc.nat(n))), ([n, hits]) => {
        const figure = share(hits, n)
        if (n === 0) {
          expect(figure.value).toBeNull()
          return
        }
        const [low, high] = figure.interval!
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(100)
        expect(figure.value).toBeGreaterThanOrEqual(low - 0.01)
        expect(figure.value).toBeLessThanOrEqual(high + 0.01)
      }),
    )
  })
})

describe('scores and ranks', () => {
  test('by hand: 60 points for 90 % in time, 40 for 5 % rework, less half a point for each percent that came back', () => {
    const { score } = office('a', 100, 90, 5, 4)
    // 60 × 0.9 + 40 × (1 − 5/20) − 4 × 0.5
    expect(score).toMatchObject({ score: 82, deduction: 2, parts: [{ points: 54 }, { points: 30 }] })
    expect(gradeOf(82, rule.bands)).toBe(2)
  })

  test('closing early to shine does not pay: what comes back costs more than it gained, up to a limit', () => {
    const honest = office('honest', 200, 180, 4)
    const hasty = office('hasty', 200, 190, 4, 60)
    expect(hasty.score!.deduction).toBe(15)
    expect(rankObjects([honest, hasty], SHEET, rule).get('honest')?.rank).toBe(1)
  })

  test('a lucky office with few cases does not lead: below the minimum it has no rank, just above it its interval counts', () => {
    const ranks = rankObjects([office('tiny', 5, 5, 0), office('lucky', 31, 31, 0), office('proven', 2000, 1980, 10)], SHEET, rule)
    expect(ranks.get('tiny')).toEqual({ rank: null, grade: null, unranked: 'sample' })
    expect([ranks.get('proven')?.rank, ranks.get('lucky')?.rank]).toEqual([1, 2])
  })

  test('too little of the sheet with a value gives no score; a part without one is shared out', () => {
    expect(scoreOf(SHEET, rule, { rework_rate: share(0, 50) })).toBeNull()
    expect(scoreOf(SHEET, rule, { intime_archive_rate: share(40, 50) })).toMatchObject({ score: 80 })
  })

  test('a rank does not depend on the order given, equal scores share it, and nobody better stands behind', () => {
    const offices = fc.uniqueArray(fc.tuple(fc.nat(30), fc.nat(300).chain((n) => fc.tuple(fc.constant(n), fc.nat(n), fc.nat(n), fc.nat(n)))), { maxLength: 20, selector: ([id]) => id }).map((list) => list.map(([id, [n, intime, rework, came]]) => office(`o${id}`, n, intime, rework, came)))
    fc.assert(
      fc.property(offices.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), ([list, shuffled]) => {
        const ranks = rankObjects(list, SHEET, rule)
        const others = rankObjects(shuffled, SHEET, rule)
        for (const { key } of list) expect(others.get(key)).toEqual(ranks.get(key))
        for (const one of list) {
          for (const other of list) {
            const [a, b] = [ranks.get(one.key)!, ranks.get(other.key)!]
            if (a.rank === null || b.rank === null) continue
            expect(Math.sign(a.rank - b.rank)).toBe(Math.sign(other.score!.interval[0] - one.score!.interval[0]))
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  test('more of the cases in time never lowers a score', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }).chain((n) => fc.tuple(fc.constant(n), fc.nat(n - 1), fc.nat(n))), ([n, intime, rework]) => {
        expect(office('b', n, intime + 1, rework).score!.score).toBeGreaterThanOrEqual(office('a', n, intime, rework).score!.score)
      }),
    )
  })
})

describe('rules', () => {
  test('the program’s rules say where they come from and that no city has settled them; each sheet’s weights make 100', async () => {
    const file = await readEvaluationRules()
    expect(file).toMatchObject({ verified: false })
    expect(file.source).not.toBe('')
    expect(Object.values(rule.sheets).map((sheet) => sheet.parts.reduce((sum, part) => sum + part.weight, 0))).toEqual(Object.keys(rule.sheets).map(() => 100))
  })

  test('a denominator that a rate cannot have, or bands out of order, are refused by name', () => {
    const wrong = RuleContent.safeParse({ ...rule, denominators: { rework_rate: 'report_num' } })
    expect(wrong.error?.issues[0]).toMatchObject({ path: ['denominators', 'rework_rate'], message: 'choose one of: need_archive_num, dispose_num' })
    expect(RuleContent.safeParse({ ...rule, bands: [90, 95, 70, 60] }).success).toBe(false)
  })
})

describe('periods', () => {
  test('of every cycle', () => {
    expect(Cycle.options.map((cycle) => periodOf(cycle, '2026-11-18')).map(({ fromDay, untilDay }) => [fromDay, untilDay])).toEqual([
      ['2026-11-18', '2026-11-19'], ['2026-11-16', '2026-11-23'], ['2026-11-01', '2026-12-01'], ['2026-10-01', '2027-01-01'], ['2026-07-01', '2027-01-01'], ['2026-01-01', '2027-01-01'],
    ])
    expect([periodName(periodOf('half_year', '2026-11-18')).zh, periodName(periodOf('quarter', '2026-11-18')).en]).toEqual(['2026年下半年', '2026 Q4'])
  })

  test('they tile the calendar: each day is in one period, and neighbours meet', () => {
    const days = fc.integer({ min: 0, max: 40_000 }).map((count) => addDays('1970-01-01', count))
    fc.assert(
      fc.property(fc.constantFrom(...Cycle.options), days, (cycle, day) => {
        const period = periodOf(cycle, day)
        expect(period.fromDay <= day && day < period.untilDay).toBe(true)
        expect(neighbourPeriod(period, 1).fromDay).toBe(period.untilDay)
        expect(neighbourPeriod(period, -1).untilDay).toBe(period.fromDay)
      }),
    )
  })
})

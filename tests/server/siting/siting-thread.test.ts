import { describe, expect, test } from 'vitest'
import { coverSetsWithin } from '../../../server/engine/siting/cover-sets.ts'
import { SitingRefused } from '../../../server/engine/siting/issues.ts'
import type { SitingProblem, SitingProgress } from '../../../server/engine/siting/problem.ts'
import { randomFrom } from '../../../server/engine/siting/random.ts'
import { runSiting } from '../../../server/siting/siting-thread.ts'

/** A town that takes the solver minutes: many demands that overlap much. */
function aHardTown(): SitingProblem {
  const random = randomFrom(11)
  const points = (count: number) => Float64Array.from({ length: count * 2 }, () => random() * 8000)
  const demands = points(8000)
  return { costs: coverSetsWithin(demands, points(300), 1000), weights: Float64Array.from({ length: 8000 }, () => 1 + random()), existing: new Uint8Array(300), siteCosts: null, capacities: null }
}

const question = { method: 'mclp', p: 25, budget: null, radius: null } as const

describe('the siting thread', () => {
  test('answers, with reasons and a curve, while this thread goes on', async () => {
    const few = { ...aHardTown(), existing: new Uint8Array(300) }
    let ticks = 0
    const ticking = setInterval(() => (ticks += 1), 5)
    const told: SitingProgress[] = []
    const { answer, reasons, curve } = await runSiting({ problem: few, question, timeLimitMs: 60_000, isExact: false, curveTo: 3, onProgress: (progress) => told.push(progress) })
    clearInterval(ticking)
    expect(answer).toMatchObject({ stoppedBy: 'fast', isProven: false })
    expect(answer.sites).toHaveLength(25)
    expect(reasons!.map(({ site }) => site)).toEqual(answer.sites)
    expect(curve!.map(({ p }) => p)).toEqual([1, 2, 3])
    expect(told.length).toBeGreaterThan(2)
    expect(ticks).toBeGreaterThan(10)
  })

  test('a cancelled search answers the best so far', async () => {
    const cancel = new AbortController()
    const outcome = runSiting({ problem: aHardTown(), question, timeLimitMs: null, isExact: true, signal: cancel.signal, onProgress: ({ stage, sites }) => { if (stage !== 'greedy' && sites.length > 0) cancel.abort(new Error('enough')) } })
    const { answer } = await outcome
    expect(answer.stoppedBy).toBe('cancelled')
    expect(answer.sites.length).toBeGreaterThan(0)
    expect(answer.bound).toBeGreaterThanOrEqual(answer.objective)
    expect(answer.gap).toBeLessThan(1)
  })

  test('a search that is out of time answers the best so far, with its bound', async () => {
    const began = performance.now()
    const { answer } = await runSiting({ problem: aHardTown(), question, timeLimitMs: 1500, isExact: true })
    expect(answer.stoppedBy).toBe('time')
    expect(answer.gap).toBeGreaterThan(0)
    expect(answer.gap).toBeLessThan(0.05)
    expect(performance.now() - began).toBeLessThan(12_000)
  })

  test('a refusal comes through as what it is, and one that was cancelled before it began fails with the reason', async () => {
    const nobody = { ...aHardTown(), weights: new Float64Array(8000) }
    await expect(runSiting({ problem: nobody, question, timeLimitMs: null, isExact: false })).rejects.toMatchObject({ name: 'SitingRefused', issues: [{ code: 'total_weight_zero' }] })
    await expect(runSiting({ problem: nobody, question, timeLimitMs: null, isExact: false })).rejects.toBeInstanceOf(SitingRefused)
    await expect(runSiting({ problem: nobody, question, timeLimitMs: null, isExact: false, signal: AbortSignal.abort(new Error('never mind')) })).rejects.toThrow('never mind')
  })
})

import { describe, expect, test } from 'vitest'
import { checkKernel, decayAt, type DecayKernel, reachOf } from '../../../../server/engine/supply/decay.ts'

const ZONES: DecayKernel = { kind: 'stepped', zones: [{ upTo: 5, weight: 1 }, { upTo: 10, weight: 0.68 }, { upTo: 15, weight: 0.22 }] }

describe('how much a supply counts at a cost', () => {
  test('a step counts in full up to its reach, and not at all beyond', () => {
    const step: DecayKernel = { kind: 'step', within: 500 }
    expect([0, 499.9, 500, 500.001].map((cost) => decayAt(step, cost))).toEqual([1, 1, 1, 0])
    expect(reachOf(step)).toBe(500)
  })

  test('zones count by the first that reaches as far', () => {
    expect([0, 5, 5.01, 10, 12, 15, 15.01].map((cost) => decayAt(ZONES, cost))).toEqual([1, 1, 0.68, 0.68, 0.22, 0.22, 0])
    expect(reachOf(ZONES)).toBe(15)
  })

  test('Gaussian: all at no cost, nothing at the reach, and between them (exp(−t²/2) − exp(−1/2)) / (1 − exp(−1/2))', () => {
    const gaussian: DecayKernel = { kind: 'gaussian', within: 500 }
    expect(decayAt(gaussian, 0)).toBe(1)
    expect(decayAt(gaussian, 500)).toBe(0)
    expect(decayAt(gaussian, 501)).toBe(0)
    // exp(−1/2) = 0.6065306597; t = 1/2: exp(−1/8) = 0.8824969026, (0.8824969026 − 0.6065306597) / 0.3934693403 = 0.7013665732
    expect(decayAt(gaussian, 250)).toBeCloseTo(0.7013665732, 9)
    // t = 0.2: exp(−0.02) = 0.9801986733, 0.3736680136 / 0.3934693403 = 0.9496750454
    expect(decayAt(gaussian, 100)).toBeCloseTo(0.9496750454, 9)
    // The unit does not matter: 5 of 10 minutes weigh as 250 of 500 metres.
    expect(decayAt({ kind: 'gaussian', within: 10 }, 5)).toBe(decayAt(gaussian, 250))
  })

  test.each<[string, DecayKernel, RegExp]>([
    ['no reach', { kind: 'step', within: 0 }, /within 0/],
    ['a reach that is no number', { kind: 'gaussian', within: Number.NaN }, /within NaN/],
    ['no zones', { kind: 'stepped', zones: [] }, /without zones/],
    ['zones out of order', { kind: 'stepped', zones: [{ upTo: 10, weight: 1 }, { upTo: 10, weight: 0.5 }] }, /up to 10 after 10/],
    ['a weight above one', { kind: 'stepped', zones: [{ upTo: 10, weight: 1.2 }] }, /weight 1.2/],
    ['weights that rise with the cost', { kind: 'stepped', zones: [{ upTo: 5, weight: 0.2 }, { upTo: 10, weight: 0.4 }] }, /do not rise/],
  ])('%s is refused', (_what, kernel, why) => {
    expect(() => checkKernel(kernel)).toThrow(why)
  })
})

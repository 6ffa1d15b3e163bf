/** What a play is made of: random picks, which get their meaning from how the cases stand when their turn comes. */
import fc from 'fast-check'
import type { Settings } from './city.ts'

export type Kind = 'step' | 'wild' | 'stale' | 'incomplete' | 'race' | 'retry' | 'twin' | 'bulk' | 'undo' | 'reopen' | 'watch' | 'report'

export interface Command {
  kind: Kind
  /** Seconds that pass before. */
  wait: number
  which: number
  action: number
  person: number
  other: number
  detail: number
}

/** Requests that a play can be led to; chance alone seldom gets as far as an answer. */
export type Goal = 'untrue' | 'special_close' | 'suspension' | 'extension' | 'appeal'

export interface Script {
  settings: Settings
  /** Seconds after the first morning. */
  begin: number
  /** How many steps each case has taken, whatever leads on, when the play begins. */
  depths: number[]
  /** Seconds between those steps. */
  pace: number
  /** What the first case is led to, beyond its depth. */
  goal: Goal | null
  commands: Command[]
}

const HOUR = 3600
const pick = fc.nat(9_999)
const weighted = <T>(...weights: readonly (readonly [number, T])[]) => fc.oneof(...weights.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })))

const command: fc.Arbitrary<Command> = fc.record({
  kind: weighted<Kind>([50, 'step'], [14, 'wild'], [4, 'stale'], [6, 'incomplete'], [8, 'race'], [2, 'retry'], [2, 'twin'], [5, 'bulk'], [5, 'undo'], [2, 'reopen'], [3, 'watch'], [1, 'report']),
  wait: weighted([10, 0], [20, 7], [25, 300], [20, HOUR], [15, 5 * HOUR], [8, 24 * HOUR], [4, 72 * HOUR]),
  which: pick, action: pick, person: pick, other: pick, detail: pick,
})

const settings = fc.record({
  filingRole: fc.constantFrom('operator' as const, 'shift_leader' as const), requiresPhotos: weighted([4, false], [1, true]), allowsPhotoCheck: fc.boolean(), reworkTimer: fc.constantFrom('new' as const, 'remaining' as const),
  dayEnds: fc.constantFrom('same_time' as const, 'end_of_day' as const),
})

interface Size {
  cases: [least: number, most: number]
  depth: number
  commands: [least: number, most: number]
}

const scriptOf = ({ cases: [fewest, most], depth, commands }: Size): fc.Arbitrary<Script> =>
  fc.record({
    settings,
    begin: fc.nat(45 * 24 * HOUR),
    depths: fc.array(fc.nat(depth), { minLength: fewest, maxLength: most, size: 'max' }),
    pace: weighted([3, 60], [1, 20 * HOUR]),
    goal: weighted<Goal | null>([10, null], [1, 'untrue'], [1, 'special_close'], [2, 'suspension'], [2, 'extension'], [2, 'appeal']),
    commands: fc.array(command, { minLength: commands[0], maxLength: commands[1], size: 'max' }),
  })

/** Many short plays of one case, since most faults show within a few steps of some state, and some long ones of several cases that get in each other's way. */
export const script: fc.Arbitrary<Script> = fc.noBias(
  fc.oneof(
    { weight: 14, arbitrary: scriptOf({ cases: [1, 1], depth: 9, commands: [2, 6] }) },
    { weight: 5, arbitrary: scriptOf({ cases: [1, 2], depth: 12, commands: [5, 12] }) },
    { weight: 1, arbitrary: scriptOf({ cases: [2, 4], depth: 13, commands: [14, 40] }) },
  ),
)

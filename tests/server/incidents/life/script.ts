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

export interface Script {
  settings: Settings
  /** Seconds after the first morning. */
  begin: number
  /** How many steps each case has taken, whatever leads on, when the play begins. */
  depths: number[]
  /** Seconds between those steps. */
  pace: number
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

/** @param most commands of one play. */
export const script = (most: number): fc.Arbitrary<Script> =>
  fc.noBias(
    fc.record({
      settings: fc.record({
        filingRole: fc.constantFrom('operator' as const, 'shift_leader' as const), requiresPhotos: weighted([4, false], [1, true]), allowsPhotoCheck: fc.boolean(), reworkTimer: fc.constantFrom('new' as const, 'remaining' as const),
        dayEnds: fc.constantFrom('same_time' as const, 'end_of_day' as const),
      }),
      begin: fc.nat(45 * 24 * HOUR),
      depths: fc.array(fc.nat(13), { minLength: 2, maxLength: 3, size: 'max' }),
      pace: weighted([3, 60], [1, 20 * HOUR]),
      commands: fc.array(command, { minLength: Math.ceil(most / 2), maxLength: most, size: 'max' }),
    }),
  )

/** What was played, for the account of a run. */
export interface Tally {
  sequences: number
  commands: number
  steps: number
  races: number
  retries: number
  bulks: number
  flowRows: number
  byAction: Record<string, number>
  byTransition: Record<string, number>
  refusals: Record<string, number>
  endings: Record<string, number>
  /** Actions of each sequence, the refused among them. */
  lengths: number[]
  step(action: string, number: number): void
  refusal(code: string): void
  command(): void
  race(): void
  retry(): void
  bulk(): void
  sequence(flowRows: number, states: readonly string[]): void
  /** Adds what another tells of. */
  add(other: Tally): void
}

const add = (counts: Record<string, number>, key: string, more = 1) => (counts[key] = (counts[key] ?? 0) + more)
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0)

export function newTally(): Tally {
  return {
    sequences: 0, commands: 0, steps: 0, races: 0, retries: 0, bulks: 0, flowRows: 0, byAction: {}, byTransition: {}, refusals: {}, endings: {}, lengths: [],
    step(action, number) {
      this.steps++
      add(this.byAction, action)
      if (number > 0) add(this.byTransition, String(number))
    },
    refusal(code) {
      add(this.refusals, code)
    },
    command() {
      this.commands++
    },
    race() {
      this.races++
    },
    retry() {
      this.retries++
    },
    bulk() {
      this.bulks++
    },
    sequence(flowRows, states) {
      this.sequences++
      this.flowRows += flowRows
      this.lengths.push(this.steps + sum(this.refusals))
      for (const state of states) add(this.endings, state)
    },
    add(other) {
      for (const name of ['sequences', 'commands', 'steps', 'races', 'retries', 'bulks', 'flowRows'] as const) this[name] += other[name]
      for (const name of ['byAction', 'byTransition', 'refusals', 'endings'] as const) for (const [key, count] of Object.entries(other[name])) add(this[name], key, count)
      this.lengths.push(...other.lengths)
    },
  }
}

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
  step(action: string, number: number): void
  refusal(code: string): void
  command(): void
  race(): void
  retry(): void
  bulk(): void
  sequence(flowRows: number, states: readonly string[]): void
}

const add = (counts: Record<string, number>, key: string) => (counts[key] = (counts[key] ?? 0) + 1)

export function newTally(): Tally {
  return {
    sequences: 0, commands: 0, steps: 0, races: 0, retries: 0, bulks: 0, flowRows: 0, byAction: {}, byTransition: {}, refusals: {}, endings: {},
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
      for (const state of states) add(this.endings, state)
    },
  }
}

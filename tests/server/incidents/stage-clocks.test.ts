import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClockMarks, lightOf, RUNNING_STAGE } from '../../../server/contract/clocks.ts'
import { isEnded } from '../../../server/contract/incident-workflow.ts'
import { type IncidentState, TRANSITIONS } from '../../../server/contract/incidents.ts'
import { addLimit, defaultCalendar, type Limit } from '../../../server/incidents/clocks.ts'
import { type ClockMove, type ClockRules, decideClocks, elapsedShareOf, lastRound, replayClocks, type StageClock } from '../../../server/incidents/stage-clocks-decide.ts'

const RULES: ClockRules = {
  calendar: defaultCalendar('Asia/Shanghai'),
  limits: { accept: { amount: 0.25, unit: 'work_hour' }, file: { amount: 0.5, unit: 'work_hour' }, dispatch: { amount: 0.5, unit: 'work_hour' }, return_window: { amount: 2, unit: 'work_hour' }, check: { amount: 4, unit: 'work_hour' }, close: { amount: 1, unit: 'work_hour' } },
  blueShare: 0.5, amberShare: 0.8, darkRedShare: 2, reworkTimer: 'new',
}
const FOUR_HOURS: Limit = { amount: 4, unit: 'work_hour' }
/** Monday 2026-11-23 at this time in Shanghai, or another day of that month. */
const at = (time: string, day = 23) => new Date(`2026-11-${day}T${time}:00+08:00`)

type Step = [IncidentState, Date, Partial<ClockMove>?]

function walk(steps: Step[], rules = RULES, limit: Limit | null = FOUR_HOURS): StageClock[] {
  let clocks: StageClock[] = []
  let from: IncidentState | null = null
  for (const [to, when, more] of steps) {
    clocks = decideClocks(clocks, { from, to, disposeLimit: limit, ...more }, when, rules)
    from = to
  }
  return clocks
}

const marksOf = (clock: StageClock): ClockMarks => {
  const iso = (date: Date | null) => date?.toISOString() ?? null
  return { blueAt: iso(clock.blueAt), amberAt: iso(clock.amberAt), dueAt: iso(clock.dueAt), darkRedAt: iso(clock.darkRedAt), pausedAt: iso(clock.pausedAt), stoppedAt: iso(clock.stoppedAt) }
}
const light = (clock: StageClock | undefined, when: Date, isSupervised = false) => clock && lightOf(marksOf(clock), when.getTime(), isSupervised)

const TO_DISPATCHED: Step[] = [['pending_accept', at('08:00')], ['pending_filing', at('08:10')], ['pending_dispatch', at('08:30')], ['pending_dispose', at('09:00')]]

describe('the clocks of the stages', () => {
  test('each stage runs from its entry to its exit, the whole case from its filing on', () => {
    const clocks = walk(TO_DISPATCHED)
    expect(clocks.map(({ stage, round, startedAt, stoppedAt }) => ({ stage, round, startedAt, stoppedAt }))).toEqual([
      { stage: 'accept', round: 1, startedAt: at('08:00'), stoppedAt: at('08:10') },
      { stage: 'file', round: 1, startedAt: at('08:10'), stoppedAt: at('08:30') },
      { stage: 'dispatch', round: 1, startedAt: at('08:30'), stoppedAt: at('09:00') },
      { stage: 'total', round: 1, startedAt: at('08:30'), stoppedAt: null },
      { stage: 'dispose', round: 1, startedAt: at('09:00'), stoppedAt: null },
      { stage: 'return_window', round: 1, startedAt: at('09:00'), stoppedAt: null },
    ])
    expect(lastRound(clocks, 'accept')?.dueAt).toEqual(at('08:15'))
    expect(lastRound(clocks, 'dispose')).toMatchObject({ dueAt: at('15:00'), originalDueAt: at('15:00'), blueAt: at('11:00'), amberAt: at('14:12'), darkRedAt: at('09:00', 24) })
  })

  test('handling stops with the department’s confirmation, not with the handed-in result nor when that is sent back', () => {
    const handedIn = walk([...TO_DISPATCHED, ['disposing', at('09:10')], ['disposed', at('10:00')], ['disposing', at('10:10')], ['disposed', at('10:30')]])
    expect(lastRound(handedIn, 'dispose')).toMatchObject({ round: 1, stoppedAt: null })
    expect(lastRound(handedIn, 'return_window')?.stoppedAt).toEqual(at('09:10'))
    const confirmed = walk([...TO_DISPATCHED, ['disposing', at('09:10')], ['disposed', at('10:00')], ['pending_check', at('11:00')], ['checking', at('11:05')]])
    expect(lastRound(confirmed, 'dispose')?.stoppedAt).toEqual(at('11:00'))
    expect(lastRound(confirmed, 'check')).toMatchObject({ round: 1, startedAt: at('11:00'), stoppedAt: null })
  })

  test('a suspended case rests: its end and its lights move by the working length of the rest', () => {
    const steps: Step[] = [...TO_DISPATCHED, ['disposing', at('09:10')], ['suspended', at('10:00')]]
    const resting = lastRound(walk(steps), 'dispose')
    expect(resting?.pausedAt).toEqual(at('10:00'))
    expect(light(resting, at('10:00', 30))).toBe('green')
    const resumed = walk([...steps, ['disposing', at('15:00')]])
    // Two hours before noon and one after two: three working hours.
    expect(lastRound(resumed, 'dispose')).toMatchObject({ pausedAt: null, pausedMilliseconds: 3 * 3_600_000, dueAt: at('18:00'), originalDueAt: at('15:00'), blueAt: at('16:00'), amberAt: at('17:12') })
    expect(lastRound(resumed, 'total')?.pausedMilliseconds).toBe(5 * 3_600_000)
  })

  test('suspending a case that is already late does not make it less late', () => {
    const resumed = lastRound(walk([...TO_DISPATCHED, ['disposing', at('09:10')], ['suspended', at('16:00')], ['disposing', at('10:00', 24)]]), 'dispose')
    expect(resumed).toMatchObject({ dueAt: at('15:00'), pausedMilliseconds: 0 })
    expect(resumed && elapsedShareOf(resumed, at('11:00', 24), RULES.calendar)).toBe(2.5)
  })

  test('an extension gives a new end, keeps the first one and turns the light back', () => {
    const clocks = walk([...TO_DISPATCHED, ['disposing', at('09:10')], ['disposing', at('14:30'), { newDueAt: at('18:00', 24) }]])
    const handling = lastRound(clocks, 'dispose')
    expect(handling).toMatchObject({ dueAt: at('18:00', 24), originalDueAt: at('15:00') })
    // 3.5 of 15 working hours are gone.
    expect(light(handling, at('14:30'))).toBe('green')
    expect(handling && elapsedShareOf(handling, at('14:30'), RULES.calendar)).toBeCloseTo(3.5 / 15)
    expect(handling?.blueAt).toEqual(at('08:30', 24))
  })

  test('a rework begins a new round with a new limit, or with what was left where the city says so', () => {
    const steps: Step[] = [...TO_DISPATCHED, ['disposing', at('09:10')], ['disposed', at('10:00')], ['pending_check', at('11:00')], ['checking', at('11:05')], ['pending_dispose', at('14:00')]]
    expect(lastRound(walk(steps), 'dispose')).toMatchObject({ round: 2, dueAt: at('18:00'), stoppedAt: null })
    // Two of four hours were used until the confirmation.
    expect(lastRound(walk(steps, { ...RULES, reworkTimer: 'remaining' }), 'dispose')).toMatchObject({ round: 2, dueAt: at('16:00') })
    expect(lastRound(walk(steps), 'return_window')?.round).toBe(1)
    expect(lastRound(walk(steps), 'check')?.stoppedAt).toEqual(at('14:00'))
  })

  test('what was used up leaves nothing for a rework that goes on with the rest', () => {
    const late = walk([...TO_DISPATCHED, ['disposing', at('09:10')], ['disposed', at('16:00')], ['pending_check', at('16:10')], ['pending_dispose', at('17:00')]], { ...RULES, reworkTimer: 'remaining' })
    expect(lastRound(late, 'dispose')).toMatchObject({ round: 2, startedAt: at('17:00'), dueAt: at('17:00') })
    expect(light(lastRound(late, 'dispose'), at('17:01'))).not.toBe('green')
  })

  test('a returned case is dispatched again with the whole limit and a new return window', () => {
    const clocks = walk([...TO_DISPATCHED, ['pending_dispatch', at('10:00')], ['pending_dispose', at('10:30')]])
    expect(clocks.filter(({ stage }) => stage === 'dispose')).toMatchObject([{ round: 1, stoppedAt: at('10:00') }, { round: 2, startedAt: at('10:30'), dueAt: at('16:30'), stoppedAt: null }])
    expect(clocks.filter(({ stage }) => stage === 'dispatch')).toHaveLength(2)
    expect(lastRound(clocks, 'return_window')).toMatchObject({ round: 2, dueAt: at('14:30') })
    expect(clocks.filter(({ stage }) => stage === 'total')).toHaveLength(1)
  })

  test('a case whose assignment is refused keeps its limit and gets no second return window', () => {
    const clocks = walk([...TO_DISPATCHED, ['disposing', at('09:10')], ['pending_dispose', at('09:30')]])
    expect(lastRound(clocks, 'dispose')).toMatchObject({ round: 1, dueAt: at('15:00'), stoppedAt: null })
    expect(lastRound(clocks, 'return_window')).toMatchObject({ round: 1, stoppedAt: at('09:10') })
  })

  test('a merged case has no running clock any more', () => {
    expect(walk([['pending_accept', at('08:00')], ['void', at('08:05')]]).filter(({ stoppedAt }) => stoppedAt === null)).toEqual([])
  })

  test('a granted appeal marks the overtime as exempt and leaves the fact', () => {
    const closed: Step[] = [...TO_DISPATCHED, ['disposing', at('09:10')], ['disposed', at('16:00')], ['pending_check', at('16:10')], ['pending_close', at('16:20')], ['closed', at('16:30')]]
    const handling = lastRound(walk([...closed, ['closed', at('17:00', 25), { isExempted: true }]]), 'dispose')
    expect(handling).toMatchObject({ isExempt: true, dueAt: at('15:00'), stoppedAt: at('16:10') })
    expect(light(handling, at('17:00', 27))).toBe('red')
    expect(lastRound(walk([...closed, ['closed', at('17:00', 25), { isExempted: true }]]), 'check')?.isExempt).toBe(false)
  })

  test('a case without a limit has a clock without an end and without a light', () => {
    const handling = lastRound(walk(TO_DISPATCHED, RULES, null), 'dispose')
    expect(handling).toMatchObject({ dueAt: null, limit: null })
    expect(light(handling, at('18:00'))).toBeNull()
    expect(handling && elapsedShareOf(handling, at('18:00'), RULES.calendar)).toBeNull()
  })

  test('from its flow alone a case gets the same clocks, with the deadline that was told then', () => {
    const steps: Step[] = [...TO_DISPATCHED, ['disposing', at('09:10')], ['suspended', at('10:00')], ['disposing', at('15:00')]]
    const flow = steps.map(([to, when], index) => ({ from: steps[index - 1]?.[0] ?? null, to, at: when }))
    expect(replayClocks(flow, FOUR_HOURS, at('18:00'), RULES)).toEqual(walk(steps))
    expect(lastRound(replayClocks(flow, FOUR_HOURS, at('12:00', 24), RULES), 'dispose')).toMatchObject({ dueAt: at('12:00', 24), originalDueAt: at('12:00', 24) })
  })
})

describe('the five lights', () => {
  const handling = lastRound(walk(TO_DISPATCHED), 'dispose')
  test.each([
    ['green', '10:59'], ['blue', '11:00'], ['blue', '14:11'], ['amber', '14:12'], ['amber', '15:00'], ['red', '15:01'],
  ])('%s at %s', (expected, time) => expect(light(handling, at(time))).toBe(expected))
  test('dark red beyond twice the limit, or as soon as a leader supervises the case', () => {
    expect(light(handling, at('09:00', 24))).toBe('red')
    expect(light(handling, at('09:01', 24))).toBe('dark_red')
    expect(light(handling, at('09:30'), true)).toBe('dark_red')
  })
})

/** Walks of a case that the transition table allows, with the minutes between the steps. */
const walks = fc.infiniteStream(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 3 * 1440 }))).chain((stream) =>
  fc.integer({ min: 1, max: 25 }).map((length) => {
    let when = at('08:00').getTime()
    let state: IncidentState = 'pending_accept'
    const steps: Step[] = [[state, new Date(when)]]
    for (const [choice, minutes] of stream.take(length)) {
      const open = TRANSITIONS.flatMap(({ from, to }) => ((from as readonly IncidentState[]).includes(state) && to !== null ? [to] : []))
      const next: IncidentState | undefined = open[choice % Math.max(1, open.length)]
      if (next === undefined) break
      when += minutes * 60_000
      state = next
      steps.push([state, new Date(when)])
    }
    return steps
  }),
)
const limits = fc.record({ amount: fc.integer({ min: 1, max: 8 }), unit: fc.constantFrom('work_hour', 'work_day', 'urgent_hour', 'natural_day') })
const policies = fc.constantFrom('new', 'remaining')

describe('whatever way a case takes', () => {
  test('the clock of its state runs, no other stage’s does, rounds have no holes, and marks stand in order', () => {
    fc.assert(
      fc.property(walks, limits, policies, (steps, limit, reworkTimer) => {
        for (let length = 1; length <= steps.length; length++) {
          const clocks = walk(steps.slice(0, length), { ...RULES, reworkTimer }, limit)
          const state = steps[length - 1]?.[0] ?? 'draft'
          const running = clocks.filter(({ stoppedAt, stage }) => stoppedAt === null && stage !== 'total' && stage !== 'return_window')
          expect(running.map(({ stage }) => stage)).toEqual(RUNNING_STAGE[state] === undefined ? [] : [RUNNING_STAGE[state]])
          expect(clocks.filter(({ stage, stoppedAt }) => stage === 'total' && stoppedAt === null).length).toBe(!isEnded(state) && clocks.some(({ stage }) => stage === 'total') ? 1 : 0)
          for (const clock of clocks) {
            expect(clocks.filter(({ stage, round }) => stage === clock.stage && round <= clock.round)).toHaveLength(clock.round)
            if (clock.stoppedAt) expect(clock.stoppedAt.getTime()).toBeGreaterThanOrEqual(clock.startedAt.getTime())
            if (!clock.dueAt || !clock.blueAt || !clock.amberAt || !clock.darkRedAt) continue
            const marks = [clock.startedAt, clock.blueAt, clock.amberAt, clock.dueAt, clock.darkRedAt].map((date) => date.getTime())
            expect(marks).toEqual(marks.toSorted((a, b) => a - b))
          }
        }
      }),
    )
  })

  test('a rest moves the end of handling by what the rest took, and nothing else moves it', () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 20_000 }), (limit, before, rest) => {
        const paused = new Date(at('09:00').getTime() + before * 60_000)
        const resumed = new Date(paused.getTime() + rest * 60_000)
        const due = addLimit(at('09:00'), limit, RULES.calendar)
        const handling = lastRound(walk([...TO_DISPATCHED, ['disposing', at('09:00')], ['suspended', paused], ['disposing', resumed]], RULES, limit), 'dispose')
        if (!handling?.dueAt) throw new TypeError('no limit')
        // One that comes to its very end at the suspension rests, too.
        if (due < paused) expect(handling.dueAt).toEqual(due)
        else expect(elapsedShareOf(handling, handling.dueAt, RULES.calendar)).toBeCloseTo(1, 9)
        expect(handling.originalDueAt).toEqual(due)
        expect(light(handling, handling.dueAt)).toBe('amber')
        expect(light(handling, new Date(handling.dueAt.getTime() + 1))).toBe('red')
      }),
    )
  })
})

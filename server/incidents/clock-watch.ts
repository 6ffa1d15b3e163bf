/** What the clock does by itself: cases from before clocks were kept get theirs, and limits that pass or are about to raise supervision. */
import { SYSTEM } from '../access/principal.ts'
import { type CityRow, listCities } from '../cities/cities.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { type Periodic, startPeriodic } from '../jobs/periodic.ts'
import { ringLive } from '../live/doorbell.ts'
import { type ClockRule, type DueClock, findWatchRules, hasRuleSpoken, listDueClocks, updateClockRaised } from './clock-watch-queries.ts'
import { listUnclocked, type SweepPlace, upsertStageClocks } from './stage-clock-queries.ts'
import { clocksOfFlow, getClockRules } from './stage-clocks.ts'
import { takeStep } from './transitions.ts'

const EVERY_MILLISECONDS = 30_000
const BATCH = 50
/** Batches a pass at most, so that a great backlog does not keep everybody else from the database. */
const BATCHES = 10
/** Small, since the embedded database has one connection for everybody. */
const BACKFILL_BATCH = 50

const RULES: Record<ClockRule, { ruleKey: string; action: 'supervise' | 'urge'; kind: 'timeout' | 'about_to_time_out'; text: (due: string) => string }> = {
  overdue: { ruleKey: 'dispose/timeout', action: 'supervise', kind: 'timeout', text: (due) => `处置时限 ${due} 已过 · The limit of handling, ${due}, has passed` },
  about_to_be_overdue: { ruleKey: 'dispose/about_to_time_out', action: 'urge', kind: 'about_to_time_out', text: (due) => `处置时限 ${due} 将至 · The limit of handling, ${due}, is near` },
}

/** An instant as a clock on the wall of the city shows it, e.g. `2026-11-27 08:37`. */
function wallTime(instant: string, timeZone: string): string {
  return new Date(instant).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
}

/**
 * Raises one supervision; of two servers that see the same clock one does.
 * @returns whether it was raised now.
 */
async function raise(db: Db, city: CityRow, clock: DueClock, rule: ClockRule, at: Date): Promise<boolean> {
  const { ruleKey, action, kind, text } = RULES[rule]
  return db.transaction(async (tx) => {
    if (await hasRuleSpoken(tx, clock.incidentId, ruleKey)) {
      await updateClockRaised(tx, clock, rule, at)
      return false
    }
    await takeStep(tx, city, SYSTEM, clock.id, { action, version: clock.version, supervisionKind: kind, opinion: text(wallTime(clock.dueAt, city.timeZone)), ruleKey }, at)
    await updateClockRaised(tx, clock, rule, at)
    return true
  })
}

/**
 * Raises supervision for the limits of a city that have passed (督办) or are about to (催办): once per case and rule, as the system,
 * also for those that passed while no server ran.
 * @param failed hears of a case whose supervision was refused; it is not tried again.
 * @returns how many were raised.
 */
export async function superviseByClock(db: Db, city: CityRow, at: Date, failed: (clock: DueClock, error: AppError) => void, signal?: AbortSignal): Promise<number> {
  const isOn = await findWatchRules(db, city.cityId)
  let raised = 0
  for (const rule of ['overdue', 'about_to_be_overdue'] as const) {
    for (let batch = 0; isOn[rule] && batch < BATCHES; batch++) {
      const clocks = await listDueClocks(db, city.cityId, rule, at, BATCH)
      for (const clock of clocks) {
        if (signal?.aborted) return raised
        try {
          if (await raise(db, city, clock, rule, at)) raised++
        } catch (error) {
          // Somebody took a step at this moment: the next pass sees how the case stands then.
          if (!(error instanceof AppError) || error.code === 'internal' || error.code === 'unavailable') throw error
          if (error.code === 'stale' || error.code === 'conflict') continue
          failed(clock, error)
          await updateClockRaised(db, clock, rule, at)
        }
      }
      if (clocks.length < BATCH) break
    }
  }
  return raised
}

const FIRST_PLACE: SweepPlace = { isOpen: true, belowId: Number.MAX_SAFE_INTEGER }

/**
 * Gives a batch of cases from before clocks were kept the clocks of their flow: open ones first, newest first.
 * @param place where the last batch ended.
 * @returns where this one ended; null when there are no more.
 */
export function backfillClocks(db: Db, city: CityRow, at: Date, place = FIRST_PLACE): Promise<SweepPlace | null> {
  return db.transaction(async (tx) => {
    const rules = await getClockRules(tx, city, at)
    const cases = await listUnclocked(tx, city.cityId, place, BACKFILL_BATCH)
    await upsertStageClocks(tx, cases.flatMap((one) => clocksOfFlow(one, rules).map((clock) => ({ ...clock, incidentId: one.incidentId }))))
    const last = cases.at(-1)
    if (last && cases.length === BACKFILL_BATCH) return { ...place, belowId: last.incidentId }
    return place.isOpen ? { ...FIRST_PLACE, isOpen: false } : null
  })
}

/** Keeps watch over the clocks of all cities until it is closed. */
export function startClockWatch({ db, clock, log }: Pick<AppContext, 'db' | 'clock' | 'log'>): Periodic {
  /** Where the backfill of each city stands; null when it is through. */
  const sweeps = new Map<number, SweepPlace | null>()
  const failed = (due: DueClock, error: AppError) => log.warn({ err: error, incident: due.id }, 'the clock could not raise a supervision')

  return startPeriodic(
    'clock watch',
    EVERY_MILLISECONDS,
    async (signal) => {
      for (const city of await listCities(db)) {
        if (city.status !== 'ready') continue
        for (let batch = 0; batch < BATCHES && !signal.aborted; batch++) {
          const place = sweeps.get(city.cityId)
          if (place === null) break
          sweeps.set(city.cityId, await backfillClocks(db, city, clock(), place))
        }
        if (signal.aborted) return
        const raised = await superviseByClock(db, city, clock(), failed, signal)
        if (raised > 0) ringLive(db, (error) => log.warn({ err: error }, 'the doorbell of the live feed did not ring'))
      }
    },
    log,
  )
}

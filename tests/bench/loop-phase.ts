/** A stretch of work at one pace, and what was seen meanwhile: latencies, processor time, and what the database waited for. */
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '../../server/db/db.ts'
import { sql } from '../../server/db/sql.ts'
import { type Person, Tally, type Town, work } from './loop-person.ts'

export interface Percentiles {
  p50: number
  p95: number
  p99: number
}

export interface Phase {
  name: string
  seconds: number
  steps: number
  stepsPerSecond: number
  step: Percentiles
  queue: Percentiles
  case: Percentiles
  /** `select 1` through a pool of the measuring process, at the same time: what the machine itself takes. */
  control: Percentiles
  conflicts: number
  errors: number
  idle: number
  /** Processor time per step, reads beside it included, of the server and of the database; null where the machine does not tell. */
  serverCpuMs: number | null
  databaseCpuMs: number | null
  load: number
  /** What backends were seen waiting for, most often first, as shares of the looks at working backends. */
  waits: string
}

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** Milliseconds of processor time that a process of this machine has used in all its threads; undefined where that cannot be read. */
function cpuOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return undefined
  }
}

/** Looks at the database again and again: how long a bare statement takes, which backends there are, what they wait for. */
function watch(db: Db): { stop(): Promise<{ control: number[]; waits: string; databaseCpuMs: number | null }> } {
  const control: number[] = []
  const waits = new Map<string, number>()
  const cpu = new Map<number, { first: number; last: number }>()
  let looks = 0
  let isStopped = false
  const watching = (async () => {
    while (!isStopped) {
      const began = performance.now()
      await db.query(sql`select 1`)
      control.push(performance.now() - began)
      const rows = await db.query<{ pid: number; wait: string | null }>(sql`
        select pid, case when state = 'active' then coalesce(wait_event_type || ' ' || wait_event, 'working') when state like 'idle in transaction%' then 'idle in transaction' end as wait
        from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`)
      for (const { pid, wait } of rows) {
        const used = cpuOf(pid)
        if (used !== undefined) cpu.set(pid, { first: cpu.get(pid)?.first ?? used, last: used })
        if (wait === null) continue
        looks++
        waits.set(wait, (waits.get(wait) ?? 0) + 1)
      }
      await pause(100)
    }
  })()
  return {
    async stop() {
      isStopped = true
      await watching
      const told = [...waits].sort((a, b) => b[1] - a[1]).slice(0, 6).map(([name, count]) => `${name} ${((100 * count) / looks).toFixed(0)} %`)
      return { control, waits: told.join(', '), databaseCpuMs: cpu.size === 0 ? null : [...cpu.values()].reduce((sum, { first, last }) => sum + last - first, 0) }
    },
  }
}

/** Opens a live feed for everybody, as an open console does, and lets its bytes go. */
export async function openFeeds(town: Town, people: readonly Person[]): Promise<{ count: number; close(): void }> {
  const controller = new AbortController()
  for (const person of people) {
    const response = await fetch(`${town.base}/api/v1/live?city=${town.cityKey}`, { headers: { cookie: person.cookie, 'sec-fetch-site': 'same-origin' }, signal: controller.signal })
    if (!response.ok) throw new Error(`no live feed for ${person.login}: ${response.status}`)
    void (async () => {
      for await (const _bytes of response.body ?? []) if (controller.signal.aborted) break
    })().catch((error: Error) => {
      if (!controller.signal.aborted) console.error(`the live feed of ${person.login} broke: ${error.message}`)
    })
  }
  return { count: people.length, close: () => controller.abort() }
}

export interface Pace {
  name: string
  thinkSeconds: number
  seconds: number
  /** Ends the phase early. */
  until?: (() => Promise<boolean>) | undefined
}

/** Lets everybody work at a pace; what happened is also added to `total`. */
export async function runPhase({ db, town, people, serverPid }: { db: Db; town: Town; people: readonly Person[]; serverPid: number }, pace: Pace, total: Tally): Promise<Phase> {
  const tally = new Tally()
  const watching = watch(db)
  const cpuBefore = cpuOf(serverPid)
  const began = performance.now()
  let isOver = false
  const isDone = () => isOver || performance.now() - began > pace.seconds * 1000
  const asking = (async () => {
    while (pace.until && !isDone()) {
      isOver = await pace.until()
      await pause(1000)
    }
  })()
  await Promise.all(
    people.map(async (person) => {
      await pause(town.random() * pace.thinkSeconds * 1000)
      while (!isDone()) await work(town, person, pace.thinkSeconds * 1000, tally)
    }),
  )
  await asking
  const seconds = (performance.now() - began) / 1000
  const cpuAfter = cpuOf(serverPid)
  const { control, waits, databaseCpuMs } = await watching.stop()
  total.acknowledged.push(...tally.acknowledged)
  total.conflicts += tally.conflicts
  for (const [code, count] of tally.errors) total.errors.set(code, (total.errors.get(code) ?? 0) + count)
  total.errorWords.push(...tally.errorWords)
  const steps = tally.acknowledged.length
  return {
    name: pace.name, seconds, steps, stepsPerSecond: steps / seconds, step: percentilesOf(tally.stepMilliseconds), queue: percentilesOf(tally.queueMilliseconds), case: percentilesOf(tally.caseMilliseconds),
    control: percentilesOf(control), conflicts: tally.conflicts, errors: [...tally.errors.values()].reduce((sum, count) => sum + count, 0), idle: tally.idle,
    serverCpuMs: cpuBefore === undefined || cpuAfter === undefined || steps === 0 ? null : (cpuAfter - cpuBefore) / steps, databaseCpuMs: databaseCpuMs === null || steps === 0 ? null : databaseCpuMs / steps, load: loadavg()[0] ?? 0, waits,
  }
}

/** The phases as lines for a terminal. */
export function table(phases: readonly Phase[]): string {
  const ms = ({ p50, p95, p99 }: Percentiles) => `${p50.toFixed(0)}/${p95.toFixed(0)}/${p99.toFixed(0)}`
  return phases
    .map((phase) =>
      [
        `${phase.name}: ${phase.steps} steps in ${phase.seconds.toFixed(0)} s = ${phase.stepsPerSecond.toFixed(1)}/s, load ${phase.load.toFixed(1)}`,
        `  p50/p95/p99 ms: step ${ms(phase.step)}, queue ${ms(phase.queue)}, case ${ms(phase.case)}, bare select ${ms(phase.control)}; step p95 is ${(phase.step.p95 / Math.max(0.01, phase.control.p95)).toFixed(1)} times the bare one`,
        `  another was quicker ${phase.conflicts}, errors ${phase.errors}, nothing to do ${phase.idle}; CPU ms a step: server ${phase.serverCpuMs?.toFixed(1) ?? '-'}, database ${phase.databaseCpuMs?.toFixed(1) ?? '-'}`,
        `  backends: ${phase.waits}`,
      ].join('\n'),
    )
    .join('\n')
}

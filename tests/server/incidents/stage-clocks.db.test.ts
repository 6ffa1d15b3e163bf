import { v7 as uuidv7 } from 'uuid'
import { afterAll, describe, expect, test } from 'vitest'
import { LIGHTS, lightOf } from '../../../server/contract/clocks.ts'
import type { IncidentState } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { findKnownClocks, getClockRules, moveClocks, presentClocks } from '../../../server/incidents/stage-clocks.ts'
import { lightOfClock } from '../../../server/incidents/stage-clock-queries.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'

const db = openTestDb()
afterAll(() => db.close())

/** Monday 2026-11-23 at this time in Shanghai. */
const at = (time: string, day = 23) => new Date(`2026-11-${day}T${time}:00+08:00`)
const FOUR_HOURS = { amount: 4, unit: 'work_hour' } as const

async function aCase(state: IncidentState = 'draft', dueAt: Date | null = null) {
  const city = { ...(await aCity(db)), timeZone: 'Asia/Shanghai' }
  const rows = await db.query<{ id: number }>(sql`
    insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, place_method, reported_at, due_at)
    values (${uuidv7()}, ${city.cityId}, 'SL-1', 'GBT30428.2-2013', 'event', '0112', 'x', '01', 3, 'class', ${state}, 'collector', 'x', 'none', ${at('08:00').toISOString()}::timestamptz, ${dueAt?.toISOString() ?? null}::timestamptz)
    returning id`)
  const incidentId = rows[0]?.id ?? 0
  let from: IncidentState | null = null
  return {
    city, incidentId,
    move: (to: IncidentState, when: Date, more: { newDueAt?: Date; action?: string; from?: IncidentState; dueAt?: Date } = {}) =>
      db.transaction(async (tx) => {
        const { after: _after, ...outcome } = await moveClocks(tx, city, incidentId, { action: 'step', from, to, at: when, stateSince: at('08:00'), limit: FOUR_HOURS, dueAt: null, ...more })
        from = to
        return outcome
      }),
    clocks: async (when: Date) => {
      const rules = await getClockRules(db, city, when)
      return presentClocks((await findKnownClocks(db, incidentId, rules)).all, rules, false, when)
    },
  }
}

async function toDispatched() {
  const one = await aCase()
  await one.move('pending_accept', at('08:00'))
  await one.move('pending_filing', at('08:10'))
  await one.move('pending_dispatch', at('08:30'))
  return { ...one, outcome: await one.move('pending_dispose', at('09:00')) }
}

describe('clocks in the database', () => {
  test('a dispatch ends its stage, says how long it took, and starts the limit of handling', async () => {
    const { outcome, clocks } = await toDispatched()
    expect(outcome).toEqual({ stage: 'dispatch', spentMilliseconds: 3_600_000, wasOverdue: false, dueAt: at('15:00') })
    expect(await clocks(at('13:00'))).toMatchObject([
      { stage: 'accept', light: 'blue', stoppedAt: at('08:10').toISOString() }, { stage: 'file' }, { stage: 'dispatch', elapsedShare: 1 }, { stage: 'total', dueAt: null, light: null, elapsedShare: null },
      { stage: 'dispose', round: 1, light: 'blue', elapsedShare: 0.75, limit: FOUR_HOURS }, { stage: 'return_window', dueAt: at('11:00').toISOString() },
    ])
  })

  test('rest, extension and confirmation are kept; a late step says so', async () => {
    const { move, clocks } = await toDispatched()
    await move('disposing', at('09:10'))
    expect(await move('suspended', at('10:00'), { dueAt: at('15:00') })).not.toHaveProperty('dueAt')
    expect((await move('disposing', at('15:00'))).dueAt).toEqual(at('18:00'))
    expect((await move('disposing', at('16:00'), { newDueAt: at('10:00', 24), dueAt: at('18:00') })).dueAt).toEqual(at('10:00', 24))
    await move('disposed', at('11:00', 24))
    expect(await move('pending_check', at('11:30', 24), { dueAt: at('10:00', 24) })).toMatchObject({ stage: 'dispose', wasOverdue: true })
    expect((await clocks(at('12:00', 27))).find(({ stage }) => stage === 'dispose')).toMatchObject({ originalDueAt: at('15:00').toISOString(), dueAt: at('10:00', 24).toISOString(), stoppedAt: at('11:30', 24).toISOString(), light: 'red' })
  })

  test('a case sent back to be dispatched anew has no deadline until it is', async () => {
    const { move } = await toDispatched()
    expect(await move('pending_dispatch', at('09:30'), { dueAt: at('15:00') })).toMatchObject({ stage: 'dispose', dueAt: null })
    expect(await move('pending_dispatch', at('09:40'))).not.toHaveProperty('dueAt')
    expect((await move('pending_dispose', at('10:00'))).dueAt).toEqual(at('16:00'))
  })

  test('an extension that does not extend is refused', async () => {
    const { move } = await toDispatched()
    await move('disposing', at('09:10'))
    await expect(move('disposing', at('10:00'), { newDueAt: at('14:00') })).rejects.toMatchObject({ code: 'bad_request', errors: [{ path: 'body.newDueAt' }] })
    await move('disposed', at('10:10'))
    await move('pending_check', at('10:20'))
    await expect(move('pending_check', at('10:30'), { newDueAt: at('14:00', 27) })).rejects.toMatchObject({ code: 'illegal_transition' })
  })

  test('a case from before clocks were kept gets those of its flow, with the deadline it was told', async () => {
    const old = await aCase('disposing', at('16:30'))
    const flow: [IncidentState | null, IncidentState, string][] = [[null, 'pending_accept', '08:00'], ['pending_accept', 'pending_filing', '08:10'], ['pending_filing', 'pending_dispatch', '08:30'], ['pending_dispatch', 'pending_dispose', '09:00'], ['pending_dispose', 'disposing', '09:30']]
    for (const [index, [from, to, time]] of flow.entries()) {
      await db.query(sql`insert into incident_flow (incident_id, sequence, action, from_state, to_state, actor, at) values (${old.incidentId}, ${index + 1}, 'x', ${from}, ${to}, 'x', ${at(time).toISOString()}::timestamptz)`)
    }
    const told = await old.clocks(at('10:00'))
    expect(told.find(({ stage }) => stage === 'dispose')).toMatchObject({ startedAt: at('09:00').toISOString(), dueAt: at('16:30').toISOString(), stoppedAt: null })
    await old.move('disposed', at('10:30'), { from: 'disposing' })
    expect(await old.clocks(at('10:00'))).toEqual(told)
    expect(await db.query(sql`select count(*)::int as n from case_clocks where incident_id = ${old.incidentId}`)).toEqual([{ n: told.length }])
  })

  test('a case of which nothing is known has no clocks, and a first report needs none', async () => {
    const blank = await aCase('pending_accept')
    expect(await blank.clocks(at('10:00'))).toEqual([])
    expect(await blank.move('pending_accept', at('10:00'))).toEqual({ stage: null, spentMilliseconds: null, wasOverdue: null })
  })

  test('a city’s own limits and thresholds stand in for the defaults', async () => {
    const one = await aCase()
    await db.query(sql`insert into stage_limits (city_id, version, stage, amount, unit, source, verified) values (${one.city.cityId}, 1, 'accept', 2, 'urgent_hour', 'test', false), (${one.city.cityId}, 2, 'accept', 1, 'urgent_hour', 'test', false)`)
    await db.query(sql`insert into clock_rules (city_id, version, blue_share, amber_share, dark_red_share, rework_timer, supervises_overdue, supervises_about_to_be_overdue, source, verified)
      values (${one.city.cityId}, 1, 0.25, 0.75, 3, 'remaining', false, false, 'test', false)`)
    await one.move('pending_accept', at('20:00'))
    expect(await one.clocks(at('20:20'))).toMatchObject([{ stage: 'accept', dueAt: at('21:00').toISOString(), blueAt: at('20:15').toISOString(), darkRedAt: at('23:00').toISOString(), light: 'blue' }])
    await one.move('pending_filing', at('20:30'))
    expect((await one.clocks(at('20:40')))[1]).toMatchObject({ stage: 'file', dueAt: null })
  })

  test('SQL and the contract’s function tell the same light of every clock at every instant', async () => {
    const { move, clocks, incidentId } = await toDispatched()
    await move('disposing', at('09:10'))
    await move('suspended', at('11:30'))
    await move('disposing', at('14:30'))
    const seen = new Set<string | null>()
    for (const state of ['disposing', 'suspended', 'closed_special'] as const) {
      if (state !== 'disposing') await move(state, state === 'suspended' ? at('15:30') : at('16:00'))
      for (let minutes = 0; minutes < 2 * 1440; minutes += 97) {
        const now = new Date(at('07:59').getTime() + minutes * 60_000)
        for (const isSupervised of [false, true]) {
          const rows = await db.query<{ stage: string; round: number; light: string | null }>(sql`
            select stage, round, ${lightOfClock(now, sql`${isSupervised}::boolean`)} as light from case_clocks c where incident_id = ${incidentId} order by started_at, stage, round`)
          if (minutes === 0) expect(rows.length).toBeGreaterThan(5)
          const expected = (await clocks(now)).map((clock) => ({ stage: clock.stage, round: clock.round, light: lightOf(clock, now.getTime(), isSupervised) }))
          expect(rows).toEqual(expected)
          for (const { light } of rows) seen.add(light)
        }
      }
    }
    expect([...seen].sort()).toEqual([...LIGHTS, null].sort())
  })
})

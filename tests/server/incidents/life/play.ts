/** Plays a script: people press, the server answers over HTTP, and every answer is the one that the test's own books give. */
import { expect } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { getCity } from '../../../../server/cities/cities.ts'
import type { Incident } from '../../../../server/contract/incidents.ts'
import { superviseByClock } from '../../../../server/incidents/clock-watch.ts'
import type { TestCity } from '../../../helpers/db.ts'
import { judge } from './bring.ts'
import { checkTables, compareCase } from './check.ts'
import { actionsAbout, choose, ONWARD } from './choose.ts'
import { aWorld, STREETS } from './city.ts'
import type { Stage } from './desk.ts'
import { aCase, apply, before, type Before, type Case, mayAct, type Person, PROGRAM, sees, STATUS, superviseIfOver, takeBack } from './model.ts'
import { Player } from './player.ts'
import type { Command, Goal, Script } from './script.ts'
import { askedIn, LIFE, TAKEN_BACK } from './table.ts'
import type { Tally } from './tally.ts'

const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!
/** Monday, 20 April 2026, seven in the morning in Beijing. */
const MORNING = Date.parse('2026-04-19T23:00:00Z')
const MINUTE = 60_000
/** Time between steps that lead to a request; only what was handled late can be appealed against. */
const PACE: Partial<Record<Goal, number>> = { appeal: 40 * 60 * MINUTE, suspension: 20 * MINUTE }
const CLASSES = ['event 0112', 'event 0107', 'event 0104', 'event 0101', 'event 0203', 'part 0101'] as const

class Play extends Player {
  private undo: { id: string; by: Person; at: number; done: { one: Case; before: Before; isUndone: boolean }[] } | undefined

  /** One step on every case, and perhaps taking it back. */
  private async bulk(command: Command): Promise<void> {
    const first = at(this.cases, command.which)
    const { action, who } = (command.detail % 5 === 0 ? undefined : this.choose(first, command)) ?? this.wildly(command)
    const brings = await this.bring(first, action, who, command.detail)
    const { mediaIds: _photos, masterId: _master, ...body } = brings.body
    const cases = [...this.cases]
    this.note(`${who.name} ${action} on all`)
    const earlier = cases.map((one) => before(one))
    const answer = await this.desk.post<{ outcomes: { id: string; outcome: string; code: string | null; reason: string | null; version: number | null }[]; undo: { id: string } | null }>(who, '/incident-transitions', {
      ...body, action, cases: cases.map(({ id, version }) => ({ id, version })),
    })
    if (!mayAct(who)) return this.refused(answer, 'forbidden', null)
    expect(answer.status).toBe(200)
    const done: { one: Case; before: Before; isUndone: boolean }[] = []
    for (const [index, one] of cases.entries()) {
      const outcome = answer.body.outcomes[index]!
      const judged = judge(this.situation(one, action, who), body)
      const refusal = this.expected(one, action, who, judged)
      expect([one.id, outcome.outcome, outcome.code]).toEqual([outcome.id, refusal === null ? 'done' : 'refused', refusal])
      if (refusal === null) {
        apply(one, action, who, this.now, judged.brought, this.world.rules)
        this.tally.step(action, LIFE[action]!.number)
        done.push({ one, before: earlier[index]!, isUndone: false })
      } else expect(outcome.reason?.length).toBeGreaterThan(5)
      expect(outcome.version).toBe(refusal === 'not_found' ? null : one.version)
    }
    expect(answer.body.undo !== null).toBe(done.length > 0 && TAKEN_BACK.includes(action))
    if (answer.body.undo) this.undo = { id: answer.body.undo.id, by: who, at: this.now, done }
    this.tally.bulk()
  }

  private async takeBack(command: Command): Promise<void> {
    const { undo } = this
    if (!undo) return this.bulk(command)
    const who = command.detail % 4 === 0 ? at(this.world.people, command.person) : undo.by
    this.note(`${who.name} takes it back`)
    const answer = await this.desk.post<{ outcomes: { id: string; outcome: string; code: string | null }[] }>(who, `/incident-transitions/${undo.id}/undo`, {})
    const refusal = !mayAct(who) ? [403, 'forbidden'] : who !== undo.by ? [404, 'not_found'] : this.now > undo.at + 30_000 ? [409, 'conflict'] : null
    if (refusal) expect([answer.status, answer.body.code]).toEqual(refusal)
    else {
      expect([answer.status, answer.body.outcomes?.length]).toEqual([200, undo.done.length])
      for (const each of undo.done) {
        const outcome = answer.body.outcomes.find(({ id }) => id === each.one.id)
        const code = each.isUndone ? 'conflict' : each.one.version === each.before.version ? null : 'stale'
        expect([each.one.id, outcome?.outcome, outcome?.code]).toEqual([each.one.id, code === null ? 'done' : 'refused', code])
        if (code !== null) continue
        takeBack(each.one, each.before, who, this.now)
        each.isUndone = true
        this.tally.step('undo', 0)
      }
    }
  }

  private async reopen(one: Case, command: Command): Promise<void> {
    const who = at(this.world.people, command.person)
    const canReopen = who.posts.some(({ role }) => role === 'operator' || role === 'shift_leader')
    const refusal = !mayAct(who) ? 'forbidden' : !sees(one, who) ? 'not_found' : !canReopen ? 'forbidden' : !['closed', 'closed_special', 'not_filed'].includes(one.state) ? 'illegal_transition' : one.reopenedAs ? 'conflict' : null
    this.note(`${who.name} reopens ${this.cases.indexOf(one)} (${one.state}): ${refusal ?? 'done'}`)
    const key = uuidv7()
    const answer = await this.desk.post<Incident>(who, `/incidents/${one.id}/reopening`, { reason: '问题又出现' }, key)
    if (refusal !== null) expect([answer.status, answer.body.code]).toEqual([refusal === 'conflict' ? 409 : STATUS[refusal], refusal])
    else {
      expect([answer.status, answer.body.detail]).toEqual([201, undefined])
      const again = aCase(answer.body.id, { street: one.street, source: one.source, reporter: who, classKey: one.classKey, state: 'pending_accept', action: 'reopen', actor: who, reopenedFrom: one }, this.now, this.world.rules)
      one.reopenedAs = again
      this.cases.push(again)
      compareCase(answer.body, again)
      const repeated = await this.desk.post<Incident>(who, `/incidents/${one.id}/reopening`, { reason: '问题又出现' }, key)
      expect([repeated.status, repeated.replayed, repeated.body.id]).toEqual([201, true, again.id])
      this.tally.step('reopen', 0)
    }
  }

  async report({ person, other, detail }: Pick<Command, 'person' | 'other' | 'detail'>): Promise<void> {
    const street = at(STREETS, other)
    const classKey = at(CLASSES, detail)
    const [classKind, classCode] = classKey.split(' ')
    const reporters = this.world.people.filter(({ posts }) => posts.some(({ role, areaCode }) => LIFE['submit']!.roles.includes(role) && (areaCode === null || street.code.startsWith(areaCode))))
    const who = detail % 6 === 0 ? PROGRAM : at(reporters, person)
    const source = who === PROGRAM ? 'hotline_12345' : at(['collector', 'leader', 'citizen_app'], detail)
    const isDraft = detail % 5 === 0
    const key = uuidv7()
    const body = { source, classKind, classCode, position: street.place, isDraft }
    const answer = await this.desk.post<Incident>(who, '/incidents', body, key)
    expect([answer.status, answer.body.detail]).toEqual([201, undefined])
    const one = aCase(answer.body.id, { street: street.code, source, reporter: who === PROGRAM ? null : who, classKey, state: isDraft ? 'draft' : 'pending_accept', action: isDraft ? 'register' : 'submit', actor: who }, this.now, this.world.rules)
    this.cases.push(one)
    this.note(`${who.name} reports ${this.cases.length - 1}, ${classKey} in ${street.code}${isDraft ? ' as a draft' : ''}`)
    compareCase(answer.body, one)
    this.tally.step('report', 0)
    if (detail % 3 > 0) return
    const again = await this.desk.post<Incident>(who, '/incidents', body, key)
    expect([again.status, again.replayed, again.body.id]).toEqual([201, true, one.id])
  }

  private async watch(): Promise<void> {
    this.note('the clock looks')
    const city = await getCity(this.stage.db, this.world.city.key)
    await superviseByClock(this.stage.db, city, new Date(this.now), (clock, error) => expect.fail(`${clock.id}: ${error.message}`))
    for (const one of this.cases) superviseIfOver(one, this.now, this.world.rules)
    await this.lookAtAll()
  }

  /** Leads a case on by so many steps. */
  async lead(one: Case, steps: number, pace: number, picks: Command): Promise<void> {
    for (let taken = 0; taken < steps; taken++) {
      this.stage.clock.at += pace * 1000
      const chosen = choose(one, this.world.people, { action: picks.action + taken, person: picks.person + taken }, this.now, this.world.rules, ONWARD)
      if (!chosen) return
      await this.step(one, chosen.action, chosen.who, picks.detail + taken)
    }
  }

  /** Leads a case to where a request of a kind can be made, and on until it is decided; whoever rests does so for hours or days. */
  async pursue(one: Case, goal: Goal, picks: Command): Promise<void> {
    const about = actionsAbout(goal)
    this.note(`${this.cases.indexOf(one)} is led to ${goal}`)
    for (let taken = 0; taken < 24; taken++) {
      this.stage.clock.at += (PACE[goal] ?? MINUTE) + (one.state === 'suspended' ? (1 + (picks.wait + picks.detail) % 90) * 60 * MINUTE : 0)
      const isThere = one.state === 'suspended' || askedIn(goal).includes(one.state)
      const chosen = choose(one, this.world.people, { action: picks.action + taken, person: picks.person + taken }, this.now, this.world.rules, isThere ? about : ONWARD)
      if (!chosen) return
      await this.step(one, chosen.action, chosen.who, picks.detail + taken)
      if (one.state !== 'suspended' && one.requests.some(({ kind, status }) => kind === goal && (status === 'approved' || status === 'refused'))) return
    }
  }

  /** Every case once more, also those to which something was refused since. */
  async lookAtAll(): Promise<void> {
    for (const one of this.cases) await this.desk.look(one, this.now)
  }

  async command(command: Command): Promise<void> {
    this.stage.clock.at += command.wait * 1000
    const one = at(this.cases, command.which)
    this.tally.command()
    switch (command.kind) {
      case 'report':
        return this.report(command)
      case 'race':
        return this.race(one, command)
      case 'retry':
      case 'twin':
        return this.retry(one, command, command.kind === 'twin')
      case 'bulk':
        return this.bulk(command)
      case 'undo':
        return this.takeBack(command)
      case 'reopen':
        return this.reopen(one, command)
      case 'watch':
        return this.watch()
    }
    const chosen = (command.kind === 'wild' ? undefined : this.choose(one, command)) ?? this.wildly(command)
    await this.step(one, chosen.action, chosen.who, command.detail, command.kind === 'stale' || command.kind === 'incomplete' ? command.kind : 'none')
  }
}

/** Plays a script in a city of its own. @returns that city and what was played. @throws with the story so far when an answer or a table is not as it should be. */
export async function play(stage: Stage, script: Script): Promise<{ city: TestCity; tally: Tally }> {
  const world = await aWorld(stage.db, script.settings)
  stage.principals.clear()
  for (const [id, principal] of world.principals) stage.principals.set(id, principal)
  stage.clock.at = MORNING + script.begin * 1000
  const played = new Play(stage, world)
  try {
    for (const [index, depth] of script.depths.entries()) {
      const picks = script.commands[index % script.commands.length]!
      await played.report({ person: picks.person + index, other: picks.other + index, detail: picks.detail + index })
      await played.lead(played.cases[index]!, depth, script.pace, picks)
    }
    if (script.goal) await played.pursue(played.cases[0]!, script.goal, script.commands[0]!)
    for (const command of script.commands) await played.command(command)
    await played.lookAtAll()
    played.tally.sequence(await checkTables(stage.db, world.city, played.cases), played.cases.map(({ state }) => state))
    return { city: world.city, tally: played.tally }
  } catch (error) {
    if (error instanceof Error) error.message += `\n\n${JSON.stringify(script.settings)}\n${played.story.join('\n')}`
    throw error
  }
}

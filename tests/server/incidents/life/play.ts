/** Plays a script: people press, the server answers over HTTP, and every answer is the one that the test's own books give. */
import { expect } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import type { Incident } from '../../../../server/contract/incidents.ts'
import { superviseByClock } from '../../../../server/incidents/clock-watch.ts'
import { getCity } from '../../../../server/cities/cities.ts'
import { type Brings, judge, type Situation, wish } from './bring.ts'
import { checkClocks, checkTables, compareCase } from './check.ts'
import { type Choice, choose, chooseWildly } from './choose.ts'
import { aWorld, STREETS, type World } from './city.ts'
import { aCase, apply, before, type Before, type Case, mayAct, type Person, PROGRAM, type Refusal, refusalOf, sees, STATUS, superviseIfOver, takeBack } from './model.ts'
import type { TestCity } from '../../../helpers/db.ts'
import { type Answer, Desk, type Stage } from './desk.ts'
import type { Command, Script } from './script.ts'
import { LIFE, TAKEN_BACK } from './table.ts'
import type { Tally } from './tally.ts'

const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!
/** Monday, 20 April 2026, seven in the morning in Beijing. */
const MORNING = Date.parse('2026-04-19T23:00:00Z')
const CLASSES = ['event 0112', 'event 0107', 'event 0104', 'event 0101', 'event 0203', 'part 0101'] as const

class Play {
  readonly cases: Case[] = []
  readonly story: string[] = []
  private undo: { id: string; by: Person; at: number; done: { one: Case; before: Before; isUndone: boolean }[] } | undefined

  private readonly stage: Stage
  private readonly world: World
  private readonly tally: Tally
  private readonly desk: Desk

  constructor(stage: Stage, world: World, tally: Tally) {
    this.stage = stage
    this.world = world
    this.tally = tally
    this.desk = new Desk(stage.api, world, stage.scheme.nextPhoto)
  }

  private get now(): number {
    return this.stage.clock.at
  }

  private note(text: string): void {
    this.story.push(`${new Date(this.now).toISOString()} ${text}`)
  }

  /** What the answer tells this person that he may do next is what the test's books say, for every action there is. */
  private compareChoices(view: Incident, one: Case, who: Person): void {
    const wrong = view.actions.flatMap(({ action, allowed }) => {
      const refusal = refusalOf(one, action, who, this.now, this.world.rules)
      // Out of sight he is told of no case at all; what he just did is shown to him all the same.
      return refusal !== 'not_found' && allowed !== (refusal === null) ? [{ action, allowed, refusal }] : []
    })
    expect({ who: who.name, wrong }).toEqual({ who: who.name, wrong: [] })
  }

  private done(answer: Answer<Incident>, one: Case, action: string, who: Person, { brought }: Brings): void {
    expect([answer.status, answer.body.detail]).toEqual([201, undefined])
    apply(one, action, who, this.now, brought, this.world.rules)
    this.tally.step(action, LIFE[action]!.number)
    compareCase(answer.body, one)
    checkClocks(answer.body)
    this.compareChoices(answer.body, one, who)
  }

  private refused(answer: Answer<unknown>, code: Refusal, fault: string | null): void {
    expect([answer.status, answer.body.code]).toEqual([STATUS[code], code])
    // A reason that can be read, in Chinese for what the case or the post forbids, and the field at fault for what is missing.
    expect(answer.body.detail?.length).toBeGreaterThan(5)
    if (code === 'forbidden' || code === 'illegal_transition' || code === 'stale') expect(answer.body.detail).toMatch(/\p{Script=Han}/u)
    if (code === 'bad_request') expect(answer.body.errors?.map(({ path }) => path)).toContain(`body.${fault}`)
    this.tally.refusal(code)
  }

  private choose(one: Case, picks: { action: number; person: number }): Choice | undefined {
    return choose(one, this.world.people, picks, this.now, this.world.rules)
  }

  private wildly({ action, person }: Command): Choice {
    return chooseWildly(this.world.people, action, person)
  }

  private situation(one: Case, action: string, who: Person): Situation {
    return { one, action, who, now: this.now, cases: this.cases, world: this.world, scheme: this.stage.scheme }
  }

  private bring(one: Case, action: string, who: Person, detail: number, isIncomplete = false): Promise<Brings> {
    return wish(this.situation(one, action, who), detail, isIncomplete, (kind) => this.desk.addPhoto(one, kind))
  }

  private async step(one: Case, action: string, who: Person, detail: number, flaw: 'none' | 'stale' | 'incomplete' = 'none'): Promise<void> {
    const brings = await this.bring(one, action, who, detail, flaw === 'incomplete')
    const refusal = this.expected(one, action, who, brings, flaw === 'stale')
    this.note(`${who.name} ${action} on ${this.cases.indexOf(one)} (${one.state}, ${one.version})${flaw === 'none' ? '' : ` ${flaw}`}: ${refusal ?? 'done'}`)
    const answer = await this.desk.press(who, one, action, { ...brings.body, ...(flaw === 'stale' ? { version: one.version - 1 - (detail % 2) } : {}) })
    if (refusal === null) return this.done(answer, one, action, who, brings)
    this.refused(answer, refusal, brings.fault)
    await this.desk.look(one)
  }

  private expected(one: Case, action: string, who: Person, { fault }: Brings, isStale = false): Refusal | null {
    const refusal = refusalOf(one, action, who, this.now, this.world.rules)
    if (isStale && refusal !== 'not_found' && mayAct(who)) return 'stale'
    return refusal ?? (fault === null ? null : 'bad_request')
  }

  /** Two people press at the same moment, each on the case as it stands. */
  private async race(one: Case, command: Command): Promise<void> {
    const first = this.choose(one, command)
    const swapped = { ...command, action: command.detail, person: command.other }
    const second = command.detail % 4 === 0 ? this.wildly(swapped) : this.choose(one, swapped)
    if (!first || !second) return
    const hands = await Promise.all([first, second].map(async ({ action, who }) => ({ action, who, brings: await this.bring(one, action, who, command.detail) })))
    const expected = hands.map(({ action, who, brings }) => this.expected(one, action, who, brings))
    this.note(`at once on ${this.cases.indexOf(one)} (${one.state}, ${one.version}): ${hands.map(({ who, action }, index) => `${who.name} ${action} (${expected[index] ?? 'would do'})`).join(' and ')}`)
    const answers = await Promise.all(hands.map(({ action, who, brings }) => this.desk.press(who, one, action, brings.body)))
    const winner = answers.findIndex(({ status }) => status === 201)
    this.tally.race()
    expect([winner >= 0, answers.filter(({ status }) => status === 201).length]).toEqual([expected.includes(null), expected.includes(null) ? 1 : 0])
    const won = hands[winner]
    if (won) this.done(answers[winner]!, one, won.action, won.who, won.brings)
    for (const [index, { who, brings }] of hands.entries()) {
      if (index === winner) continue
      const answer = answers[index]!
      const own = expected[index] ?? null
      // Whoever came second is told who was quicker; he may have lost sight of the case with that.
      const code = answer.body.code as Refusal
      expect([own, 'stale', ...(sees(one, who) ? [] : ['not_found'])].filter((choice) => choice !== null)).toContain(code)
      this.refused(answer, code, brings.fault)
      if (code === 'stale' && won) expect(answer.body.detail).toContain(won.who.name)
    }
    await this.desk.look(one)
  }

  /** The same request again, and another under the same key; or both at the same moment. */
  private async retry(one: Case, command: Command, isTwin: boolean): Promise<void> {
    const chosen = this.choose(one, command)
    if (!chosen) return
    const { action, who } = chosen
    const brings = await this.bring(one, action, who, command.detail)
    if (brings.fault !== null) return
    const key = uuidv7()
    const body = { ...brings.body, version: one.version }
    const send = () => this.desk.press(who, one, action, body, key)
    this.note(`${who.name} ${action} on ${this.cases.indexOf(one)} (${one.state}, ${one.version}) ${isTwin ? 'twice at once' : 'and again'}`)
    const answers = isTwin ? await Promise.all([send(), send()]) : [await send(), await send()]
    const [did] = answers.filter(({ status, replayed }) => status === 201 && !replayed)
    this.done(did!, one, action, who, brings)
    const [again] = answers.filter((answer) => answer !== did)
    if (again?.status === 409) expect([isTwin, again.body.code]).toEqual([true, 'in_progress'])
    else expect([again?.status, again?.replayed, again?.body]).toEqual([201, true, did?.body])
    const other = await this.desk.press(who, one, action, { ...body, opinion: '另一个理由' }, key)
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch'])
    this.tally.retry()
    await this.desk.look(one)
  }

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
      await this.desk.look(one)
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
    for (const { one } of undo.done) await this.desk.look(one)
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
    await this.desk.look(one)
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
    const again = await this.desk.post<Incident>(who, '/incidents', body, key)
    expect([again.status, again.replayed, again.body.id]).toEqual([201, true, one.id])
    this.tally.step('report', 0)
  }

  private async watch(): Promise<void> {
    this.note('the clock looks')
    const city = await getCity(this.stage.db, this.world.city.key)
    await superviseByClock(this.stage.db, city, new Date(this.now), (clock, error) => expect.fail(`${clock.id}: ${error.message}`))
    for (const one of this.cases) {
      superviseIfOver(one, this.now, this.world.rules)
      await this.desk.look(one)
    }
  }

  /** Leads a case on by so many steps. */
  async lead(one: Case, steps: number, pace: number, picks: Command): Promise<void> {
    for (let taken = 0; taken < steps; taken++) {
      this.stage.clock.at += pace * 1000
      const chosen = choose(one, this.world.people, { action: picks.action + taken, person: picks.person + taken }, this.now, this.world.rules, true)
      if (!chosen) return
      await this.step(one, chosen.action, chosen.who, picks.detail + taken)
    }
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

/** Plays a script in a city of its own. @returns that city. @throws with the story so far when an answer or a table is not as it should be. */
export async function play(stage: Stage, script: Script, tally: Tally): Promise<TestCity> {
  const world = await aWorld(stage.db, script.settings)
  stage.principals.clear()
  for (const [id, principal] of world.principals) stage.principals.set(id, principal)
  stage.clock.at = MORNING + script.begin * 1000
  const played = new Play(stage, world, tally)
  try {
    for (const [index, depth] of script.depths.entries()) {
      const picks = script.commands[index % script.commands.length]!
      await played.report({ person: picks.person + index, other: picks.other + index, detail: picks.detail + index })
      await played.lead(played.cases[index]!, depth, script.pace, picks)
    }
    for (const command of script.commands) await played.command(command)
    tally.sequence(await checkTables(stage.db, world.city, played.cases), played.cases.map(({ state }) => state))
    return world.city
  } catch (error) {
    if (error instanceof Error) error.message += `\n\n${JSON.stringify(script.settings)}\n${played.story.join('\n')}`
    throw error
  }
}

/** How one person presses, and how what is answered is held against the test's own books. */
import { expect } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import type { Incident } from '../../../../server/contract/incidents.ts'
import { type Brings, type Situation, wish } from './bring.ts'
import { checkClocks, compareCase } from './check.ts'
import { type Choice, choose, chooseWildly } from './choose.ts'
import type { World } from './city.ts'
import { type Answer, Desk, type Stage } from './desk.ts'
import { apply, type Case, mayAct, type Person, type Refusal, refusalOf, sees, STATUS } from './model.ts'
import { checkRests } from './rests.ts'
import type { Command } from './script.ts'
import { LIFE } from './table.ts'
import { newTally } from './tally.ts'

/** Who presses in one play, with the books kept of it: single steps, two at once, and the same again. */
export class Player {
  readonly cases: Case[] = []
  readonly story: string[] = []

  protected readonly stage: Stage
  protected readonly world: World
  readonly tally = newTally()
  protected readonly desk: Desk

  constructor(stage: Stage, world: World) {
    this.stage = stage
    this.world = world
    this.desk = new Desk(stage.api, world, stage.scheme.nextPhoto)
  }

  protected get now(): number {
    return this.stage.clock.at
  }

  protected note(text: string): void {
    this.story.push(`${new Date(this.now).toISOString()} ${text}`)
  }

  /** What the answer tells this person that he may do next is what the test's books say, for every action there is. */
  protected compareChoices(view: Incident, one: Case, who: Person): void {
    const wrong = view.actions.flatMap(({ action, allowed }) => {
      const refusal = refusalOf(one, action, who, this.now, this.world.rules)
      // Out of sight he is told of no case at all; what he just did is shown to him all the same.
      return refusal !== 'not_found' && allowed !== (refusal === null) ? [{ action, allowed, refusal }] : []
    })
    expect({ who: who.name, wrong }).toEqual({ who: who.name, wrong: [] })
  }

  protected done(answer: Answer<Incident>, one: Case, action: string, who: Person, { brought }: Brings): void {
    expect([answer.status, answer.body.detail]).toEqual([201, undefined])
    apply(one, action, who, this.now, brought, this.world.rules)
    this.tally.step(action, LIFE[action]!.number)
    compareCase(answer.body, one)
    checkClocks(answer.body)
    checkRests(answer.body, this.now)
    this.compareChoices(answer.body, one, who)
  }

  protected refused(answer: Answer<unknown>, code: Refusal, fault: string | null): void {
    expect([answer.status, answer.body.code]).toEqual([STATUS[code], code])
    // A reason that can be read, in Chinese for what the case or the post forbids, and the field at fault for what is missing.
    expect(answer.body.detail?.length).toBeGreaterThan(5)
    if (code === 'forbidden' || code === 'illegal_transition' || code === 'stale') expect(answer.body.detail).toMatch(/\p{Script=Han}/u)
    if (code === 'bad_request') expect(answer.body.errors?.map(({ path }) => path)).toContain(`body.${fault}`)
    this.tally.refusal(code)
  }

  protected choose(one: Case, picks: { action: number; person: number }): Choice | undefined {
    return choose(one, this.world.people, picks, this.now, this.world.rules)
  }

  protected wildly({ action, person }: Command): Choice {
    return chooseWildly(this.world.people, action, person)
  }

  protected situation(one: Case, action: string, who: Person): Situation {
    return { one, action, who, now: this.now, cases: this.cases, world: this.world, scheme: this.stage.scheme }
  }

  protected bring(one: Case, action: string, who: Person, detail: number, isIncomplete = false): Promise<Brings> {
    return wish(this.situation(one, action, who), detail, isIncomplete, (kind) => this.desk.addPhoto(one, kind))
  }

  async step(one: Case, action: string, who: Person, detail: number, flaw: 'none' | 'stale' | 'incomplete' = 'none'): Promise<void> {
    const brings = await this.bring(one, action, who, detail, flaw === 'incomplete')
    const refusal = this.expected(one, action, who, brings, flaw === 'stale')
    this.note(`${who.name} ${action} on ${this.cases.indexOf(one)} (${one.state}, ${one.version})${flaw === 'none' ? '' : ` ${flaw}`}: ${refusal ?? 'done'}`)
    const answer = await this.desk.press(who, one, action, { ...brings.body, ...(flaw === 'stale' ? { version: one.version - 1 - (detail % 2) } : {}) })
    if (refusal === null) return this.done(answer, one, action, who, brings)
    this.refused(answer, refusal, brings.fault)
  }

  protected expected(one: Case, action: string, who: Person, { fault }: Brings, isStale = false): Refusal | null {
    const refusal = refusalOf(one, action, who, this.now, this.world.rules)
    if (isStale && refusal !== 'not_found' && mayAct(who)) return 'stale'
    return refusal ?? (fault === null ? null : 'bad_request')
  }

  /** Two people press at the same moment, each on the case as it stands. */
  protected async race(one: Case, command: Command): Promise<void> {
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
  }

  /** The same request again, and another under the same key; or both at the same moment. */
  protected async retry(one: Case, command: Command, isTwin: boolean): Promise<void> {
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
  }
}

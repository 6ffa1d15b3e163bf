/** Who does what next. */
import { type Case, type Person, refusalOf, type Rules } from './model.ts'
import { ENDS, LIFE } from './table.ts'

const ACTIONS = Object.keys(LIFE)
/** What leads on to the end; side steps and returns are left to chance. */
export const ONWARD: ReadonlySet<string> = new Set(['submit', 'accept', 'send_verify', 'verify_true', 'file', 'dispatch', 'sign', 'claim', 'submit_result', 'confirm', 'send_check', 'check_passed', 'accept_on_evidence', 'close'])
const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!

/** Requests are made and answered often, so that what follows from them is seen; ends come seldom by themselves. */
function weightOf(action: string): number {
  const { to, asks, passesOn, grants } = LIFE[action]!
  if (passesOn ?? grants) return 5
  if (asks || ONWARD.has(action)) return 3
  return ENDS.includes(to ?? '') ? 1 : 2
}

/** All that is done about requests of a kind: asked, passed on, granted or refused; a rest that was granted ends as well. */
export const actionsAbout = (kind: string): ReadonlySet<string> =>
  new Set(ACTIONS.filter((name) => [LIFE[name]!.asks, LIFE[name]!.passesOn, LIFE[name]!.grants, LIFE[name]!.denies].includes(kind) || (kind === 'suspension' && name === 'resume')))

export interface Choice {
  action: string
  who: Person
}

/** Anybody and anything. */
export const chooseWildly = (people: readonly Person[], action: number, person: number): Choice => ({ action: at(ACTIONS, action), who: at(people, person) })

/** Something that somebody may do with a case now; undefined where nobody may do any of what is looked for. */
export function choose(one: Case, people: readonly Person[], picks: { action: number; person: number }, now: number, rules: Rules, only?: ReadonlySet<string>): Choice | undefined {
  const possible = ACTIONS.filter((name) => LIFE[name]!.from.includes(one.state) && (only?.has(name) ?? true)).flatMap((name) => {
    const able = people.filter((who) => refusalOf(one, name, who, now, rules) === null)
    return able.length === 0 ? [] : [{ name, able, weight: weightOf(name) }]
  })
  const all = possible.flatMap((choice) => Array.from({ length: choice.weight }, () => choice))
  if (all.length === 0) return undefined
  const { name, able } = at(all, picks.action)
  return { action: name, who: at(able, picks.person) }
}

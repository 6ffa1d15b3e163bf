/** Routing rules as they are edited: moving, sending, and what sets two lists of rules apart. Pure. */
import type { RoutingRule, RoutingRuleInput, Unit } from '../../server/contract/dispatch.ts'

/** A rule as it is being edited; `key` stays with it while it moves. */
export interface DraftRule {
  key: number
  title: string
  conditions: RoutingRule['conditions']
  target: Unit
  person: { id: string; name: string } | null
  legalBasis: string | null
  isEnabled: boolean
  /** Its unit or person is gone: it cannot be switched on before it names another. */
  isTargetGone: boolean
  /** Why it switched itself off. */
  disabledReason: string | null
}

/** Rules of a version as a draft. One whose unit or person is gone comes switched off. @param firstKey key of the first; the others count on */
export function toDraft(rules: readonly RoutingRule[], firstKey: number): DraftRule[] {
  return rules.map(({ title, conditions, target, person, legalBasis, isEnabled, isTargetGone, disabledReason }, index) => ({
    key: firstKey + index, title, conditions, target, person, legalBasis, isEnabled: isEnabled && !isTargetGone, isTargetGone, disabledReason,
  }))
}

/** The rules as they are sent. */
export function toInput(rules: readonly DraftRule[]): RoutingRuleInput[] {
  return rules.map(({ title, conditions, target, person, legalBasis, isEnabled }) => ({ title, conditions, target: target.code, person: person?.id ?? null, legalBasis, isEnabled }))
}

/** The list with one rule at another place; places beyond the ends mean the ends. */
export function movedTo(rules: readonly DraftRule[], key: number, to: number): DraftRule[] {
  const from = rules.findIndex((rule) => rule.key === key)
  const rule = rules[from]
  if (!rule) return [...rules]
  const next = rules.filter((other) => other !== rule)
  next.splice(Math.min(next.length, Math.max(0, to)), 0, rule)
  return next
}

export type ChangedField = 'title' | 'conditions' | 'target' | 'person' | 'legalBasis' | 'isEnabled' | 'order'

export interface RuleDifference {
  kind: 'added' | 'removed' | 'changed'
  /** Places count from 1. */
  before: { rule: DraftRule; place: number } | null
  after: { rule: DraftRule; place: number } | null
  fields: ChangedField[]
}

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const contentOf = (conditions: DraftRule['conditions']): unknown => Object.entries(conditions).toSorted(([a], [b]) => a.localeCompare(b))

function fieldsOf(a: DraftRule, b: DraftRule): ChangedField[] {
  return [
    ...(a.title === b.title ? [] : ['title' as const]),
    ...(sameText(contentOf(a.conditions), contentOf(b.conditions)) ? [] : ['conditions' as const]),
    ...(a.target.code === b.target.code ? [] : ['target' as const]),
    ...(a.person?.id === b.person?.id ? [] : ['person' as const]),
    ...(a.legalBasis === b.legalBasis ? [] : ['legalBasis' as const]),
    ...(a.isEnabled === b.isEnabled ? [] : ['isEnabled' as const]),
  ]
}

/** Which of the numbers are not on the longest rising line through them: the fewest that were moved. */
function movedAmong(places: readonly number[]): Set<number> {
  const best = places.map(() => 1)
  const from = places.map(() => -1)
  places.forEach((place, at) => {
    for (let earlier = 0; earlier < at; earlier++) {
      if (places[earlier]! < place && best[earlier]! + 1 > best[at]!) {
        best[at] = best[earlier]! + 1
        from[at] = earlier
      }
    }
  })
  const kept = new Set<number>()
  for (let at = best.indexOf(Math.max(...best)); at >= 0; at = from[at]!) kept.add(places[at]!)
  return new Set(places.filter((place) => !kept.has(place)))
}

/**
 * What was added, removed, changed or moved between two lists of rules. A rule is the same one by its title; of those left over,
 * by the same conditions and unit (renamed). In the order of the second list, those removed last.
 */
export function differencesOf(before: readonly DraftRule[], after: readonly DraftRule[]): RuleDifference[] {
  const free = new Map(before.map((rule, index) => [index, rule]))
  const partner = new Map<number, number>()
  const pair = (isSame: (a: DraftRule, b: DraftRule) => boolean): void => {
    after.forEach((rule, index) => {
      if (partner.has(index)) return
      for (const [place, other] of free) {
        if (!isSame(other, rule)) continue
        partner.set(index, place)
        free.delete(place)
        return
      }
    })
  }
  pair((a, b) => a.title === b.title)
  pair((a, b) => sameText(contentOf(a.conditions), contentOf(b.conditions)) && a.target.code === b.target.code)
  const moved = movedAmong([...partner.entries()].toSorted(([a], [b]) => a - b).map(([, place]) => place))
  const found = after.flatMap((rule, index): RuleDifference[] => {
    const here = { rule, place: index + 1 }
    const place = partner.get(index)
    if (place === undefined) return [{ kind: 'added', before: null, after: here, fields: [] }]
    const old = before[place]!
    const fields: ChangedField[] = [...fieldsOf(old, rule), ...(moved.has(place) ? ['order' as const] : [])]
    return fields.length === 0 ? [] : [{ kind: 'changed', before: { rule: old, place: place + 1 }, after: here, fields }]
  })
  return [...found, ...[...free].map(([place, rule]): RuleDifference => ({ kind: 'removed', before: { rule, place: place + 1 }, after: null, fields: [] }))]
}

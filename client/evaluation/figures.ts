/** How figures of the evaluation are shown; pure. */
import type { Basis, EvaluatedObject, Figure, IndicatorView } from '../../server/contract/evaluation.ts'

/** Colours of the grades, best to worst, as custom properties of the theme; the word says the same. */
export const GRADE_COLOURS: Readonly<Record<number, string>> = { 1: 'var(--green)', 2: 'var(--blue)', 3: 'var(--t2)', 4: 'var(--amber)', 5: 'var(--red)' }

/** A value as written in a cell: percentages with two decimals, others with as many as they have. */
export function valueText(figure: Figure | undefined, unit: IndicatorView['unit'], number: (value: number, digits?: number) => string): string {
  if (!figure || figure.value === null) return '—'
  return unit === 'percent' ? `${figure.value.toFixed(2)}%` : number(figure.value, 2)
}

/** Ranked objects, and those that are listed apart. */
export function partRanked(objects: readonly EvaluatedObject[]): { ranked: EvaluatedObject[]; others: EvaluatedObject[] } {
  return { ranked: objects.filter((one) => one.rank !== null), others: objects.filter((one) => one.rank === null) }
}

/** Places of a bar from 0 to 100 and of its interval, in percent of the width. */
export function barOf(value: number | null, interval: readonly [number, number] | null): { value: number; from: number; width: number } | null {
  if (value === null) return null
  const cut = (one: number) => Math.min(100, Math.max(0, one))
  const [low, high] = interval ?? [value, value]
  return { value: cut(value), from: cut(low), width: Math.max(0, cut(high) - cut(low)) }
}

/** Whether the two ways of reading say different things. */
export function differs(figures: { exempted: Figure; raw: Figure } | undefined, basis: Basis): number | null {
  if (!figures || figures.exempted.value === figures.raw.value) return null
  return figures[basis === 'raw' ? 'exempted' : 'raw'].value
}

/** Whether nothing at all was counted; inhabitants, by whom some figures are divided, are no cases. */
export function isWithoutCases(objects: readonly EvaluatedObject[], byKey: ReadonlyMap<string, IndicatorView>): boolean {
  return objects.every((one) => one.sample === 0 && Object.entries(one.figures).every(([key, { exempted }]) => exempted.numerator === 0 && (byKey.get(key)?.denominator === null || (exempted.denominator ?? 0) === 0)))
}

/** The classes of a scheme as a tree, narrowed by words and choices. Pure. */
import type { CaseScheme } from '../stores/incidents.ts'

export type CaseClass = CaseScheme['classes'][number]

export interface ClassGroup {
  key: string
  kind: 'part' | 'event'
  code: string
  nameZh: string
  nameEn: string
  classes: CaseClass[]
}

export interface ClassQuestion {
  /** Words that all have to stand in code, names or conditions. */
  text: string
  kind: 'all' | 'part' | 'event'
  onlyUnverified: boolean
}

function fits(one: CaseClass, words: readonly string[]): boolean {
  const text = [one.code, one.nameZh, one.nameEn, ...one.conditions.flatMap(({ conditionZh, closingZh }) => [conditionZh, closingZh])].join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}

/** Large classes with those of their classes that fit, in the order of the scheme. Groups left empty are left out. */
export function groupClasses(scheme: Pick<CaseScheme, 'largeClasses' | 'classes'>, { text, kind, onlyUnverified }: ClassQuestion): ClassGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const isNarrow = words.length > 0 || onlyUnverified
  return scheme.largeClasses
    .filter((large) => kind === 'all' || large.kind === kind)
    .map((large) => ({ ...large, key: `${large.kind}:${large.code}`, classes: scheme.classes.filter((one) => one.kind === large.kind && one.largeCode === large.code && (!onlyUnverified || !one.verified) && fits(one, words)) }))
    .filter((group) => !isNarrow || group.classes.length > 0)
}

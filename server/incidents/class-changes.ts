/** What a new version of a scheme changes, pure: counted for the report, and class by class for the history. */
import type { ClassChange, ClassChanges, ClassContent } from '../contract/reference.ts'

/** Classes by `kind:code`. */
export type ClassContents = ReadonlyMap<string, ClassContent>

export type ChangedClass = Pick<ClassChange, 'change' | 'before' | 'after'> & { key: string }

const wordsOf = ({ conditionZh, closingZh, limitAmount, limitUnit }: ClassContent['conditions'][number]): string => JSON.stringify([conditionZh, closingZh, limitAmount, limitUnit])
const conditionsOf = (one: ClassContent | null | undefined): Set<string> => new Set((one?.conditions ?? []).map(wordsOf))
const headOf = ({ nameZh, nameEn, largeCode, isLocalExtension, defaultSeverity, verified }: ClassContent): string => JSON.stringify([nameZh, nameEn, largeCode, isLocalExtension, defaultSeverity, verified])

/**
 * Compares two states of a scheme.
 * @param heedsSource whether another source alone is a change: it is for a class edited by itself, not for a table that says the same.
 */
export function compareClasses(before: ClassContents, after: ClassContents, heedsSource: boolean): { changes: ClassChanges; changed: ChangedClass[] } {
  const changed: ChangedClass[] = []
  let conditionsAdded = 0
  let conditionsEnded = 0
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [then, now] = [before.get(key) ?? null, after.get(key) ?? null]
    const [held, wanted] = [conditionsOf(then), conditionsOf(now)]
    const added = [...wanted].filter((words) => !held.has(words)).length
    const ended = [...held].filter((words) => !wanted.has(words)).length
    conditionsAdded += added
    conditionsEnded += ended
    if (!then) changed.push({ key, change: 'added', before: null, after: now })
    else if (!now) changed.push({ key, change: 'ended', before: then, after: null })
    else if (added + ended > 0 || headOf(then) !== headOf(now) || (heedsSource && then.source !== now.source)) changed.push({ key, change: 'changed', before: then, after: now })
  }
  const keys = (change: ClassChange['change']) => changed.filter((one) => one.change === change).map(({ key }) => key)
  return { changes: { classesAdded: keys('added'), classesChanged: keys('changed'), classesEnded: keys('ended'), conditionsAdded, conditionsEnded }, changed }
}

/** One line of what changed, for the history. */
export function summaryOf(changes: ClassChanges): string {
  return `小类 +${changes.classesAdded.length} ~${changes.classesChanged.length} −${changes.classesEnded.length}，条件 +${changes.conditionsAdded} −${changes.conditionsEnded}`
}

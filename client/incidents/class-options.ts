import type { CaseScheme, IncidentCounts } from '../stores/incidents.ts'
import type { Locale } from '../stores/state.ts'

export interface ClassOption {
  /** As the filter says it: `event:01` for a large class, `event:0112` for a small one. */
  value: string
  label: string
  isLarge: boolean
}

/**
 * Large classes with their small ones under them, events before parts; numbers of the present filter behind those that have any.
 * Schemes that share a code share a line: the first scheme's name is shown.
 */
export function classOptions(schemes: readonly CaseScheme[], counts: IncidentCounts['byClass'], locale: Locale): ClassOption[] {
  const countOf = new Map(counts.map((one) => [one.key, one.count]))
  const options = new Map<string, ClassOption>()
  const add = (value: string, zh: string, en: string, isLarge: boolean) => {
    if (options.has(value)) return
    const count = countOf.get(value)
    const name = locale === 'zh' ? zh : en || zh
    options.set(value, { value, isLarge, label: count === undefined ? name : `${name}（${count}）` })
  }
  for (const kind of ['event', 'part'] as const) {
    for (const scheme of schemes) {
      for (const large of scheme.largeClasses.filter((one) => one.kind === kind)) {
        add(`${kind}:${large.code}`, large.nameZh, large.nameEn, true)
        for (const small of scheme.classes) if (small.kind === kind && small.largeCode === large.code) add(`${kind}:${small.code}`, small.nameZh, small.nameEn, false)
      }
    }
  }
  return [...options.values()]
}

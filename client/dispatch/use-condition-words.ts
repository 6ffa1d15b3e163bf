import { computed, inject, type InjectionKey, provide } from 'vue'
import { useWords } from '../i18n/use-words.ts'
import { type AreaOption, useAreas } from '../incidents/use-areas.ts'
import { useIncidentsStore } from '../stores/incidents.ts'
import type { ConditionWords } from './conditions.ts'

interface AreaSource {
  options: { readonly value: readonly AreaOption[] }
}
const AREAS: InjectionKey<AreaSource> = Symbol('areas of the city')

/** Fetches the city's areas once for everything on the page. */
export function provideAreas(): void {
  provide(AREAS, useAreas())
}

export function usePageAreas(): AreaSource {
  const areas = inject(AREAS)
  if (!areas) throw new Error('provideAreas has to be called by the page.')
  return areas
}

/** The words of `phrasesOf` in the language of the session. */
export function useConditionWords() {
  const { t, label, pick } = useWords()
  const incidents = useIncidentsStore()
  const areas = usePageAreas()
  const names = computed(() => {
    const found = new Map<string, string>()
    for (const scheme of incidents.schemes) {
      for (const one of [...scheme.largeClasses, ...scheme.classes]) {
        const key = `${one.kind}:${one.code}`
        if (!found.has(key)) found.set(key, `${one.code} ${pick(one.nameZh, one.nameEn)}`)
      }
    }
    return found
  })
  const areaNames = computed(() => new Map(areas.options.value.map((one) => [one.value, one.label])))
  return computed<ConditionWords>(() => ({
    part: t('dispatch.onlyParts'),
    event: t('dispatch.onlyEvents'),
    className: (kind, code) => (kind ? names.value.get(`${kind}:${code}`) : undefined) ?? code,
    areaName: (code) => areaNames.value.get(code.padEnd(12, '0')) ?? code,
    classes: (codes) => t('dispatch.classesAre', { names: codes }),
    areas: (codes) => t('dispatch.areasAre', { names: codes }),
    grids: (n) => t('dispatch.gridsAre', { n }),
    filing: (n) => t('dispatch.filingAre', { n }),
    days: (days) => t('dispatch.daysAre', { days }),
    dayNames: t('dispatch.dayNames').split(' '),
    between: (from, to) => t('dispatch.between', { from, to }),
    andMore: (n) => t('dispatch.andMore', { n }),
    label,
  }))
}

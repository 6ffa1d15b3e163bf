/** A rule's conditions in words, and the text fields people type them in. Pure. */
import type { RoutingConditions } from '../../server/contract/dispatch.ts'
import { SOURCE_LABELS } from '../../server/contract/incident-workflow.ts'

export interface ConditionWords {
  part: string
  event: string
  /** Name of a class of a kind; its code where none is known. */
  className: (kind: 'part' | 'event' | undefined, code: string) => string
  areaName: (code: string) => string
  classes: (names: string) => string
  areas: (names: string) => string
  grids: (count: number) => string
  filing: (ordinals: string) => string
  days: (days: string) => string
  dayNames: readonly string[]
  between: (from: string, to: string) => string
  andMore: (count: number) => string
  label: (label: { zh: string; en: string }) => string
}

/** Minutes of the day as `HH:MM`; 1440 is 24:00. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** `HH:MM` as minutes of the day; undefined when it is none. */
export function minuteOf(text: string): number | undefined {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim())
  if (!match) return undefined
  const minute = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minute <= 1440 ? minute : undefined
}

/** Codes out of what somebody typed: separated by anything that is no digit or letter. */
export function codesOf(text: string): string[] | undefined {
  const codes = [...new Set(text.split(/[^0-9A-Za-z]+/).filter((code) => code !== ''))]
  return codes.length > 0 ? codes : undefined
}

/** What a rule asks, one phrase each; none means that it fits every case. */
export function phrasesOf(conditions: RoutingConditions, words: ConditionWords): string[] {
  const { classKind, classCodes, conditionOrdinals, areaCodes, gridCodes, sources, weekdays, fromMinute, toMinute } = conditions
  const shown = (names: readonly string[]) => (names.length > 3 ? `${names.slice(0, 3).join(' / ')} ${words.andMore(names.length)}` : names.join(' / '))
  return [
    ...(classKind ? [classKind === 'part' ? words.part : words.event] : []),
    ...(classCodes ? [words.classes(shown(classCodes.map((code) => words.className(classKind, code))))] : []),
    ...(conditionOrdinals ? [words.filing(conditionOrdinals.join(' / '))] : []),
    ...(areaCodes ? [words.areas(shown(areaCodes.map(words.areaName)))] : []),
    ...(gridCodes ? [words.grids(gridCodes.length)] : []),
    ...(sources ? [sources.map((source) => words.label(SOURCE_LABELS[source])).join(' / ')] : []),
    ...(weekdays ? [words.days(weekdays.map((day) => words.dayNames[day - 1]).join(' '))] : []),
    ...(fromMinute !== undefined && toMinute !== undefined ? [words.between(clockOf(fromMinute), clockOf(toMinute))] : []),
  ]
}

/** Without the parts that ask nothing, and without filing conditions of a class that is not the only one. */
export function tidy(conditions: { [Key in keyof RoutingConditions]?: RoutingConditions[Key] | undefined }): RoutingConditions {
  const { conditionOrdinals, ...others } = conditions
  const isOneClass = others.classKind !== undefined && others.classCodes?.length === 1 && (others.classCodes[0]?.length ?? 0) > 2
  return Object.fromEntries(Object.entries({ ...others, ...(isOneClass ? { conditionOrdinals } : {}) }).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))) as RoutingConditions
}

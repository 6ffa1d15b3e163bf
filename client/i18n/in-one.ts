import type { Locale } from '../stores/state.ts'

/** One language of names that the contract has in both. */
export function inOne<Key extends string>(names: Readonly<Record<Key, Readonly<Record<Locale, string>>>>, locale: Locale): Record<Key, string> {
  return Object.fromEntries(Object.entries<Readonly<Record<Locale, string>>>(names).map(([key, name]) => [key, name[locale]])) as Record<Key, string>
}

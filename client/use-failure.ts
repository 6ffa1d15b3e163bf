import { useI18n } from 'vue-i18n'
import { inOwnLanguage } from './i18n/own-language.ts'
import { useWords } from './i18n/use-words.ts'
import type { Failure } from './stores/loading.ts'

/** What happens everywhere and is said in our own words; any other refusal speaks of this very request. */
const GENERAL: readonly Failure['code'][] = ['unavailable', 'timeout', 'internal', 'storage_full', 'too_many_requests', 'unauthenticated']
const MOST_FIELDS = 5

/** The field that a path of a request ends in: `body.conditions.0.limitAmount` is about `limitAmount`. */
export function fieldOf(path: string): string {
  return path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? path
}

/** A failure, or an error of `call`, as a sentence of the session's language. */
export function useFailure() {
  const { te } = useI18n()
  const { t, locale } = useWords()

  /** What the form calls a field; one that no form has is named as the request names it. */
  function nameOf(path: string): string {
    const field = fieldOf(path)
    return te(`fields.${field}`) ? t(`fields.${field}`) : field
  }

  function sentenceOf(failure: Failure): string
  function sentenceOf(failure: Failure | null | undefined): string | null
  function sentenceOf(failure: Failure | null | undefined): string | null {
    if (!failure) return null
    const isGeneral = GENERAL.includes(failure.code)
    const words = isGeneral ? t(`error.${failure.code}`) : inOwnLanguage(failure.message, locale.value)
    const fields = failure.fields.slice(0, MOST_FIELDS).map(({ path, message }) => t('error.ofField', { name: nameOf(path), message: inOwnLanguage(message, locale.value).replace(/[。.]$/, '') }))
    const quoted = isGeneral && failure.requestId ? ` ${t('error.quote', { id: failure.requestId })}` : ''
    const sentence = fields.length === 0 ? words : t('error.fields', { sentence: words, fields: fields.join(t('error.nextField')) })
    return `${sentence}${quoted}`
  }

  return { nameOf, sentenceOf }
}

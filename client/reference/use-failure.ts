import { inOwnLanguage } from '../i18n/own-language.ts'
import { useWords } from '../i18n/use-words.ts'
import type { Failure } from '../stores/loading.ts'

const GENERAL: readonly Failure['code'][] = ['unavailable', 'timeout', 'internal', 'storage_full', 'too_many_requests', 'unauthenticated']

/** A failure as a sentence of the session's language: the server's own where it speaks of this very request. */
export function useFailure() {
  const { t, locale } = useWords()

  function sentenceOf(failure: Failure | null): string | null {
    if (!failure) return null
    const words = GENERAL.includes(failure.code) ? t(`error.${failure.code}`) : inOwnLanguage(failure.message, locale.value)
    const fields = failure.fields.slice(0, 5).map(({ path, message }) => `${path}: ${inOwnLanguage(message, locale.value)}`).join('; ')
    return `${words}${fields === '' ? '' : ` (${fields})`}`
  }

  return { sentenceOf }
}

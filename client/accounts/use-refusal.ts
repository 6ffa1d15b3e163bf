import type { Permission } from '../../server/contract/permissions.ts'
import { ApiError } from '../api.ts'
import { inOwnLanguage } from '../i18n/own-language.ts'
import { useWords } from '../i18n/use-words.ts'
import { useAccountStore } from '../stores/account.ts'

/** Why a button is grey, and what a refusal of the server says, in the language of the session. */
export function useRefusal() {
  const account = useAccountStore()
  const { label, t, locale } = useWords()

  function reasonOf(permission: Permission): string | null {
    const refusal = account.refusalOf(permission)
    return refusal === null ? null : label(refusal)
  }

  /** A sentence for what went wrong: the server's own where it speaks of this very request, ours for what happens everywhere. */
  function sentenceOf(error: unknown): string {
    if (!(error instanceof ApiError)) throw error
    const general = ['unavailable', 'timeout', 'internal', 'storage_full', 'too_many_requests'].includes(error.code)
    const fields = error.fields.map((field) => `${field.path}: ${field.message}`).join('; ')
    const words = general ? t(`error.${error.code}`) : inOwnLanguage(error.message, locale.value)
    const quoted = general && error.requestId ? ` ${t('error.quote', { id: error.requestId })}` : ''
    return `${words}${fields ? ` (${fields})` : ''}${quoted}`
  }

  return { reasonOf, sentenceOf }
}

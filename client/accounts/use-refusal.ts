import type { Permission } from '../../server/contract/permissions.ts'
import { useWords } from '../i18n/use-words.ts'
import { useAccountStore } from '../stores/account.ts'

/** Why a button is grey, in the language of the session. */
export function useRefusal() {
  const account = useAccountStore()
  const { label } = useWords()

  function reasonOf(permission: Permission): string | null {
    const refusal = account.refusalOf(permission)
    return refusal === null ? null : label(refusal)
  }

  return { reasonOf }
}

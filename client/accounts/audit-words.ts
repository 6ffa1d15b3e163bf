import { type AnyRole, ROLE_LABELS } from '../../server/contract/permissions.ts'
import type { AuditEntryView } from '../../server/contract/audit.ts'
import { useWords } from '../i18n/use-words.ts'
import { zhPeople } from '../i18n/zh-people.ts'

/** Parts of the work the log is divided by; a busy one has lanes (`incidents/07`). */
export const DOMAINS = Object.keys(zhPeople.people.domains)
/** Actions that have words; one without is shown by its own name. */
export const ACTIONS = Object.keys(zhPeople.people.actions)

/** Entries of the log in words. */
export function useAuditWords() {
  const { t, label } = useWords()

  const actionOf = (action: string): string => (ACTIONS.includes(action) ? t(`people.actions.${action}`) : action)

  function domainOf(entry: Pick<AuditEntryView, 'domain'>): string {
    const [domain = ''] = entry.domain.split('/')
    return DOMAINS.includes(domain) ? t(`people.domains.${domain}`) : domain
  }

  const rolesOf = (entry: Pick<AuditEntryView, 'actorRoles'>): string => entry.actorRoles.map((role) => (role in ROLE_LABELS ? label(ROLE_LABELS[role as AnyRole]) : role)).join(' · ')

  return { actionOf, domainOf, rolesOf }
}

import { computed } from 'vue'
import type { IncidentClass } from '../stores/incident-columns.ts'
import { useIncidentsStore } from '../stores/incidents.ts'
import { useSessionStore } from '../stores/session.ts'

/**
 * The class of an incident in the session's language. Incidents carry the Chinese name that held when they were reported;
 * English is the class table's word for that very name, and a source's own name, which no table knows, stays as it is.
 */
export function useClassName(): (incident: IncidentClass) => string {
  const incidents = useIncidentsStore()
  const session = useSessionStore()
  const keyOf = (kind: string, code: string, name: string): string => `${kind}:${code}:${name}`
  const english = computed(() => new Map(incidents.schemes.flatMap((scheme) => scheme.classes.map((one) => [keyOf(one.kind, one.code, one.nameZh), one.nameEn] as const))))
  return (incident) => (session.locale === 'zh' ? incident.className : english.value.get(keyOf(incident.classKind, incident.classCode, incident.className)) || incident.className)
}

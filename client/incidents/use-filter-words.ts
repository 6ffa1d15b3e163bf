import { SOURCE_LABELS, STATE_LABELS } from '../../server/contract/incident-workflow.ts'
import { type IncidentFilterInput, type IncidentSource, type IncidentState } from '../../server/contract/incidents.ts'
import { QUEUES } from '../../server/contract/queues.ts'
import { useWords } from '../i18n/use-words.ts'
import { useIncidentsStore } from '../stores/incidents.ts'
import { useSessionStore } from '../stores/session.ts'
import { listOf, periodOf } from './filter-fields.ts'

/** The conditions of a filter in words, one each. */
export function useFilterWords() {
  const incidents = useIncidentsStore()
  const session = useSessionStore()
  const { t, label, pick, dateTime } = useWords()

  function className(reference: string): string {
    const [kind, code] = reference.split(':')
    for (const scheme of incidents.schemes) {
      const found = scheme.classes.find((one) => one.kind === kind && one.code === code) ?? scheme.largeClasses.find((one) => one.kind === kind && one.code === code)
      if (found) return pick(found.nameZh, found.nameEn)
    }
    return reference
  }

  function period(filter: IncidentFilterInput): string {
    const preset = periodOf(filter, Date.now() + session.clockOffset)
    return preset === 'custom' ? `${dateTime(filter.from)} – ${dateTime(filter.to)}` : t(`incidents.${preset}`)
  }

  function wordsOf(filter: IncidentFilterInput): string[] {
    const { queue, status, from, to, text, boundingBox } = filter
    const many = (name: string, values: readonly string[]) => (values.length === 0 ? [] : [`${name}：${values.join('、')}`])
    return [
      ...(queue ? [pick(QUEUES[queue].labelZh, QUEUES[queue].labelEn)] : []),
      ...(status ? [t(`incidents.${status}`)] : []),
      ...(text ? [`“${text}”`] : []),
      ...many(t('incidents.states'), listOf(filter, 'states').map((one) => label(STATE_LABELS[one as IncidentState]))),
      ...many(t('incidents.severity'), listOf(filter, 'severities').map((one) => t(`incidents.severity${one}`))),
      ...many(t('incidents.source'), listOf(filter, 'sources').map((one) => label(SOURCE_LABELS[one as IncidentSource]))),
      ...many(t('incidents.class'), listOf(filter, 'classes').map(className)),
      ...many(t('incidents.area'), listOf(filter, 'areas')),
      ...(from !== undefined || to !== undefined ? [`${t('incidents.time')}：${period(filter)}`] : []),
      ...(boundingBox ? [t('incidents.inView')] : []),
      ...(filter.includeDrills === 'true' ? [t('incidents.drills')] : []),
      ...(filter.includeOutside === 'true' ? [t('incidents.outside')] : []),
    ]
  }

  return { wordsOf }
}

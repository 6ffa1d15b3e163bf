import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { isEnded, isOverdue, LIMIT_RUNNING_STATES } from '../../server/contract/incident-workflow.ts'
import type { IncidentSummary } from '../../server/contract/incidents.ts'
import { useSessionStore } from '../stores/session.ts'
import { areaQuantity, formatBytes, formatDate, formatDateTime, formatDuration, formatNumber, formatPercent, formatTime, lengthQuantity } from './format.ts'

/** Words and figures in the language and the city's time of the session. */
export function useWords() {
  const { t } = useI18n()
  const session = useSessionStore()
  const locale = computed(() => session.locale)
  const timeZone = computed(() => session.city?.timeZone ?? 'Asia/Shanghai')

  /** One of a pair of texts. */
  const pick = (zh: string, en: string): string => (locale.value === 'zh' ? zh : en || zh)
  const label = (one: { zh: string; en: string }): string => pick(one.zh, one.en)
  const number = (value: number | null | undefined, digits = 0): string => (value === null || value === undefined ? '—' : formatNumber(value, locale.value, digits))
  const percent = (ratio: number | null | undefined, digits = 2): string => (ratio === null || ratio === undefined ? t('common.noValue') : formatPercent(ratio, locale.value, digits))
  const withUnit = ({ text, unit }: { text: string; unit: string }): string => (unit === '' ? text : `${text} ${t(`units.${unit}`)}`)
  const area = (squareMeters: number | null | undefined): string => (squareMeters === null || squareMeters === undefined ? '—' : withUnit(areaQuantity(squareMeters, locale.value)))
  const length = (meters: number | null | undefined): string => (meters === null || meters === undefined ? '—' : withUnit(lengthQuantity(meters, locale.value)))
  /** From one length to another; the unit once where both are in the same. */
  const lengthChange = (from: number | null, to: number | null): string => {
    const [was, is] = [from, to].map((meters) => (meters === null ? null : lengthQuantity(meters, locale.value)))
    return `${was && is && was.unit === is.unit ? was.text : length(from)} → ${length(to)}`
  }
  const dateTime = (instant: string | number | null | undefined): string => (instant === null || instant === undefined ? '—' : formatDateTime(instant, locale.value, timeZone.value, Date.now()))
  const time = (instant: string | number, withSeconds = false): string => formatTime(instant, locale.value, timeZone.value, withSeconds)
  const date = (instant: string | number): string => formatDate(instant, timeZone.value)
  const duration = (milliseconds: number): string => formatDuration(milliseconds, { day: t('units.day'), hour: t('units.hour'), minute: t('units.minute'), second: t('units.second') })
  const bytes = (size: number): string => formatBytes(size, locale.value)

  /** What is left of an incident's limit, or by how much it is over; `serverNow` in ms since 1970. */
  function due(incident: Pick<IncidentSummary, 'state' | 'dueAt'>, serverNow: number): { text: string; isLate: boolean } {
    if (isEnded(incident.state)) return { text: t('incidents.dueStopped'), isLate: false }
    if (incident.dueAt === null || !(LIMIT_RUNNING_STATES as readonly string[]).includes(incident.state)) return { text: t('incidents.noDue'), isLate: false }
    const span = Date.parse(incident.dueAt) - serverNow
    return isOverdue(incident, serverNow) ? { text: t('incidents.overdueBy', { t: duration(-span) }), isLate: true } : { text: t('incidents.dueIn', { t: duration(span) }), isLate: false }
  }

  return { due, t, locale, timeZone, pick, label, number, percent, area, length, lengthChange, dateTime, time, date, duration, bytes }
}

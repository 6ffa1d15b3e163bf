/** Figures as people read them: units chosen by size, 24-hour time, no value said as such. Pure. */
import type { Locale } from '../stores/state.ts'

/** A number and its unit apart, so that the unit can be set quietly beside it. */
export interface Quantity {
  text: string
  unit: 'm2' | 'ha' | 'km2' | 'm' | 'km' | ''
}

const TAGS: Record<Locale, string> = { zh: 'zh-CN', en: 'en-GB' }

/** A number with thousands separators and at most `digits` decimals. */
export function formatNumber(value: number, locale: Locale, digits = 0): string {
  return new Intl.NumberFormat(TAGS[locale], { maximumFractionDigits: digits }).format(value)
}

/** A ratio as percent with a fixed number of decimals. */
export function formatPercent(ratio: number, locale: Locale, digits = 2): string {
  return new Intl.NumberFormat(TAGS[locale], { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(ratio)
}

/** Square metres below 1 ha, hectares below 1 km², square kilometres above. */
export function areaQuantity(squareMeters: number, locale: Locale): Quantity {
  if (squareMeters < 10_000) return { text: formatNumber(squareMeters, locale, 0), unit: 'm2' }
  if (squareMeters < 1_000_000) return { text: formatNumber(squareMeters / 10_000, locale, 2), unit: 'ha' }
  return { text: formatNumber(squareMeters / 1_000_000, locale, 2), unit: 'km2' }
}

/** Metres below 1 km, kilometres above. */
export function lengthQuantity(meters: number, locale: Locale): Quantity {
  if (meters < 1_000) return { text: formatNumber(meters, locale, meters < 10 ? 1 : 0), unit: 'm' }
  return { text: formatNumber(meters / 1_000, locale, 2), unit: 'km' }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(locale: Locale, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${timeZone}|${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-CA', { ...options, timeZone, hourCycle: 'h23' })
  formats.set(key, made)
  return made
}

/** `11-22 08:42`, with the year before it when it is not this one. */
export function formatDateTime(instant: string | number, locale: Locale, timeZone: string, now: number): string {
  const date = new Date(instant)
  const parts = (at: Date) => Object.fromEntries(dateFormat(locale, timeZone, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(at).map(({ type, value }) => [type, value]))
  const { year, month, day, hour, minute } = parts(date)
  const text = `${month}-${day} ${hour}:${minute}`
  return year === parts(new Date(now)).year ? text : `${year}-${text}`
}

/** `08:42`, or `08:42:07` with seconds. */
export function formatTime(instant: string | number, locale: Locale, timeZone: string, withSeconds = false): string {
  return dateFormat(locale, timeZone, { hour: '2-digit', minute: '2-digit', ...(withSeconds ? { second: '2-digit' } : {}) }).format(new Date(instant))
}

/** `2026-11-22` */
export function formatDate(instant: string | number, timeZone: string): string {
  const parts = Object.fromEntries(dateFormat('zh', timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))
  return `${parts.year}-${parts.month}-${parts.day}`
}

export interface DurationWords {
  day: string
  hour: string
  minute: string
  second: string
}

/** The two largest parts of a span: `2 天 3 小时`, `14 分`, `8 秒`. */
export function formatDuration(milliseconds: number, words: DurationWords): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), words.day],
    [Math.floor(seconds / 3_600) % 24, words.hour],
    [Math.floor(seconds / 60) % 60, words.minute],
    [seconds % 60, words.second],
  ]
  const first = parts.findIndex(([amount]) => amount > 0)
  if (first === -1) return `0 ${words.second}`
  // Seconds matter only below a quarter of an hour.
  const kept = parts.slice(first, first + 2).filter(([amount, word]) => amount > 0 && !(word === words.second && seconds >= 900))
  return kept.map(([amount, word]) => `${amount} ${word}`).join(' ')
}

/** `34.2 MB`; 1 MB = 1,000,000 bytes. */
export function formatBytes(bytes: number, locale: Locale): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${formatNumber(bytes / 1_000, locale, 0)} kB`
  if (bytes < 1_000_000_000) return `${formatNumber(bytes / 1_000_000, locale, 1)} MB`
  return `${formatNumber(bytes / 1_000_000_000, locale, 2)} GB`
}

/** Words and figures of a report in one language, rounded as the console rounds them. */
import type { ReportLanguage } from '../contract/planning-report.ts'

export interface Pair {
  zh: string
  en: string
}

/** Chinese to its last sign, then English. */
const BOTH = /^([\s\S]*[\u3000-\u9fff\uff00-\uffef])\s+([^\u3000-\u9fff\uff00-\uffef]*[A-Za-z][^\u3000-\u9fff\uff00-\uffef]*)$/

const TAGS: Record<ReportLanguage, string> = { zh: 'zh-CN', en: 'en-GB' }

export interface ReportWords {
  language: ReportLanguage
  pick(zh: string, en: string): string
  label(pair: Pair): string
  /** The half in the reader's language of a text that says one thing in both; any other as it is. */
  own(text: string): string
  number(value: number | null | undefined, digits?: number): string
  /** Two decimals; `—` where there is no value. */
  percent(ratio: number | null | undefined, digits?: number): string
  area(squareMeters: number | null | undefined): string
  length(meters: number | null | undefined): string
  dateTime(instant: string): string
  date(instant: string): string
}

/** Words in a language, times in a city's zone. */
export function wordsIn(language: ReportLanguage, timeZone: string): ReportWords {
  const pick = (zh: string, en: string) => (language === 'zh' ? zh : en)
  const number = (value: number | null | undefined, digits = 0) => (value === null || value === undefined ? '—' : new Intl.NumberFormat(TAGS[language], { maximumFractionDigits: digits }).format(value))
  const partsOf = (instant: string) =>
    Object.fromEntries(new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))
  const date = (instant: string) => {
    const { year, month, day } = partsOf(instant)
    return `${year}-${month}-${day}`
  }
  return {
    language, pick, number, date,
    own(text) {
      const halves = BOTH.exec(text)
      return halves?.[1] && halves[2] ? pick(halves[1], halves[2]) : text
    },
    label: (pair) => pick(pair.zh, pair.en),
    percent: (ratio, digits = 2) => (ratio === null || ratio === undefined ? '—' : new Intl.NumberFormat(TAGS[language], { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(ratio)),
    area(squareMeters) {
      if (squareMeters === null || squareMeters === undefined) return '—'
      if (squareMeters < 10_000) return `${number(squareMeters)} m²`
      return squareMeters < 1_000_000 ? `${number(squareMeters / 10_000, 2)} ha` : `${number(squareMeters / 1_000_000, 2)} km²`
    },
    length(meters) {
      if (meters === null || meters === undefined) return '—'
      return meters < 1000 ? `${number(meters, meters < 10 ? 1 : 0)} m` : `${number(meters / 1000, 2)} km`
    },
    dateTime(instant) {
      const { hour, minute } = partsOf(instant)
      return `${date(instant)} ${hour}:${minute}`
    },
  }
}

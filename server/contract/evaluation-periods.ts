/** Cycles of the evaluation and their periods, in local calendar days; pure. */
import { z } from 'zod'

export const Cycle = z.enum(['day', 'week', 'month', 'quarter', 'half_year', 'year'])
export type Cycle = z.infer<typeof Cycle>

export const CYCLE_LABELS = {
  day: { zh: '日', en: 'Day' },
  week: { zh: '周', en: 'Week' },
  month: { zh: '月', en: 'Month' },
  quarter: { zh: '季', en: 'Quarter' },
  half_year: { zh: '半年', en: 'Half-year' },
  year: { zh: '年', en: 'Year' },
} as const satisfies Record<Cycle, { zh: string; en: string }>

/** A local calendar day, `YYYY-MM-DD`, that exists. */
export const Day = z.iso.date().refine((text) => /^(19|2\d)\d\d-/.test(text), 'must lie between 1900 and 2999')

/** From the first moment of `fromDay` to the first moment of `untilDay`, in the city's time. */
export interface Period {
  cycle: Cycle
  fromDay: string
  untilDay: string
}

const MONTHS: Partial<Record<Cycle, number>> = { month: 1, quarter: 3, half_year: 6, year: 12 }
const DAY_MILLISECONDS = 86_400_000

const utc = (day: string): Date => new Date(`${day}T00:00:00Z`)
const textOf = (at: Date): string => at.toISOString().slice(0, 10)

/** A day so many days later; negative counts go back. */
export function addDays(day: string, count: number): string {
  return textOf(new Date(utc(day).getTime() + count * DAY_MILLISECONDS))
}

/** The period of a cycle that holds a day; weeks begin on Monday. */
export function periodOf(cycle: Cycle, day: string): Period {
  const at = utc(day)
  const months = MONTHS[cycle]
  if (months !== undefined) {
    const first = at.getUTCMonth() - (at.getUTCMonth() % months)
    return { cycle, fromDay: textOf(new Date(Date.UTC(at.getUTCFullYear(), first, 1))), untilDay: textOf(new Date(Date.UTC(at.getUTCFullYear(), first + months, 1))) }
  }
  const fromDay = cycle === 'week' ? addDays(day, -((at.getUTCDay() + 6) % 7)) : day
  return { cycle, fromDay, untilDay: addDays(fromDay, cycle === 'week' ? 7 : 1) }
}

/** The period before (-1) or after (1). */
export function neighbourPeriod(period: Period, step: -1 | 1): Period {
  return periodOf(period.cycle, step < 0 ? addDays(period.fromDay, -1) : period.untilDay)
}

/** A period as people name it: `2026年10月`, `2026 Q4`, `2026-10-05 – 2026-10-11`. */
export function periodName({ cycle, fromDay, untilDay }: Period): { zh: string; en: string } {
  const [year = '', month = ''] = fromDay.split('-')
  const number = Number(month)
  switch (cycle) {
    case 'day':
      return { zh: fromDay, en: fromDay }
    case 'week': {
      const name = `${fromDay} – ${addDays(untilDay, -1)}`
      return { zh: name, en: name }
    }
    case 'month':
      return { zh: `${year}年${number}月`, en: `${year}-${month}` }
    case 'quarter':
      return { zh: `${year}年第${(number - 1) / 3 + 1}季度`, en: `${year} Q${(number - 1) / 3 + 1}` }
    case 'half_year':
      return { zh: `${year}年${number === 1 ? '上' : '下'}半年`, en: `${year} H${number === 1 ? 1 : 2}` }
    case 'year':
      return { zh: `${year}年`, en: year }
  }
}

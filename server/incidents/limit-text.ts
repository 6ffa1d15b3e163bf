/** Limits as cities write them, pure: `2紧急工作时`, `4 小时`, `1工作日`. Text that is not understood is an error, never a default. */
import type { Limit, LimitUnit } from './clocks.ts'

/** A text that is no limit. The message says why and how to write one. */
export class LimitTextError extends Error {}

const UNITS: Record<string, { unit: LimitUnit; isLoose?: true }> = {
  紧急工作时: { unit: 'urgent_hour' }, 紧急小时: { unit: 'urgent_hour' }, 紧急工作小时: { unit: 'urgent_hour' }, 连续小时: { unit: 'urgent_hour' },
  紧急工作日: { unit: 'urgent_day' }, 紧急日: { unit: 'urgent_day' },
  工作时: { unit: 'work_hour' }, 工作小时: { unit: 'work_hour' },
  工作日: { unit: 'work_day' }, 工作天: { unit: 'work_day' },
  自然日: { unit: 'natural_day' }, 日历日: { unit: 'natural_day' }, 自然天: { unit: 'natural_day' },
  // Two exports of one document write 小时 and 天 where the other has 工作时 and 工作日.
  小时: { unit: 'work_hour', isLoose: true }, 时: { unit: 'work_hour', isLoose: true }, h: { unit: 'work_hour', isLoose: true },
  天: { unit: 'work_day', isLoose: true }, 日: { unit: 'work_day', isLoose: true },
  urgent_hour: { unit: 'urgent_hour' }, urgent_day: { unit: 'urgent_day' }, work_hour: { unit: 'work_hour' }, work_day: { unit: 'work_day' }, natural_day: { unit: 'natural_day' },
  UH: { unit: 'urgent_hour' }, UD: { unit: 'urgent_day' }, WH: { unit: 'work_hour' }, WD: { unit: 'work_day' },
}

const DIGITS: Record<string, number> = { 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 }
const MOST = 1000

function numberOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  const match = /^([一二两三四五六七八九])?(十)?([一二三四五六七八九])?$/.exec(text)
  if (!match || text === '') return undefined
  const [, tens, ten, ones] = match
  if (!ten) return ones === undefined && tens ? DIGITS[tens] : undefined
  return (tens ? (DIGITS[tens] ?? 1) : 1) * 10 + (ones ? (DIGITS[ones] ?? 0) : 0)
}

export interface ReadLimit extends Limit {
  /** The unit was written without saying whether nights and holidays count: it was taken for working time. */
  isLoose: boolean
}

/**
 * Reads a limit. Widths of characters, spaces and 个 do not matter.
 * @throws LimitTextError for anything else, an amount that is not whole, or is zero.
 */
export function readLimitText(written: string): ReadLimit {
  const text = written.normalize('NFKC').replaceAll(/\s+/g, '')
  const hint = '可写：2紧急工作时、1紧急工作日、4工作时、3工作日、7自然日'
  if (text === '') throw new LimitTextError(`没有时限。${hint}。There is no limit; write an amount and a unit as in the template.`)
  const match = /^(\d+(?:\.\d+)?|[一二两三四五六七八九十]+)个?(\D+)$/.exec(text)
  const amount = match?.[1] === undefined ? undefined : numberOf(match[1])
  const unit = match?.[2] === undefined || !Object.hasOwn(UNITS, match[2]) ? undefined : UNITS[match[2]]
  if (amount === undefined || !unit) throw new LimitTextError(`看不懂时限“${written}”。${hint}。The limit is not understood; write an amount and a unit as in the template.`)
  if (!Number.isInteger(amount) || amount < 1 || amount > MOST) throw new LimitTextError(`时限“${written}”须为 1 至 ${MOST} 的整数，半天请写成工作时。The limit has to be a whole number from 1 to ${MOST}; write half days as working hours.`)
  return { amount, unit: unit.unit, isLoose: unit.isLoose === true }
}

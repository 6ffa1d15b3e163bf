/** The working slots around a period as local texts, for statements that measure working time. */
import { addDays } from '../contract/evaluation-periods.ts'
import { isWorkday, type WorkCalendar } from '../incidents/clocks.ts'
import type { WorkSlots } from './fact-queries.ts'

/** Handling that began longer ago than this counts from here. */
const LOOK_BACK_DAYS = 400

function clockText(day: string, minute: number): string {
  const whole = minute === 24 * 60 ? { day: addDays(day, 1), minute: 0 } : { day, minute }
  return `${whole.day} ${String(Math.floor(whole.minute / 60)).padStart(2, '0')}:${String(whole.minute % 60).padStart(2, '0')}`
}

/** Slots from 400 days before `fromDay` until the day before `untilDay`, in order. */
export function workSlots(calendar: WorkCalendar, fromDay: string, untilDay: string): WorkSlots {
  const slots: WorkSlots = { from: [], to: [] }
  for (let day = addDays(fromDay, -LOOK_BACK_DAYS); day < untilDay; day = addDays(day, 1)) {
    if (!isWorkday(day, calendar)) continue
    const range = calendar.slots.find(({ from, to }) => (from === undefined || from <= day) && (to === undefined || day <= to))
    for (const slot of range?.slots ?? []) {
      slots.from.push(clockText(day, slot.fromMinute))
      slots.to.push(clockText(day, slot.toMinute))
    }
  }
  return slots
}

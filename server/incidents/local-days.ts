/** Days of a time zone for very many instants: asking the zone for each would take longer than reading them. */
import { localDay } from './clocks.ts'

const DAY = 86_400_000
const QUARTER = 900_000

/** One UTC day: the local day that it begins in, and from which of its quarters on the next one holds. No zone's midnight lies within a quarter of an hour. */
interface DaySplit {
  before: string
  after: string
  firstQuarterAfter: number
}

function splitOf(utcDay: number, timeZone: string): DaySplit {
  const dayAt = (quarter: number) => localDay(new Date(utcDay * DAY + quarter * QUARTER), timeZone)
  const [before, after] = [dayAt(0), dayAt(95)]
  let [low, high] = [0, before === after ? 0 : 95]
  while (low < high) {
    const middle = (low + high) >> 1
    if (dayAt(middle) === before) low = middle + 1
    else high = middle
  }
  return { before, after, firstQuarterAfter: low }
}

const splits = new Map<string, Map<number, DaySplit>>()

/** Reads instants, in milliseconds since 1970, as local days `YYYY-MM-DD`. */
export function localDayReader(timeZone: string): (at: number) => string {
  const known = splits.get(timeZone) ?? new Map<number, DaySplit>()
  splits.set(timeZone, known)
  return (at) => {
    const utcDay = Math.floor(at / DAY)
    let split = known.get(utcDay)
    if (!split) {
      split = splitOf(utcDay, timeZone)
      known.set(utcDay, split)
    }
    return at - utcDay * DAY >= split.firstQuarterAfter * QUARTER ? split.after : split.before
  }
}

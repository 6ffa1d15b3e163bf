/** Days as the city counts them, and the instants they begin at. Pure. */

function wallOffset(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second']) - Math.floor(instant / 1000) * 1000
}

/** The instant at which a local day (`YYYY-MM-DD`) begins, `daysLater` days on. */
export function dayStart(day: string, timeZone: string, daysLater = 0): string {
  const wall = Date.parse(`${day}T00:00:00Z`) + daysLater * 86_400_000
  const guess = wall - wallOffset(wall, timeZone)
  return new Date(wall - wallOffset(guess, timeZone)).toISOString()
}

/** First and last day of the calendar month before the one a day is in. */
export function monthBefore(day: string): { from: string; to: string } {
  const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`)
  const last = new Date(first.getTime() - 86_400_000).toISOString().slice(0, 10)
  return { from: `${last.slice(0, 7)}-01`, to: last }
}

/** The `count` days that end with a day. */
export function daysUntil(day: string, count: number): { from: string; to: string } {
  return { from: new Date(Date.parse(`${day}T00:00:00Z`) - (count - 1) * 86_400_000).toISOString().slice(0, 10), to: day }
}

/** Values of a file's cells as fields of ours. */
import type { FieldRule } from './kinds.ts'

/** A value that cannot be what its field asks for. */
export class ValueError extends Error {}

const TRUE_WORDS = new Set(['true', 'yes', 'y', '1', 't', '是', '有', '真'])
const FALSE_WORDS = new Set(['false', 'no', 'n', '0', 'f', '否', '无', '無', '假'])

/** Zero bytes and halves of characters cannot be stored as text; they are dropped. */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}

/** The same for every text inside a value. */
export function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanValue)
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleanValue(inner)]))
  return value
}

function parseNumber(value: unknown, field: FieldRule): number {
  const text = typeof value === 'string' ? value.trim().replaceAll(/(?<=\d),(?=\d{3}\b)/g, '') : value
  const number = typeof text === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new ValueError(`${JSON.stringify(value)} is not a number`)
  const { minimum = -Infinity, maximum = Infinity } = field
  if (number < minimum || number > maximum) throw new ValueError(`${number} is outside ${minimum} to ${maximum}`)
  if (field.type === 'integer' && !Number.isInteger(number)) return Math.round(number)
  return number
}

/** Minutes by which a time zone is ahead of UTC at an instant. */
function offsetMinutes(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(instant)
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Math.round((Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second')) - Math.floor(instant / 1000) * 1000) / 60_000)
}

const INSTANT = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i

/**
 * An instant in ISO 8601. A time without zone is the city's local time; a date alone is its midnight.
 * @throws ValueError when it is no time, or a day that does not exist.
 */
export function parseInstant(value: unknown, timeZone: string): string {
  const match = INSTANT.exec(String(value).trim())
  if (!match) throw new ValueError(`${JSON.stringify(value)} is not a time like 2023-06-01T15:34:43 or 2023/6/1 15:34`)
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  const milliseconds = Number(`${fraction}000`.slice(0, 3))
  const asUtc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), milliseconds)
  const date = new Date(asUtc)
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) throw new ValueError(`${JSON.stringify(value)} is a day or time that does not exist`)
  if (zone) {
    const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d{2}):?(\d{2})?/.exec(zone) ?? []
    const offset = /z/i.test(zone) ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
    return new Date(asUtc - offset * 60_000).toISOString()
  }
  // Twice, because the first offset is taken at an instant that may lie beyond a change of clocks.
  const near = asUtc - offsetMinutes(asUtc, timeZone) * 60_000
  return new Date(asUtc - offsetMinutes(near, timeZone) * 60_000).toISOString()
}

/** Minutes since midnight of `22:00`; `24:00` is the end of the day. */
function parseTimeOfDay(value: unknown): number {
  const match = /^(\d{1,2})[:：](\d{2})(?::00)?$/.exec(String(value).trim())
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : NaN
  if (!match || Number(match[2]) > 59 || minutes > 1440) throw new ValueError(`${JSON.stringify(value)} is not a time of day like 22:00`)
  return minutes
}

/** `0401、part:0305` as `event:0401,part:0305`; a code alone is an event's. */
function parseClasses(value: unknown): string {
  const words = String(value).split(/[\s,，、;；|]+/).filter(Boolean)
  return words.map((word) => {
    const match = /^(?:(event|part|事件|部件):)?(\d{2}|\d{4,5})$/.exec(word.replace('：', ':'))
    if (!match) throw new ValueError(`${JSON.stringify(word)} is not a class like event:0401 (small class) or event:04 (large class)`)
    return `${match[1] === 'part' || match[1] === '部件' ? 'part' : 'event'}:${match[2]}`
  }).join(',')
}

/**
 * A cell as the value of a field; null when the cell is empty.
 * @throws ValueError saying why it cannot be.
 */
export function parseValue(value: unknown, field: FieldRule, timeZone: string): string | number | boolean | null {
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) return null
  switch (field.type) {
    case 'text':
      return cleanText(typeof value === 'string' ? value.trim() : typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, 2000)
    case 'integer':
    case 'number':
      return parseNumber(value, field)
    case 'boolean': {
      const word = String(value).trim().toLowerCase()
      if (TRUE_WORDS.has(word)) return true
      if (FALSE_WORDS.has(word)) return false
      throw new ValueError(`${JSON.stringify(value)} is neither yes nor no`)
    }
    case 'choice': {
      const word = String(value).trim().toLowerCase()
      const found = Object.entries(field.choices ?? {}).find(([, words]) => words.some((known) => known.toLowerCase() === word))
      if (!found) throw new ValueError(`${JSON.stringify(value)} is none of ${Object.keys(field.choices ?? {}).join(', ')}`)
      return found[0]
    }
    case 'time_of_day':
      return parseTimeOfDay(value)
    case 'classes':
      return parseClasses(value)
    case 'instant':
      return parseInstant(value, timeZone)
  }
}

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BACKGROUND_HEADER } from '../../server/contract/accounts.ts'
import { AWAY_AFTER_MILLISECONDS, presenceHeaders, TOLD_EVERY_MILLISECONDS, watchPresence } from '../../client/presence.ts'

const tell = vi.fn(() => void presenceHeaders())
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers()
  stop = watchPresence(tell)
  window.dispatchEvent(new Event('keydown'))
  tell.mockClear()
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

test('what is asked within a minute of an act is somebody’s doing, what is asked later the page’s own, until the next act', () => {
  vi.advanceTimersByTime(AWAY_AFTER_MILLISECONDS)
  expect(presenceHeaders()).toEqual({})
  vi.advanceTimersByTime(1)
  expect(presenceHeaders()).toEqual({ [BACKGROUND_HEADER]: '1' })
  window.dispatchEvent(new Event('pointermove'))
  expect(presenceHeaders()).toEqual({})
})

test('whoever types for long without asking anything is told of every few minutes', () => {
  presenceHeaders()
  for (let minutes = 0; minutes < 16; minutes++) {
    vi.advanceTimersByTime(60_000)
    window.dispatchEvent(new Event('keydown'))
  }
  expect(tell).toHaveBeenCalledTimes(Math.floor((16 * 60_000) / (TOLD_EVERY_MILLISECONDS + 60_000)))
})

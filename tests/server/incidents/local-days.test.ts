import fc from 'fast-check'
import { expect, test } from 'vitest'
import { localDay } from '../../../server/incidents/clocks.ts'
import { localDayReader } from '../../../server/incidents/local-days.ts'

test('instants are read as the days that the clock on the wall shows, in every kind of zone and on days when it is changed', () => {
  const from = Date.parse('2015-01-01T00:00:00Z')
  const to = Date.parse('2030-01-01T00:00:00Z')
  fc.assert(
    fc.property(fc.constantFrom('Asia/Shanghai', 'Asia/Urumqi', 'Asia/Kathmandu', 'America/St_Johns', 'Europe/Helsinki', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'UTC'), fc.integer({ min: from, max: to }), (zone, at) => {
      expect(localDayReader(zone)(at)).toBe(localDay(new Date(at), zone))
    }),
    { numRuns: 3000 },
  )
})

test('the day changes at the very millisecond', () => {
  const dayOf = localDayReader('Asia/Shanghai')
  expect([dayOf(Date.parse('2026-03-01T15:59:59.999Z')), dayOf(Date.parse('2026-03-01T16:00:00.000Z'))]).toEqual(['2026-03-01', '2026-03-02'])
})

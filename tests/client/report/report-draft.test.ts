import { expect, test } from 'vitest'
import { IncidentReport } from '../../../server/contract/incidents.ts'
import { emptyDraft, faultsOf, placeOf, type ReportDraft, reportOf } from '../../../client/report/report-draft.ts'

const told = (over: Partial<ReportDraft> = {}): ReportDraft => ({ ...emptyDraft(), class: 'GBT30428.2-2013 event:0112', description: '路边垃圾未清', coordinates: '113.42773, 31.3579', ...over })

test('an empty form names every field that has to be filled in', () => {
  expect(faultsOf(emptyDraft())).toEqual({ class: 'class', description: 'description', place: 'place' })
  expect(reportOf(emptyDraft())).toBeNull()
})

test('what is sent is what the contract takes, without the fields left empty', () => {
  const report = reportOf(told({ reportedBy: ' 王先生 ', reporterPhone: '138 0013 8000', address: '  ' }))
  expect(report).toEqual({ source: 'hotline_12345', schemeId: 'GBT30428.2-2013', classKind: 'event', classCode: '0112', description: '路边垃圾未清', position: [113.42773, 31.3579], placeMethod: 'map', reportedBy: '王先生', reporterPhone: '138 0013 8000' })
  expect(IncidentReport.safeParse(report).success).toBe(true)
})

test.each([
  ['113.42773, 31.3579', [113.42773, 31.3579]],
  ['113.42773，31.3579', [113.42773, 31.3579]],
  ['113.42773 31.3579', [113.42773, 31.3579]],
  ['31.3579, 213.4', null],
  ['玉带西街 12 号', null],
  ['113.4', null],
] as const)('the coordinates “%s” are %j', (written, place) => {
  expect(placeOf(written)).toEqual(place)
})

test('a telephone number that the server would refuse is marked at its field, and so are coordinates', () => {
  expect(faultsOf(told({ reporterPhone: '王先生', coordinates: '西街' }))).toEqual({ place: 'coordinates', reporterPhone: 'phone' })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IncidentState } from '../../../server/contract/incidents.ts'
import { lightIndex, markIndex } from '../../../client/map/icons/incident-atlas.ts'
import { GROUPS_UNTIL_ZOOM, incidentPicture, mercator, pickIncident } from '../../../client/map/incident-picture.ts'
import type { IncidentColumns } from '../../../client/stores/state.ts'

interface Point { longitude: number; latitude: number; severity: 1 | 2 | 3; state: IncidentState; overdue?: boolean }

function columnsOf(points: readonly Point[]): IncidentColumns {
  return {
    count: points.length,
    ids: points.map((_, index) => `i${index}`),
    positions: Float64Array.from(points.flatMap((one) => [one.longitude, one.latitude])),
    severities: Uint8Array.from(points, (one) => one.severity),
    states: Uint8Array.from(points, (one) => IncidentState.options.indexOf(one.state)),
    overdue: Uint8Array.from(points, (one) => (one.overdue ? 1 : 0)),
    reportedAt: new Uint32Array(points.length),
    asOf: '2026-11-23T00:00:00Z',
  }
}

const anyPoint: fc.Arbitrary<Point> = fc.record({
  longitude: fc.double({ min: 114, max: 114.3, noNaN: true }), latitude: fc.double({ min: 30.4, max: 30.7, noNaN: true }),
  severity: fc.constantFrom(1, 2, 3), state: fc.constantFrom(...IncidentState.options), overdue: fc.boolean(),
})

test('every incident with a place is on the map exactly once, alone or in a group, at any zoom', () => {
  fc.assert(
    fc.property(fc.array(anyPoint, { maxLength: 300 }), fc.double({ min: 8, max: 18, noNaN: true }), (points, zoom) => {
      const { marks, groups } = incidentPicture(columnsOf(points), zoom)
      expect(marks.count + groups.reduce((sum, group) => sum + group.count, 0)).toBe(points.length)
      expect(new Set(marks.rows).size).toBe(marks.count)
      if (zoom >= GROUPS_UNTIL_ZOOM) expect(groups).toEqual([])
    }),
  )
})

test('an open incident of the first level is never hidden in a group, and lies on top', () => {
  const crowd: Point[] = Array.from({ length: 200 }, (_, index) => ({ longitude: 114.1 + index * 1e-5, latitude: 30.5, severity: 3, state: 'disposing' }))
  crowd.splice(50, 0, { longitude: 114.1, latitude: 30.5, severity: 1, state: 'pending_dispatch', overdue: true })
  const { marks, groups } = incidentPicture(columnsOf(crowd), 10)
  expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(200)
  expect([...marks.rows]).toEqual([50])
  const near = incidentPicture(columnsOf(crowd), 15)
  expect(near.marks.rows[near.marks.count - 1]).toBe(50)
})

test('marks tell open, overdue and ended apart by level', () => {
  const { marks } = incidentPicture(columnsOf([
    { longitude: 114, latitude: 30, severity: 1, state: 'disposing', overdue: true },
    { longitude: 114, latitude: 30, severity: 2, state: 'closed', overdue: true },
    { longitude: 114, latitude: 30, severity: 3, state: 'verifying' },
  ]), 16)
  expect([...marks.icons]).toEqual([markIndex(2, 'ended'), markIndex(3, 'open'), markIndex(1, 'overdue')])
})

test('rows without a place are not drawn', () => {
  expect(incidentPicture(columnsOf([{ longitude: Number.NaN, latitude: Number.NaN, severity: 1, state: 'disposing' }]), 12).marks.count).toBe(0)
})

test('12,000 incidents are pictured in a fraction of a frame or two', () => {
  const points: Point[] = Array.from({ length: 12_000 }, (_, index) => ({ longitude: 114 + (index % 120) * 0.002, latitude: 30.4 + Math.floor(index / 120) * 0.002, severity: ((index % 3) + 1) as 1 | 2 | 3, state: 'disposing' }))
  const columns = columnsOf(points)
  const began = performance.now()
  const { groups } = incidentPicture(columns, 11)
  expect(performance.now() - began).toBeLessThan(400)
  expect(groups.length).toBeGreaterThan(10)
})

test('the pointer finds the topmost mark under it and nothing beside it', () => {
  const zoom = 16
  const world = 512 * 2 ** zoom
  const project = (longitude: number, latitude: number) => {
    const [x, y] = mercator(longitude, latitude)
    return { x: x * world, y: y * world }
  }
  const picture = incidentPicture(columnsOf([
    { longitude: 114.1, latitude: 30.5, severity: 3, state: 'disposing' },
    { longitude: 114.1, latitude: 30.5, severity: 1, state: 'disposing' },
    { longitude: 114.2, latitude: 30.5, severity: 2, state: 'disposing' },
  ]), zoom)
  const at = (longitude: number, latitude: number) => pickIncident(picture, zoom, project(longitude, latitude), { longitude, latitude }, project)
  expect(at(114.1, 30.5)).toEqual({ kind: 'incident', row: 1 })
  expect(at(114.20002, 30.5)).toEqual({ kind: 'incident', row: 2 })
  expect(at(114.15, 30.5)).toBeNull()
})

test('coloured by light, marks tell the clock, the latest lie on top, and a group how many are overdue', () => {
  const points: Point[] = [
    { longitude: 114, latitude: 30, severity: 1, state: 'disposing' },
    { longitude: 114, latitude: 30, severity: 3, state: 'disposing' },
    { longitude: 114, latitude: 30, severity: 2, state: 'closed' },
  ]
  const { marks } = incidentPicture(columnsOf(points), 16, Uint8Array.from([1, 5, 0]))
  expect([...marks.icons]).toEqual([markIndex(2, 'ended'), lightIndex(1), lightIndex(5)])
  const crowd: Point[] = Array.from({ length: 8 }, () => ({ longitude: 114.1, latitude: 30.5, severity: 3, state: 'disposing' }))
  expect(incidentPicture(columnsOf(crowd), 10, Uint8Array.from([1, 2, 3, 4, 5, 1, 1, 1])).groups.map(({ urgentShare }) => urgentShare)).toEqual([0.25])
})

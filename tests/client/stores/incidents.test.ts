import fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import type { IncidentSummary } from '../../../server/contract/incidents.ts'
import { applyChanges, indexById, type LiveColumns, markOverdue } from '../../../client/stores/incident-columns.ts'
import { isWithinArea, matchesFilter, tidyFilter } from '../../../client/stores/incident-filter.ts'
import { useIncidentsStore } from '../../../client/stores/incidents.ts'

const NOW = Date.parse('2026-11-23T08:00:00Z')

function anIncident(over: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id: 'a', reportNumber: 'S202611230001', caseNumber: null, classKind: 'event', classCode: '0112', className: '暴露垃圾', largeCode: '01', severity: 2, state: 'disposing', source: 'collector',
    position: [113.4, 31.3], address: '中山路 1 号', streetCode: '420100001000', streetName: '绣岭街道', communityCode: '420100001002', communityName: '月湖社区', gridCode: '420100001002001', department: null,
    reportedAt: '2026-11-23T07:00:00Z', dueAt: '2026-11-23T09:00:00Z', endedAt: null, outsideCity: false, isDrill: false, clock: null, isSupervised: false, version: 1, ...over,
  }
}

function emptyColumns(): LiveColumns {
  return { count: 0, ids: [], positions: new Float64Array(0), severities: new Uint8Array(0), states: new Uint8Array(0), overdue: new Uint8Array(0), reportedAt: new Uint32Array(0), dueAt: new Uint32Array(0), classIndex: new Uint16Array(0), classes: [], asOf: '' }
}

describe('which live incidents belong under the filter', () => {
  test.each([
    [{ status: 'open' as const }, {}, true],
    [{ status: 'open' as const }, { state: 'closed' as const }, false],
    [{ status: 'overdue' as const }, {}, false],
    [{ status: 'overdue' as const }, { dueAt: '2026-11-23T07:59:00Z' }, true],
    [{ severities: '1,3' }, {}, false],
    [{ classes: 'event:01' }, {}, true],
    [{ classes: 'part:01' }, {}, false],
    [{ classes: 'event:0113' }, {}, false],
    [{ boundingBox: '113,31,114,32' }, {}, true],
    [{ boundingBox: '113,31,114,32' }, { position: null }, false],
    [{}, { isDrill: true }, false],
    [{ includeDrills: 'true' }, { isDrill: true }, true],
    [{}, { outsideCity: true }, false],
    [{ from: '2026-11-23T07:30:00Z' }, {}, false],
  ])('%j and a row with %j: %s', (filter, over, expected) => {
    expect(matchesFilter(filter, anIncident(over), NOW)).toBe(expected)
  })
  test('an area takes in what lies under it', () => {
    expect(isWithinArea('420100000000', anIncident())).toBe(true)
    expect(isWithinArea('420100001000', anIncident())).toBe(true)
    expect(isWithinArea('420100002000', anIncident())).toBe(false)
    expect(isWithinArea('420100001002001', anIncident())).toBe(true)
  })
  test('what a row does not carry is left to the server', () => {
    expect(matchesFilter({ layers: 'dispatch' }, anIncident(), NOW)).toBe('unknown')
    expect(matchesFilter({ text: '垃圾' }, anIncident(), NOW)).toBe(true)
    expect(matchesFilter({ text: '树倒' }, anIncident(), NOW)).toBe('unknown')
  })
  test('empty conditions are no conditions', () => {
    expect(tidyFilter({ status: 'open', text: '', areas: undefined })).toEqual({ status: 'open' })
  })
})

describe('points kept true by the live feed', () => {
  test('any run of changes leaves exactly the incidents that are still wanted, each with its own place', () => {
    const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), x: fc.integer({ min: -180, max: 180 }), isWanted: fc.boolean(), hasPlace: fc.boolean() })
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 8 }), (batches) => {
        let columns = emptyColumns()
        const model = new Map<string, number>()
        for (const batch of batches) {
          columns = applyChanges(columns, batch.map(({ id, x, isWanted, hasPlace }) => ({ id, incident: isWanted ? anIncident({ id, className: `类别 ${id}`, position: hasPlace ? [x, 0] : null }) : null })), NOW)
          for (const { id, x, isWanted, hasPlace } of batch) {
            if (isWanted && hasPlace) model.set(id, x)
            else model.delete(id)
          }
        }
        expect(columns.count).toBe(model.size)
        expect(columns.positions.length).toBe(model.size * 2)
        for (const [id, row] of indexById(columns)) {
          expect(columns.positions[row * 2]).toBe(model.get(id))
          expect(columns.classes[columns.classIndex[row] ?? -1]?.className).toBe(`类别 ${id}`)
        }
      }),
    )
  })
  test('a limit that passes while one looks marks its point, and nothing changes before', () => {
    const columns = applyChanges(emptyColumns(), [{ id: 'a', incident: anIncident() }], NOW)
    expect(columns.overdue[0]).toBe(0)
    expect(markOverdue(columns, NOW + 60_000)).toBe(columns)
    expect(markOverdue(columns, Date.parse('2026-11-23T09:00:01Z')).overdue[0]).toBe(1)
  })
})

describe('the list under the live feed', () => {
  beforeEach(() => setActivePinia(createPinia()))

  test('a new incident comes to the top and is counted as arrived, once', () => {
    const store = useIncidentsStore()
    store.rows = [anIncident()]
    store.applyEvent(anIncident({ id: 'b' }), NOW)
    store.applyEvent(anIncident({ id: 'b', version: 2 }), NOW)
    expect(store.rows.map((row) => row.id)).toEqual(['b', 'a'])
    expect(store.arrived).toBe(1)
  })
  test('a changed incident that was not read yet takes the place that the order gives it, and is not told as new at the top', () => {
    const store = useIncidentsStore()
    store.rows = [anIncident({ id: 'new', reportedAt: '2026-11-23T07:30:00Z' }), anIncident({ id: 'old', reportedAt: '2026-11-20T07:00:00Z' })]
    store.applyEvent(anIncident({ id: 'between', reportedAt: '2026-11-22T07:00:00Z', version: 3 }), NOW)
    expect(store.rows.map((row) => row.id)).toEqual(['new', 'between', 'old'])
    store.nextCursor = 'more'
    store.applyEvent(anIncident({ id: 'far down', reportedAt: '2026-10-01T07:00:00Z', version: 9 }), NOW)
    expect(store.rows.map((row) => row.id)).toEqual(['new', 'between', 'old'])
  })
  test('a new incident stands where the chosen order puts it, and one whose limit changes moves', () => {
    const store = useIncidentsStore()
    store.setSort('due')
    store.rows = [anIncident({ id: 'nine', dueAt: '2026-11-23T09:00:00Z' }), anIncident({ id: 'none', dueAt: null })]
    store.applyEvent(anIncident({ id: 'eight', dueAt: '2026-11-23T08:30:00Z' }), NOW)
    expect(store.rows.map((row) => row.id)).toEqual(['eight', 'nine', 'none'])
    store.applyEvent(anIncident({ id: 'none', dueAt: '2026-11-23T08:10:00Z', version: 2 }), NOW)
    expect(store.rows.map((row) => row.id)).toEqual(['none', 'eight', 'nine'])
  })
  test('an incident that no longer fits the filter leaves the list', () => {
    const store = useIncidentsStore()
    store.rows = [anIncident()]
    store.applyEvent(anIncident({ state: 'closed', version: 2 }), NOW)
    expect(store.rows).toEqual([])
  })
  test('a replayed older version does not undo a newer one', () => {
    const store = useIncidentsStore()
    store.rows = [anIncident({ version: 5, state: 'disposed' })]
    store.applyEvent(anIncident({ version: 4, state: 'disposing' }), NOW)
    expect(store.rows[0]?.state).toBe('disposed')
  })
  test('an open incident of the first severity is urgent whatever the filter, until it ends', () => {
    const store = useIncidentsStore()
    store.setFilter({ severities: '3' })
    store.applyEvent(anIncident({ severity: 1 }), NOW)
    expect(store.urgent.map((one) => one.id)).toEqual(['a'])
    store.applyEvent(anIncident({ severity: 1, state: 'closed', version: 2 }), NOW)
    expect(store.urgent).toEqual([])
  })
  test('list, counts, points and export ask with one filter', () => {
    const store = useIncidentsStore()
    store.setFilter({ status: 'overdue', severities: '1,2', text: '' })
    expect(store.exportAddress('demo', 'csv')).toBe('/api/v1/cities/demo/incident-export?status=overdue&severities=1%2C2&format=csv')
  })
})

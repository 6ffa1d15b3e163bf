import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { generateCity } from '../../../data/city/city.ts'
import type { DemoCity, FeatureRow, Value } from '../../../data/city/rows.ts'
import { TRANSITIONS } from '../../../server/contract/incidents.ts'

const AS_OF = new Date('2026-11-23T08:00:00Z')
const hashOf = (city: DemoCity): string => createHash('sha256').update(JSON.stringify(city)).digest('hex')

let city: DemoCity
beforeAll(() => {
  city = generateCity({ seed: 'test-city', asOf: AS_OF })
})

const rowsOf = (key: string): FeatureRow[] => city.layers.find((layer) => layer.key === key)!.rows
const valuesOf = (key: string, column: string): Value[] => {
  const layer = city.layers.find((one) => one.key === key)!
  const index = layer.columns.findIndex(([name]) => name === column)
  return layer.rows.map((row) => row.values[index] ?? null)
}
const sumOf = (values: readonly Value[]): number => values.reduce<number>((sum, value) => sum + Number(value), 0)

describe('the demo city', () => {
  test('is the same, byte for byte, for the same seed and instant, and another for another seed', () => {
    const small = (seed: string, asOf = AS_OF) => hashOf(generateCity({ seed, asOf, scale: 'small' }))
    expect(small('one')).toBe(small('one'))
    expect(small('two')).not.toBe(small('one'))
    expect(small('one', new Date('2026-11-24T08:00:00Z'))).not.toBe(small('one'))
    expect(hashOf(generateCity({ seed: 'test-city', asOf: AS_OF }))).toBe(hashOf(city))
  })

  test('has the size it was asked to have, within a tenth', () => {
    const near = (count: number, wanted: number) => {
      expect(count).toBeGreaterThanOrEqual(wanted * 0.9)
      expect(count).toBeLessThanOrEqual(wanted * 1.1)
    }
    near(rowsOf('unit-grids').length, 6000)
    near(rowsOf('buildings').length, 25_000)
    near(rowsOf('parts').length, 20_000)
    near(rowsOf('leftover-plots').length, 300)
    near(city.edges.length, 40_000)
    near(city.incidents.length, 12_000)
    near(valuesOf('facilities', 'class').filter((value) => value === 'toilet').length, 350)
    near(valuesOf('green-spaces', 'class_code').filter((value) => /^G[13]/.test(String(value))).length, 400)
    near(sumOf(valuesOf('unit-grids', 'area_m2')) / 1e6, 90)
    const levels = valuesOf('administrative-areas', 'level')
    expect(levels.filter((level) => level === 'county')).toHaveLength(3)
    expect(levels.filter((level) => level === 'street')).toHaveLength(12)
    near(levels.filter((level) => level === 'community').length, 100)
    const areas = valuesOf('administrative-areas', 'area_m2')
    near(sumOf(areas.filter((_, index) => levels[index] === 'county')) / 1e6, 400)
    expect(new Set(valuesOf('parts', 'class_code')).size).toBe(40)
  })

  test('counts the same people by buildings, squares, cells and communities', () => {
    const levels = valuesOf('administrative-areas', 'level')
    const byArea = valuesOf('administrative-areas', 'population')
    expect(sumOf(valuesOf('buildings', 'population'))).toBe(900_000)
    expect(sumOf(valuesOf('population-100m', 'population'))).toBe(900_000)
    expect(sumOf(valuesOf('unit-grids', 'population'))).toBe(900_000)
    // Ages by the shares of the census of 2020.
    for (const layer of ['buildings', 'population-100m']) {
      expect(sumOf(valuesOf(layer, 'elders')) / 900_000).toBeCloseTo(0.135, 2)
      expect(sumOf(valuesOf(layer, 'children')) / 900_000).toBeCloseTo(0.1795, 2)
    }
    for (const level of ['county', 'street', 'community']) expect(sumOf(byArea.filter((_, index) => levels[index] === level))).toBe(900_000)
    for (const column of ['elders', 'children']) expect(sumOf(valuesOf('population-100m', column))).toBe(sumOf(valuesOf('buildings', column)))
  })

  test('numbers its areas, cells and parts as the standards ask', () => {
    for (const code of valuesOf('administrative-areas', 'code')) expect(code).toMatch(/^9901\d{8}$/)
    const communities = new Set(valuesOf('administrative-areas', 'code'))
    const parents = valuesOf('unit-grids', 'community_code')
    valuesOf('unit-grids', 'code').forEach((code, index) => {
      expect(code).toMatch(/^9901\d{11}$/)
      expect(String(code).slice(0, 12)).toBe(parents[index])
      expect(communities.has(parents[index]!)).toBe(true)
    })
    const cells = new Set(valuesOf('unit-grids', 'code'))
    const classes = valuesOf('parts', 'class_code')
    const grids = valuesOf('parts', 'grid_code')
    valuesOf('parts', 'code').forEach((code, index) => {
      expect(code).toMatch(/^9901\d{12}$/)
      expect(String(code).slice(6, 10)).toBe(classes[index])
      expect(cells.has(grids[index]!)).toBe(true)
    })
  })

  test('knows permits of today and yesterday, control areas of each kind, and an owner for all communities but a few', () => {
    expect(rowsOf('permits').length).toBeGreaterThan(36)
    expect(new Set(valuesOf('permits', 'kind'))).toEqual(new Set(['excavation', 'occupation', 'construction']))
    const ends = valuesOf('permits', 'ends_at').map((end) => String(end) > AS_OF.toISOString())
    expect(new Set(ends)).toEqual(new Set([true, false]))
    expect(new Set(valuesOf('control-areas', 'kind'))).toEqual(new Set(['scenic', 'no_report', 'key_area']))
    const levels = valuesOf('administrative-areas', 'level')
    const codes = valuesOf('administrative-areas', 'code').filter((_, index) => levels[index] === 'community')
    const owned = new Set(city.owners.map((owner) => owner.areaCode))
    expect(owned.size).toBe(city.owners.length)
    expect([...owned].every((code) => codes.includes(code))).toBe(true)
    expect(codes.length - owned.size).toBe(2)
    expect(city.owners.filter((owner) => owner.person === null)).toHaveLength(3)
    expect(city.owners.every((owner) => owner.organisation.endsWith('办事处'))).toBe(true)
  })

  test('gives every row a UUIDv7 of its own', () => {
    const ids = [...city.layers.flatMap((layer) => layer.rows), ...city.nodes, ...city.edges, ...city.entrances, ...city.incidents, ...city.owners].map((row) => row.publicId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('the walkable network', () => {
  const largestShare = (edges: DemoCity['edges']): number => {
    const around = new Map<string, string[]>(city.nodes.map((node) => [node.sourceKey, []]))
    for (const edge of edges) {
      around.get(edge.fromKey)!.push(edge.toKey)
      around.get(edge.toKey)!.push(edge.fromKey)
    }
    const seen = new Set<string>()
    let largest = 0
    for (const start of around.keys()) {
      if (seen.has(start)) continue
      const part = new Set([start])
      for (const node of part) for (const next of around.get(node)!) part.add(next)
      for (const node of part) seen.add(node)
      largest = Math.max(largest, part.size)
    }
    return largest / city.nodes.length
  }

  test('hangs together as a whole', () => {
    expect(largestShare(city.edges)).toBe(1)
  })

  test('falls apart along the river without its bridges, and along the railway without its underpasses', () => {
    expect(largestShare(city.edges.filter((edge) => edge.barrier !== 'river'))).toBeLessThan(0.9)
    expect(largestShare(city.edges.filter((edge) => edge.barrier !== 'rail'))).toBeLessThan(0.9)
    const bridges = city.edges.filter((edge) => edge.barrier === 'river')
    expect(new Set(bridges.map((edge) => edge.kind))).toEqual(new Set(['bridge']))
    expect(bridges.length).toBeGreaterThanOrEqual(5)
  })
})

describe('its incidents', () => {
  test('have flows that only take the steps of the contract, without a hole, up to their state', () => {
    for (const incident of city.incidents) {
      let state: string | null = null
      let at = ''
      incident.flow.forEach((step, index) => {
        expect(step.from).toBe(state)
        if (index > 0) expect(TRANSITIONS.some((one) => one.action === step.action && (one.from as readonly string[]).includes(step.from!) && one.to === step.to)).toBe(true)
        expect(step.at >= at).toBe(true)
        expect(step.at <= AS_OF.toISOString()).toBe(true)
        state = step.to
        at = step.at
      })
      expect(incident.state).toBe(state)
      expect(incident.caseNumber === null).toBe(incident.filedAt === null)
    }
  })

  test('are mostly closed, with a few hundred open in many stages and some overdue', () => {
    const ended = ['closed', 'closed_special', 'not_filed', 'void']
    const open = city.incidents.filter((incident) => !ended.includes(incident.state))
    expect(open.length).toBeGreaterThan(150)
    expect(open.length).toBeLessThan(900)
    expect(new Set(open.map((incident) => incident.state)).size).toBeGreaterThanOrEqual(6)
    expect(open.filter((incident) => incident.dueAt !== null && incident.dueAt < AS_OF.toISOString()).length).toBeGreaterThan(5)
    for (const incident of city.incidents) expect(incident.endedAt !== null).toBe(ended.includes(incident.state))
  })

  test('lie in one cell each, or say that they have no place', () => {
    const cells = new Set(valuesOf('unit-grids', 'code'))
    for (const incident of city.incidents) {
      expect(incident.geometry === null).toBe(incident.placeMethod === 'none')
      expect(incident.geometry === null ? incident.gridCode === null : cells.has(incident.gridCode!)).toBe(true)
    }
  })
})

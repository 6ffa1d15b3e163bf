import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crsFromName, crsFromWkt, isUndefinedWkt } from '../../../data/importers/crs-name.ts'
import { doubtPosition, settleCrs, unwindLongitude } from '../../../data/importers/crs.ts'
import { checkGeometry } from '../../../data/importers/geojson-check.ts'
import { fitGeometry } from '../../../data/importers/geometry-rule.ts'
import { KIND_RULES } from '../../../data/importers/kinds.ts'
import { settleMapping } from '../../../data/importers/mapping.ts'
import { nodeLines } from '../../../data/importers/node-lines.ts'
import { classify, readOsmClasses } from '../../../data/importers/osm.ts'
import { cleanText, parseInstant } from '../../../data/importers/values.ts'

describe('coordinate systems', () => {
  const known = async (srid: number) => ({ 3826: '+proj=tmerc', 4547: '+proj=tmerc', 4526: '+proj=tmerc' })[srid]

  test('are known by every way of writing them', () => {
    expect(['urn:ogc:def:crs:EPSG::3826', 'EPSG:3826', 'urn:ogc:def:crs:OGC:1.3:CRS84', 'http://www.opengis.net/def/crs/EPSG/0/4547', 'something'].map(crsFromName)).toEqual(['EPSG:3826', 'EPSG:3826', 'EPSG:4326', 'EPSG:4547', null])
    expect(crsFromWkt('PROJCRS["x",BASEGEOGCRS["y",ID["EPSG",4490]],ID["EPSG",4547]]')).toBe('EPSG:4547')
    expect(crsFromWkt('PROJCRS["x",BASEGEOGCRS["y",ID["EPSG",4490]],UNIT["metre",1]]')).toBeNull()
    expect(isUndefinedWkt('LOCAL_CS["Undefined SRS",UNIT["unknown",0]]')).toBe(true)
  })

  test('an option wins over the file, the file over WGS 84; a system without a number has to be named', async () => {
    expect(await settleCrs('EPSG:4547', 'EPSG:3826', null, known)).toMatchObject({ name: 'EPSG:4547', from: 'option' })
    expect(await settleCrs(undefined, 'EPSG:3826', null, known)).toMatchObject({ from: 'file', srid: 3826, isGeographic: false })
    expect(await settleCrs(undefined, null, null, known)).toMatchObject({ name: 'EPSG:4326', from: 'default' })
    await expect(settleCrs(undefined, null, '某市地方坐标系', known)).rejects.toThrow(/某市地方坐标系.*--crs/)
    await expect(settleCrs('EPSG:99999', null, null, known)).rejects.toThrow(/EPSG:99999/)
  })

  test('eight digits of easting betray the zone in front, six its absence', async () => {
    const byMeridian = await settleCrs('EPSG:4547', null, null, known)
    const byZone = await settleCrs('EPSG:4526', null, null, known)
    const degrees = await settleCrs(undefined, null, null, known)
    expect(doubtPosition([38505143.33, 2493597.67], byMeridian)).toContain('EPSG:4526')
    expect(doubtPosition([505143.33, 2493597.67], byZone)).toContain('zone')
    expect(doubtPosition([38505143.33, 2493597.67], degrees)).toContain('EPSG:4526')
    expect(doubtPosition([39.9, 116.4], degrees)).toContain('swapped')
    expect(doubtPosition([505143.33, 2493597.67], byMeridian)).toBeNull()
    expect(unwindLongitude({ type: 'Point', coordinates: [211.5, 25] }, degrees)?.coordinates).toEqual([-148.5, 25])
  })
})

describe('columns', () => {
  test('are found by their Chinese names, and what the user says comes first', () => {
    const mapping = settleMapping(KIND_RULES.facilities, { class: '=toilet', name: '厕名' }, ['厕名', '名称', '地址', '经度', '纬度', '编号'])
    const found = Object.fromEntries([...mapping.fields].map(([field, source]) => [field.name, source.from === 'constant' ? `=${source.value}` : source.column]))
    expect(found).toMatchObject({ class: '=toilet', name: '厕名', address: '地址' })
    expect([mapping.longitude, mapping.latitude, mapping.id?.column]).toEqual(['经度', '纬度', '编号'])
  })
})

describe('times', () => {
  test.each([
    ['2023-06-01T15:34:43.042999', 'Asia/Taipei', '2023-06-01T07:34:43.042Z'], ['2023/6/1 15:34', 'Asia/Shanghai', '2023-06-01T07:34:00.000Z'], ['2023年6月1日', 'Asia/Shanghai', '2023-05-31T16:00:00.000Z'],
    ['2023-06-01T15:34:43+02:00', 'Asia/Shanghai', '2023-06-01T13:34:43.000Z'], ['2023-03-26T12:00', 'Europe/Helsinki', '2023-03-26T09:00:00.000Z'], ['2023-03-26T02:00', 'Europe/Helsinki', '2023-03-26T00:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => expect(parseInstant(text, zone)).toBe(instant))

  test.each(['yesterday', '2023-02-30', '2023-01-01 25:00', ''])('%j is no time', (text) => expect(() => parseInstant(text, 'UTC')).toThrow())
})

describe('texts and shapes', () => {
  test('no text reaches the database with a zero byte or half a character', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/\0|\p{Surrogate}/u.test(cleanText(`${text}\0\uD800`))))
  })

  test('every geometry that passes the check holds finite numbers in rings that close', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom<unknown>('12.5', null, {}, [], 'x'))
    const coordinates = fc.oneof(fc.array(number, { maxLength: 4 }), fc.array(fc.array(number, { maxLength: 3 }), { maxLength: 5 }), fc.array(fc.array(fc.array(number, { minLength: 2, maxLength: 3 }), { maxLength: 5 }), { maxLength: 2 }))
    fc.assert(
      fc.property(fc.constantFrom('Point', 'LineString', 'Polygon', 'MultiPoint', 'Sphere'), coordinates, (type, given) => {
        let geometry
        try {
          geometry = checkGeometry({ type, coordinates: given }, 1000).geometry
        } catch {
          return
        }
        expect([geometry.coordinates].flat(4).every((value) => Number.isFinite(value))).toBe(true)
        if (type === 'Polygon') for (const ring of geometry.coordinates as number[][][]) expect(ring[0]).toEqual(ring.at(-1))
      }),
      { numRuns: 500 },
    )
  })

  test('a collection of one sort is read as what it holds, one of several is refused', () => {
    const point = { type: 'Point', coordinates: [1, 2] }
    expect(fitGeometry({ type: 'GeometryCollection', geometries: [point, point] }, 'any').geometry).toEqual({ type: 'MultiPoint', coordinates: [[1, 2], [1, 2]] })
    expect(() => fitGeometry({ type: 'GeometryCollection', geometries: [point, { type: 'LineString', coordinates: [[1, 2], [3, 4]] }] }, 'any')).toThrow(/points and lines/)
    expect(() => fitGeometry({ type: 'LineString', coordinates: [[1, 2], [3, 4]] }, 'polygon')).toThrow(/areas/)
  })
})

describe('a network from lines', () => {
  test('is cut where lines share a vertex, not where they only cross', () => {
    const edges = nodeLines([
      { key: 'a', coordinates: [[0, 0], [1, 0], [2, 0]], facts: null },
      { key: 'b', coordinates: [[1, 0], [1, 1]], facts: null },
      { key: 'c', coordinates: [[0.5, -1], [0.5, 1]], facts: null },
    ])
    expect(edges.map((edge) => edge.key)).toEqual(['a/1', 'a/2', 'b', 'c'])
  })

  test('keeps the length of the lines it was made of', () => {
    const lengthOf = (line: readonly (readonly number[])[]) => line.slice(1).reduce((sum, position, index) => sum + Math.hypot(position[0]! - line[index]![0]!, position[1]! - line[index]![1]!), 0)
    const line = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const edges = nodeLines(lines.map((coordinates, index) => ({ key: String(index), coordinates, facts: null })))
        const total = (all: readonly (readonly (readonly number[])[])[]) => all.reduce((sum, one) => sum + lengthOf(one), 0)
        expect(total(edges.map((edge) => edge.coordinates))).toBeCloseTo(total(lines), 9)
        expect(new Set(edges.map((edge) => edge.key)).size).toBe(edges.length)
      }),
    )
  })
})

describe('the OpenStreetMap table', () => {
  const classes = readOsmClasses()
  test.each([
    [{ highway: 'street_lamp' }, 'Point', ['parts']], [{ amenity: 'toilets', access: 'private' }, 'Point', ['facilities']], [{ leisure: 'park', name: '公园' }, 'MultiPolygon', ['green_spaces']],
    [{ highway: 'motorway' }, 'LineString', ['roads']], [{ highway: 'footway' }, 'LineString', ['roads', 'paths']], [{ highway: 'footway', access: 'private' }, 'LineString', ['roads']], [{ building: 'no' }, 'MultiPolygon', []],
  ])('%j as %s becomes %j', (tags, type, targets) => expect(classify(classes, tags as unknown as Record<string, string>, type).map((row) => row.target)).toEqual(targets))

  test('a private toilet is there, but closed', () => {
    expect(classify(classes, { amenity: 'toilets', access: 'private' }, 'Point')[0]!.fields).toMatchObject({ class: 'toilet', access: 'closed' })
  })
})

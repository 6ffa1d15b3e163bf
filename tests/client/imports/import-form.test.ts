import { describe, expect, test } from 'vitest'
import { emptyForm, guessKind, optionsOf } from '../../../client/imports/import-form.ts'
import { csvColumns, geojsonColumns } from '../../../client/imports/sniff-columns.ts'
import { ImportOptions } from '../../../server/contract/imports.ts'

describe('the form of an import', () => {
  test('starts as a dry run that the server accepts, with nothing said that was not filled in', () => {
    expect(optionsOf(emptyForm())).toEqual({ kind: 'green_spaces', map: {}, skipBad: false, dryRun: true })
    expect(ImportOptions.safeParse(optionsOf(emptyForm())).success).toBe(true)
  })
  test('takes over the columns that were mapped and leaves out half-filled lines', () => {
    const form = { ...emptyForm(), crs: ' EPSG:3826 ', map: [{ field: 'name', column: ' PTNAME ' }, { field: '', column: 'x' }, { field: 'class', column: '' }] }
    expect(optionsOf(form)).toMatchObject({ crs: 'EPSG:3826', map: { name: 'PTNAME' } })
  })
  test.each([
    ['helsinki-centre.osm.pbf', 'openstreetmap'],
    ['台北公廁.csv', 'facilities'],
    ['village.geojson', 'administrative_areas'],
    ['x.geojson', null],
  ])('%s looks like %s', (name, kind) => expect(guessKind(name)).toBe(kind))
})

describe('column names read from the head of a file', () => {
  test('from CSV, with a byte-order mark, quotes and either separator', () => {
    expect(csvColumns('\uFEFF"地址, 全", lon,lat\r\n1,2,3')).toEqual(['地址, 全', 'lon', 'lat'])
    expect(csvColumns('a;b;c\n')).toEqual(['a', 'b', 'c'])
  })
  test('from the first feature of GeoJSON, nested values and braces in text included', () => {
    expect(geojsonColumns('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"PTNAME":"a } b","more":{"x":1},"n":2},"geometry":null}')).toEqual(['PTNAME', 'more', 'n'])
  })
  test('none from what is not readable here', () => {
    expect(geojsonColumns('{"features":[{"properties":{"cut')).toEqual([])
    expect(geojsonColumns('{}')).toEqual([])
  })
})

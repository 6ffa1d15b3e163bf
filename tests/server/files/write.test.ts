import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { type OutFile, type OutLayer, shortFieldNames, writeFlatGeobuf, writeGeoJson, writeGeoPackage, writeShapefile } from '../../../server/files/write.ts'
import { readWhole } from '../../helpers/read.ts'

const ring = [[114, 30], [114.1, 30], [114.1, 30.1], [114, 30]]
const layer: OutLayer = {
  name: '公园', geometryType: 'Polygon', fields: [{ name: '名称', type: 'text' }, { name: '公园绿化活动场地面积', type: 'number' }],
  features: [{ geometry: { type: 'Polygon', coordinates: [ring] }, properties: { 名称: '人民公园', 公园绿化活动场地面积: 12.5 } }],
}
let file: OutFile | undefined
afterEach(() => file?.dispose())

describe('features out come in again as they were', () => {
  test.each([
    ['GeoJSON', () => writeGeoJson(layer), null], ['GeoPackage', () => writeGeoPackage([layer]), 'EPSG:4490'], ['FlatGeobuf', () => writeFlatGeobuf(layer), 'EPSG:4490'],
  ] as const)('through %s', async (_format, write, crs) => {
    file = await write()
    const { header, rows, refusal } = await readWhole(file.path)
    expect(refusal).toBeNull()
    expect(header?.crs).toBe(crs)
    expect(rows[0]!.properties).toMatchObject({ 名称: '人民公园', 公园绿化活动场地面积: 12.5 })
    expect((rows[0]!.geometry!.coordinates as number[][][]).flat(2)).toHaveLength(8)
  })

  test('through a Shapefile in GB18030, its field names cut and a table of the whole ones beside it', async () => {
    file = await writeShapefile(layer, 'EPSG:4547', 'parks')
    const { header, rows } = await readWhole(file.path)
    expect(header).toMatchObject({ crs: 'EPSG:4547', encoding: 'GB18030' })
    expect(rows[0]!.properties).toEqual({ 名称: '人民公园', 公园绿化活: 12.5 })
    expect((rows[0]!.geometry!.coordinates as number[][][])[0]![0]![0]).toBeGreaterThan(400_000)
  })

  test('GeoJSON has at most seven decimals and no crs member', async () => {
    file = await writeGeoJson({ ...layer, geometryType: 'Point', features: [{ geometry: { type: 'Point', coordinates: [114.123456789, 30.1] }, properties: {} }] })
    const text = await readFile(file.path, 'utf8')
    expect(text).toContain('114.1234568')
    expect(JSON.parse(text)).not.toHaveProperty('crs')
  })
})

test('short field names fit ten bytes and stay apart', () => {
  const names = shortFieldNames(['公园绿化活动场地', '公园绿化活动半径', 'a_very_long_name', 'a_very_long_other', 'ok'])
  expect([...names.values()]).toEqual(['公园绿化活', '公园绿化_1', 'a_very_lon', 'a_very_l_1', 'ok'])
})

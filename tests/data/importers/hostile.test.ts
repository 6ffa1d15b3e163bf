import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { aFile } from '../../helpers/imports.ts'
import { readWhole } from '../../helpers/read.ts'

interface Entry {
  name: string
  content: Buffer
  /** What the table of contents claims instead of the truth. */
  claimedSize?: number
}

/** A zip made by hand, so that it can lie. */
function aZip(entries: readonly Entry[]): Buffer {
  const files: Buffer[] = []
  const table: Buffer[] = []
  let offset = 0
  for (const { name, content, claimedSize } of entries) {
    const packed = deflateRawSync(content, { level: 9 })
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claimedSize ?? content.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, packed])
    const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, Buffer.alloc(14), nameBytes])
    central.writeUInt32LE(offset, 42)
    files.push(local)
    table.push(central)
    offset += local.length
  }
  const directory = Buffer.concat(table)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, directory, end])
}

const collection = Buffer.from('{"type":"FeatureCollection","features":[]}')
const lineOf = (positions: number) => JSON.stringify({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: Array.from({ length: positions }, (_, index) => [index % 180, 0]) } })

function dbfHeader(records: number): Buffer {
  const header = Buffer.alloc(66, 0)
  header.writeUInt8(3, 0)
  header.writeUInt32LE(records, 4)
  header.writeUInt16LE(65, 8)
  header.writeUInt16LE(9, 10)
  header.write('NAME', 32)
  header.write('C', 43)
  header.writeUInt8(8, 48)
  header.writeUInt8(0x0d, 64)
  return header
}

const HOSTILE: [string, string, string | Buffer, RegExp][] = [
  ['a zip that grows a thousandfold', 'bomb.zip', aZip([{ name: 'a.geojson', content: Buffer.alloc(64 * 1024 ** 2, 0x20) }]), /200 times its packed size/],
  ['a zip that claims to be small and is not', 'liar.zip', aZip([{ name: 'a.geojson', content: Buffer.alloc(900_000, 0x20), claimedSize: 40 }]), /zip cannot be read/],
  ['a zip that climbs out of its folder', 'slip.zip', aZip([{ name: '../../etc/cron.d/x.geojson', content: collection }]), /points outside/],
  ['a zip with an absolute name', 'absolute.zip', aZip([{ name: '/etc/x.geojson', content: collection }]), /points outside/],
  ['a zip with backslashes', 'backslash.zip', aZip([{ name: '..\\x.geojson', content: collection }]), /points outside/],
  ['a zip in a zip', 'nested.zip', aZip([{ name: 'inner.zip', content: aZip([{ name: 'a.geojson', content: collection }]) }]), /another archive/],
  ['a zip of too many entries', 'many.zip', aZip(Array.from({ length: 1200 }, (_, index) => ({ name: `${index}.txt`, content: Buffer.from('x') }))), /1200 entries/],
  ['a zip cut off', 'cut.zip', aZip([{ name: 'a.geojson', content: collection }]).subarray(0, 60), /zip cannot be read/],
  ['a zip with nothing to read', 'nothing.zip', aZip([{ name: 'readme.md', content: Buffer.from('hello') }]), /no file of a kind/],
  ['JSON nested a hundred thousand deep', 'deep.geojson', `{"type":"FeatureCollection","features":${'['.repeat(100_000)}`, /nested more than 64/],
  ['JSON nested deep inside a property', 'deep-property.geojson', `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}]}`, /nested more than 64/],
  ['a geometry of more than a million positions', 'vertices.geojson', `{"type":"FeatureCollection","features":[${lineOf(1_000_100)}]}`, /more than 1,000,000 positions/],
  ['GeoJSON cut off in the middle', 'cut.geojson', '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Po', /cut off/],
  ['brackets that do not match', 'brackets.geojson', '{"type":"FeatureCollection","features":[}]', /bracket/],
  ['a list where an object is due', 'list.geojson', '[1,2,3]', /not GeoJSON/],
  ['NaN for a coordinate', 'nan.geojson', '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[NaN,1]}}]}', /Feature 1 is not valid JSON/],
  ['an infinite coordinate', 'infinite.geojson', '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1e999,1]}}]}', /without end/],
  ['a DBF that declares four thousand million records', 'huge.dbf', dbfHeader(4_000_000_000), /4,000,000,000 records/],
  ['a DBF shorter than its header', 'short.dbf', Buffer.from([3, 1, 1, 1]), /shorter than its own header/],
  ['a Shapefile without its index', 'alone.shp', Buffer.concat([Buffer.from([0, 0, 0x27, 0x0a]), Buffer.alloc(96)]), /\.shx/],
  ['a GeoPackage that is only a beginning', 'broken.gpkg', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(2000)]), /GDAL cannot open/],
  ['a FlatGeobuf of noise', 'noise.fgb', Buffer.concat([Buffer.from('fgb\x03fgb\x00'), Buffer.alloc(500, 0xff)]), /GDAL|no layer/],
  ['an OpenStreetMap file of noise', 'noise.osm.pbf', Buffer.concat([Buffer.from([0, 0, 0, 13, 0x0a, 0x09]), Buffer.from('OSMHeader'), Buffer.alloc(300, 0xff)]), /GDAL|layer/],
  ['KML that declares entities without end', 'laughs.kml', '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><kml><Document><name>&lol2;</name></Document></kml>', /entities/],
  ['KML cut off', 'cut.kml', '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><Poi', /GDAL|layer/],
  ['an empty file', 'empty.geojson', '', /empty/],
  ['a file of blanks', 'blank.json', '   \n  ', /empty/],
  ['a table without a heading', 'blank.csv', '\n\n', /empty|first line/],
  ['a table with a quote that never ends', 'quote.csv', `a,b\n1,"${'x'.repeat(5 * 1024 ** 2)}`, /cannot be read/],
  ['a table of two thousand and one columns', 'wide.csv', `${Array.from({ length: 2001 }, (_, index) => `c${index}`).join(',')}\n`, /2001 columns/],
  ['bytes that are neither UTF-8 nor Chinese', 'bytes.csv', Buffer.concat([Buffer.from('name,x\n'), Buffer.from([0xff, 0xfd, 0x80, 0x81, 0xff, 0xfc, 0x0a])]), /encoding/i],
  ['an Excel workbook', 'book.xlsx', aZip([{ name: 'xl/workbook.xml', content: Buffer.from('<x/>') }]), /CSV/],
  ['a program', 'a.exe', Buffer.from('MZ\x90\x00\x03'), /cannot be read/],
]

describe('hostile and broken files', () => {
  test.each(HOSTILE)('%s is refused within ten seconds, with a sentence', async (_what, name, content, sentence) => {
    const startedAt = performance.now()
    const { refusal } = await readWhole(aFile(name, content), { fileName: name })
    expect(refusal).toMatch(sentence)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  test('a file that takes longer than its time is given up, and the reader with it', async () => {
    const file = aFile('slow.geojson', `{"type":"FeatureCollection","features":[${Array.from({ length: 2000 }, () => lineOf(500)).join(',')}]}`)
    await expect(readWhole(file, { limits: { milliseconds: 100 } })).rejects.toMatchObject({ name: 'ChildFailure', reason: 'time' })
  })

  test('a reader that takes more memory than allowed is ended', async () => {
    const file = aFile('large.geojson', `{"type":"FeatureCollection","features":[${Array.from({ length: 4000 }, () => lineOf(2000)).join(',')}]}`)
    await expect(readWhole(file, { limits: { residentMegabytes: 40 } })).rejects.toMatchObject({ name: 'ChildFailure', reason: 'memory' })
  })

  test('keys that would reach into every object stay plain data', async () => {
    const text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"__proto__":{"polluted":1},"constructor":"x"},"geometry":{"type":"Point","coordinates":[1,2]}}]}'
    const { rows } = await readWhole(aFile('proto.geojson', text))
    expect(Object.hasOwn(rows[0]!.properties, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

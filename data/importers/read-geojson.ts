import { crsFromName } from './crs-name.ts'
import type { Encoding } from './encoding.ts'
import { FileRefused, sampleOf } from './file-refused.ts'
import { type CheckedFeature, checkFeature, checkGeometry, Fault } from './geojson-check.ts'
import { scanMembers } from './json-scan.ts'
import type { ReaderLimits } from './limits.ts'
import type { SourceHeader, SourceRow } from './source-rows.ts'
import { readText } from './text-file.ts'

const GEOMETRY_TYPES = ['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon', 'GeometryCollection']

type Root = Record<string, unknown>

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FileRefused('json_invalid', `${what} is not valid JSON: ${(error as Error).message}.`)
  }
}

function declaredCrs(crs: unknown): { crs: string | null; crsText: string | null } {
  if (crs === undefined || crs === null) return { crs: null, crsText: null }
  const name = (crs as { properties?: { name?: unknown } }).properties?.name
  const text = typeof name === 'string' ? name : JSON.stringify(crs).slice(0, 100)
  return { crs: crsFromName(text), crsText: text }
}

function checkRoot(root: unknown): Root {
  if (typeof root !== 'object' || root === null || Array.isArray(root)) throw new FileRefused('not_geojson', 'The file is JSON, but not a GeoJSON object.')
  const { type } = root as Root
  if (type === 'FeatureCollection' || type === 'Feature' || GEOMETRY_TYPES.includes(type as string)) return root as Root
  if (type === undefined) throw new FileRefused('type_missing', 'The GeoJSON object has no type ("FeatureCollection", "Feature" or a geometry type).')
  if (type === null) throw new FileRefused('type_null', 'The type of the GeoJSON object is null; "FeatureCollection" is due.')
  const meant = ['FeatureCollection', 'Feature', ...GEOMETRY_TYPES].find((known) => known.toLowerCase() === String(type).toLowerCase())
  throw new FileRefused('type_unknown', `There is no GeoJSON type ${JSON.stringify(type)}${meant ? `; written rightly it is "${meant}"` : ''}.`)
}

/** A file that is one Feature or one bare geometry: one row. */
function loneFeature(root: Root, limits: ReaderLimits): CheckedFeature {
  if (root['type'] === 'Feature') return checkFeature(root, limits.vertices)
  try {
    const { geometry, mended } = checkGeometry(root, limits.vertices)
    const problem = { severity: 'repaired' as const, code: 'coordinates_were_text', field: 'geometry', message: 'The coordinates were written as texts; they were read as numbers.', sample: sampleOf(root['coordinates']) }
    return { geometry, properties: {}, id: null, problems: mended ? [problem] : [] }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { geometry: null, properties: {}, id: null, problems: [{ severity: 'refused', code: error.code, field: 'geometry', message: error.message, sample: sampleOf(error.sample) }] }
  }
}

export interface GeoJsonOpened {
  header: SourceHeader
  rows(): AsyncGenerator<SourceRow>
}

/**
 * Opens a GeoJSON file: a first walk reads everything but the features (the crs member may stand at the end), a second one reads them.
 * @throws FileRefused for faults of the file as a whole.
 */
export async function openGeoJson(file: string, encoding: Encoding, limits: ReaderLimits): Promise<GeoJsonOpened> {
  const scanLimits = { depth: limits.depth, memberLength: limits.featureBytes }
  const first = scanMembers(readText(file, encoding), 'features', scanLimits)
  let count = 0
  let step = await first.next()
  for (; !step.done; step = await first.next()) {
    if (++count > limits.rows) throw new FileRefused('too_many_rows', `The file has more than ${limits.rows.toLocaleString('en')} features.`)
  }
  if (step.value.trim() === '') throw new FileRefused('empty_file', 'The file is empty.')
  const root = checkRoot(parseJson(step.value, 'The file'))
  const isCollection = root['type'] === 'FeatureCollection'
  if (isCollection && root['features'] === undefined) throw new FileRefused('features_missing', 'The FeatureCollection has no features member.')
  if (isCollection && !Array.isArray(root['features'])) throw new FileRefused('features_not_list', 'The features of the FeatureCollection are not a list.')

  const name = typeof root['name'] === 'string' ? root['name'] : ''
  const header = { driver: 'GeoJSON', layers: [{ name, rows: isCollection ? count : 1, geometryType: null }], ...declaredCrs(root['crs']), encoding: encoding.name, fields: [] }
  return {
    header,
    async *rows() {
      if (!isCollection) {
        yield { row: 1, layer: null, ...loneFeature(root, limits) }
        return
      }
      let row = 0
      for await (const text of scanMembers(readText(file, encoding), 'features', scanLimits)) {
        row++
        yield { row, layer: null, ...checkFeature(parseJson(text, `Feature ${row}`), limits.vertices) }
      }
    },
  }
}

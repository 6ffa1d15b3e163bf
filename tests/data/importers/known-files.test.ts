import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readWhole } from '../../helpers/read.ts'

const TRIAL = process.env['TRIAL_DATA']
const folder = (...parts: string[]) => path.join(TRIAL ?? '', 'known', ...parts)
const why = TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'

/** What each broken file is refused with: words of the sentence that name its fault. */
const FAULTS: Record<string, RegExp> = {
  invalid_incorrect_geometry_data_type: /nested deeper/, invalid_less_three_unique_nodes: /fewer than three different/, invalid_unclosed: /not closed/,
  invalid_feature_geometry_is_string: /geometry is a text/, invalid_feature_id_type: /id of the feature is an object/, invalid_feature_no_properties: /no properties member/,
  invalid_feature_properties_is_array: /properties are an empty list/, invalid_feature_properties_is_int: /properties are a number/, invalid_feature_wrong_geometry_key: /no geometry member/,
  invalid_featurecollection_feature_nullfeature: /feature is null/, invalid_featurecollection_features_is_object: /features .* not a list/, invalid_featurecollection_no_features_member: /no features member/,
  invalid_featurecollection_nulltype: /type .* is null/, invalid_featurecollection_type_lowercase: /"FeatureCollection"/, invalid_featurecollection_unknown_type: /"notafc"/,
  invalid_geometry_bbox_not4or6: /bbox has 3 numbers/, invalid_geometry_bbox_not_list: /bbox is a text/, invalid_geometry_bbox_not_numbers: /bbox holds something other/, invalid_geometry_coordinates_1d: /not nested deep enough/,
  invalid_geometry_coordinates_empty_position: /position is empty/, invalid_geometry_coordinates_missing: /no coordinates/, invalid_geometry_depth_deep_point: /nested deeper|only one number/,
  invalid_geometry_depth_deep_polygon: /nested deeper|only one number/, invalid_geometry_depth_shallow_linestring: /number where a position/, invalid_geometry_depth_shallow_multipolygon: /number where a position/,
  invalid_geometry_depth_shallow_polygon: /number where a position/, invalid_geometry_geometrycollection_null_geometry: /geometry is null/, invalid_geometry_mislabeled_point: /not nested deep enough/,
  invalid_geometry_missing_type: /no type/, invalid_geometry_wrong_geometry_type: /"SomeThingElse"/,
}
/** Winding is the writer's duty and nobody's reason to refuse (RFC 7946, 3.1.6); numbers as texts are mended. */
const READ_ANYHOW = new Set(['invalid_exterior_not_ccw', 'invalid_interior_not_cw', 'invalid_geometry_coordinates_string'])

describe.skipIf(!TRIAL)(`faulty GeoJSON${why}`, () => {
  const files = TRIAL ? ['invalid_geometries', 'invalid_structure', 'problematic_geometries', 'problematic_structure', 'valid'].flatMap((kind) => readdirSync(folder('geojson-invalid/examples', kind)).map((name) => path.join(kind, name))) : []
  test.each(files)('%s is read right or refused with a sentence that names the fault', async (file) => {
    const name = path.basename(file, '.geojson')
    const outcome = await readWhole(folder('geojson-invalid/examples', file))
    const fault = FAULTS[name]
    if (fault) expect(outcome.refusal).toMatch(fault)
    else {
      expect(outcome.refusal).toBeNull()
      expect(file.startsWith('invalid') ? READ_ANYHOW.has(name) : true).toBe(true)
    }
  })

  test('a point in one more bracket is told apart from a position with one number', async () => {
    expect((await readWhole(folder('geojson-invalid/examples/invalid_structure/invalid_geometry_depth_deep_point.geojson'))).refusal).toMatch(/nested deeper/)
  })
})

describe.skipIf(!TRIAL)(`encodings and damaged files${why}`, () => {
  const first = async (name: string, options = {}) => (await readWhole(folder('encodings', name), options)).rows[0]?.properties['NAME']
  test.each([
    ['dbf_gbk.dbf', '简体国语'], ['dbf_gb2312.dbf', '简体国语'], ['dbf_big5.dbf', '繁體國語'], ['dbf_utf8.dbf', '国语國語'], ['dbf_cpg_big5.dbf', '國語'], ['dbf_cpg_big5.shp', '國語'], ['dbf_ldid_chinese.dbf', '简体'],
  ])('%s gives %s', async (name, expected) => {
    expect(await first(name)).toBe(expected)
  })

  test('an encoding given by hand wins over what the bytes look like', async () => {
    expect(await first('dbf_gbk.dbf', { encoding: 'Big5' })).not.toBe('简体国语')
    expect((await readWhole(folder('encodings', 'dbf_gbk.dbf'), { encoding: 'klingon' })).refusal).toMatch(/"klingon"/)
  })

  test('UTF-16 is read in text with its mark, and refused in a DBF, which cannot hold it', async () => {
    const { header, rows } = await readWhole(folder('encodings', 'text_utf16_be_bom.csv'))
    expect([header?.encoding, rows[0]?.properties['county_name']]).toEqual(['UTF-16BE', 'ALAMANCE'])
    expect((await readWhole(folder('encodings', 'dbf_cpg_utf16.dbf'))).refusal).toMatch(/UTF-16/)
  })

  test('a GeoPackage of several layers asks which; each is read in its own system, and one without a system says so', async () => {
    expect((await readWhole(folder('encodings', 'geopackage_Oregon.gpkg'))).refusal).toMatch(/land \(1\), roads \(121\).*--file-layer/)
    expect((await readWhole(folder('encodings', 'geopackage_Oregon.gpkg'), { fileLayer: 'roads' })).rows).toHaveLength(121)
    expect((await readWhole(folder('encodings', 'geopackage_mixed_crs.gpkg'), { fileLayer: 'oregon_2269' })).header?.crs).toBe('EPSG:2269')
    expect((await readWhole(folder('encodings', 'geopackage_mixed_crs.gpkg'), { fileLayer: 'oregon_4326' })).header?.crs).toBe('EPSG:4326')
    expect((await readWhole(folder('encodings', 'geopackage_missing_crs_mixed_ranges.gpkg'), { fileLayer: 'OR_land_2269' })).header).toMatchObject({ crs: null, crsText: null })
    expect((await readWhole(folder('encodings', 'geopackage_null_crs_gdal.gpkg'))).header).toMatchObject({ crs: null })
  })

  test('a KMZ is unpacked and read, a Shapefile with gaps between its records by its index', async () => {
    expect((await readWhole(folder('encodings', 'kml_Albania.kmz'))).rows).toHaveLength(63)
    const damaged = await readWhole(folder('encodings', 'issues_518_519_shp_reading_data_corruption_error.shp'))
    expect([damaged.rows.length, damaged.header?.crs]).toEqual([8, 'EPSG:3006'])
  })
})

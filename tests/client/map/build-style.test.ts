import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { expect, test } from 'vitest'
import { TILE_LAYERS, TILE_LAYER_FIELDS, type TileLayer } from '../../../server/contract/layers.ts'
import { buildStyle, type StyleInput } from '../../../client/map/build-style.ts'
import { labelPoints } from '../../../client/map/labels.ts'
import { slotAnchor, SLOTS } from '../../../client/map/slots.ts'
import { bundleOf } from '../../../client/map/tile-sources.ts'
import { DEFAULT_DRAWINGS } from '../../../client/stores/layers.ts'

const square = { type: 'Polygon', coordinates: [[[114, 30], [114.1, 30], [114.1, 30.1], [114, 30]]] }
const everything = DEFAULT_DRAWINGS.map((one) => ({ ...one, visible: true }))

function input(change: Partial<StyleInput> = {}): StyleInput {
  return {
    city: { key: 'demo', boundingBox: [114, 30, 114.3, 30.3] },
    theme: 'night',
    locale: 'zh',
    drawings: DEFAULT_DRAWINGS,
    gridMeasure: 'population',
    tileVersions: { roads: 3, unit_grids: 2 },
    origin: 'http://127.0.0.1:8080',
    fontFaces: {},
    labels: labelPoints([{ id: 'a', kind: 'green_spaces', code: null, name: '东湖公园', classLabel: null, areaM2: 90_000, center: [114.05, 30.05] }]),
    served: square,
    blindSpots: [{ id: 'b1', rank: 1, people: 900, geometry: square }, { id: 'b2', rank: 2, people: null, geometry: square }],
    gaps: [{ level: 'feature', id: 'g1', code: 'g1', name: null, drawnBy: null, streetName: null, communityName: null, kind: 'outside_city', weight: null, center: [114.05, 30.05], figures: { feature: 'parts' }, rank: 1 }],
    selection: square,
    mend: null,
    supply: null,
    sheet: null,
    comparison: null,
    ...change,
  }
}

test.each([
  ['night', 'zh'], ['night', 'en'], ['day', 'zh'], ['day', 'en'],
] as const)('the style with everything switched on is valid by the specification (%s, %s)', (theme, locale) => {
  expect(validateStyleMin(buildStyle(input({ theme, locale, drawings: everything, sheet: { homes: [{ position: [114.05, 30.05], people: 12 }], stretches: [[114, 30, 114.1, 30]], chosen: 0 } })))).toEqual([])
})

test('before a city is known there is land and nothing to fetch', () => {
  const style = buildStyle(input({ city: null }))
  expect(style.sources).toEqual({})
  expect(validateStyleMin(style)).toEqual([])
})

test('every level is closed by its anchor, in order, whatever is switched on', () => {
  for (const drawings of [everything, DEFAULT_DRAWINGS, []]) {
    const anchors = buildStyle(input({ drawings })).layers.map((layer) => layer.id).filter((id) => id.startsWith('slot:'))
    expect(anchors).toEqual(SLOTS.map(slotAnchor))
  }
})

test('layer ids are unique and every layer has its source', () => {
  const style = buildStyle(input({ drawings: everything }))
  const ids = style.layers.map((layer) => layer.id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const layer of style.layers) if ('source' in layer) expect(Object.keys(style.sources)).toContain(layer.source)
})

test('a layer is never drawn from tiles that do not hold it, nor below the zoom from which they do', () => {
  for (const layer of buildStyle(input({ drawings: everything })).layers) {
    if (!('source-layer' in layer) || !layer['source-layer']) continue
    const tileLayer = layer['source-layer'] as TileLayer
    expect(TILE_LAYERS).toContain(tileLayer)
    expect(layer.source).toBe(bundleOf(tileLayer))
    expect(layer.minzoom ?? 0).toBeGreaterThanOrEqual(TILE_LAYER_FIELDS[tileLayer].minZoom)
  }
})

test('only fields that the tiles carry are read', () => {
  const fieldsRead = (value: unknown): string[] => {
    if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? Object.values(value).flatMap(fieldsRead) : []
    return (value[0] === 'get' || value[0] === 'has') && typeof value[1] === 'string' ? [value[1]] : value.flatMap(fieldsRead)
  }
  for (const layer of buildStyle(input({ drawings: everything })).layers) {
    if (!('source-layer' in layer) || !layer['source-layer']) continue
    const known = Object.keys(TILE_LAYER_FIELDS[layer['source-layer'] as TileLayer].fields)
    for (const field of fieldsRead([layer.paint, layer.layout, 'filter' in layer ? layer.filter : null])) expect(known, `${layer.id} reads ${field}`).toContain(field)
  }
})

test('what is switched off is neither drawn nor named', () => {
  const style = buildStyle(input({ drawings: DEFAULT_DRAWINGS.map((one) => ({ ...one, visible: one.id === 'roads' })) }))
  const owners = new Set(style.layers.map((layer) => layer.id.split(':')[0]))
  expect(owners).toEqual(new Set(['basemap', 'roads', 'selection', 'slot']))
})

test('the order of the panel is the order on the map, within a level', () => {
  const order = (ids: string[]) => buildStyle(input({ drawings: ids.map((id) => ({ id: id as TileLayer, visible: true, opacity: 1 })) })).layers.map((layer) => layer.id).filter((id) => id === 'water_bodies:fill' || id === 'green_spaces:fill')
  expect(order(['water_bodies', 'green_spaces'])).toEqual(['water_bodies:fill', 'green_spaces:fill'])
  expect(order(['green_spaces', 'water_bodies'])).toEqual(['green_spaces:fill', 'water_bodies:fill'])
})

test('a new version of a layer gives its bundle, and only it, a new address', () => {
  const before = buildStyle(input()).sources
  const after = buildStyle(input({ tileVersions: { roads: 3, unit_grids: 3 } })).sources
  expect(after['base']).toEqual(before['base'])
  expect(after['management']).not.toEqual(before['management'])
})

test('English asks for English road names and falls back on the local one', () => {
  const label = buildStyle(input({ locale: 'en' })).layers.find((layer) => layer.id === 'roads:name-major')
  expect(label?.type === 'symbol' && label.layout?.['text-field']).toEqual(['coalesce', ['get', 'name_en'], ['get', 'name']])
})

test('buildings step back when an analysis lies on the map, and only then', () => {
  const opacity = (change: Partial<StyleInput>) => {
    const layer = buildStyle(input(change)).layers.find((one) => one.id === 'buildings:solid')
    return layer?.type === 'fill-extrusion' ? layer.paint?.['fill-extrusion-opacity'] : undefined
  }
  expect(opacity({ served: null, blindSpots: [], gaps: null })).toBe(0.92)
  expect(opacity({ served: null, blindSpots: [] })).toBe(0.3)
  expect(opacity({})).toBe(0.3)
})

test('no outside address, glyph server or sprite is in the style', () => {
  const style = buildStyle(input({ drawings: everything }))
  expect(style.glyphs).toBeUndefined()
  expect(style.sprite).toBeUndefined()
  expect(JSON.stringify(style).match(/https?:\/\/[^/"]+/g)?.filter((host) => host !== 'http://127.0.0.1:8080')).toEqual([])
})

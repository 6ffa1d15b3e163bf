import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { FeatureKind, TILE_LAYERS, TILE_LAYER_FIELDS } from '../../../server/contract/layers.ts'
import { historyOf, localTime, titleOf } from '../../../server/layers/feature-words.ts'
import { KINDS } from '../../../server/layers/kinds.ts'
import { fieldLabel, kindLabel, valueLabel } from '../../../server/layers/labels.ts'
import { hiddenClasses, TILE_SOURCES } from '../../../server/layers/sources.ts'

/** Columns of a table as the migrations make it. */
function columnsOf(table: string): string[] {
  const folder = path.join(import.meta.dirname, '../../../data/migrations')
  const text = ['0003_city.sql', '0004_incidents.sql', '0024_evidence.sql'].map((name) => readFileSync(path.join(folder, name), 'utf8')).join('\n')
  const body = new RegExp(`create table ${table} \\(\\n([\\s\\S]*?)\\n\\);`).exec(text)?.[1] ?? ''
  return body.split('\n').map((line) => line.trim().split(' ')[0] ?? '').filter((word) => word !== '--')
}

test('every kind and each of its fields has a word in both languages and stands in the table', () => {
  for (const kind of FeatureKind.options) {
    const { table, fields, code, name, class: class_ } = KINDS[kind]
    expect(kindLabel(kind).zh).toMatch(/\p{Script=Han}/u)
    const columns = columnsOf(table)
    for (const column of [...fields.filter((field) => !field.isCounted).map((field) => field.column), code, name, class_?.column].filter((column) => typeof column === 'string')) {
      expect(columns, `${kind}.${column}`).toContain(column)
      expect(fieldLabel(column).zh, `${kind}.${column}`).toMatch(/\p{Script=Han}/u)
    }
  }
})

test('nothing of a table goes untold but its keys, its bookkeeping and who reported', () => {
  const kept = ['id', 'public_id', 'city_id', 'layer_id', 'source_key', 'content_hash', 'version', 'attributes', 'geom', 'valid_from', 'valid_to', 'outside_city', 'constraint', 'large_code', 'condition_ordinal', 'idempotency_key', 'reported_by', 'part_id', 'updated_at', 'source_node_id', 'target_node_id']
  for (const kind of FeatureKind.options) {
    const told = KINDS[kind].fields.map((field) => field.column)
    expect(columnsOf(KINDS[kind].table).filter((column) => !kept.includes(column) && !told.includes(column)), kind).toEqual([])
  }
})

test('every class of CJJ/T 85-2017 has its word; a code of another scheme has none', () => {
  for (const code of ['G1', 'G11', 'G12', 'G13', 'G131', 'G132', 'G133', 'G134', 'G135', 'G139', 'G14', 'G2', 'G3', 'XG', 'RG', 'AG', 'BG', 'MG', 'WG', 'SG', 'UG', 'EG', 'EG1', 'EG11', 'EG12', 'EG13', 'EG14', 'EG19', 'EG2', 'EG3', 'EG4']) {
    expect(valueLabel('green_class', code)?.zh, code).toMatch(/\p{Script=Han}/u)
  }
  expect(valueLabel('green_class', 'G14')).toEqual({ zh: '游园', en: 'Pocket garden' })
  expect(valueLabel('green_class', 'G4')).toBeUndefined()
  expect(valueLabel('road_class', 'constructor')).toBeUndefined()
})

test('each tile layer names a table’s own columns, and carries nothing of people', () => {
  for (const layer of TILE_LAYERS) {
    const columns = columnsOf(TILE_SOURCES[layer].table)
    expect(Object.keys(TILE_LAYER_FIELDS[layer].fields).sort(), layer).toEqual(['id', ...Object.keys(TILE_SOURCES[layer].columns)].sort())
    for (const column of Object.values(TILE_SOURCES[layer].columns)) {
      expect(columns, layer).toContain(column)
      expect(column).not.toMatch(/owner|reported|address|attributes/)
    }
  }
})

test('a class that shows at a zoom shows at every higher one', () => {
  for (const layer of TILE_LAYERS) {
    for (let z = 8; z < 16; z += 1) {
      const [now, next] = [hiddenClasses(TILE_SOURCES[layer], z), hiddenClasses(TILE_SOURCES[layer], z + 1)]
      if (!now || !next) continue
      expect(next.shown).toEqual(expect.arrayContaining(now.shown))
      expect(Number(next.othersShow)).toBeGreaterThanOrEqual(Number(now.othersShow))
    }
    expect(hiddenClasses(TILE_SOURCES[layer], 16)?.hidden ?? []).toEqual([])
  }
})

test('a feature is called by its name, else by its code, else by its kind and number in the source', () => {
  expect(titleOf('roads', { name: '中山路', name_en: 'Zhongshan Road' })).toEqual({ zh: '中山路', en: 'Zhongshan Road' })
  expect(titleOf('unit_grids', { name: null, code: '420100001001001' }).zh).toBe('单元网格 420100001001001')
  expect(titleOf('parts', { name: '', code: '4201000101000001' }, { zh: '上水井盖', en: 'Water manhole cover' })).toEqual({ zh: '上水井盖 4201000101000001', en: 'Water manhole cover 4201000101000001' })
  expect(titleOf('buildings', { name: null, source_key: 'way/12' }).zh).toBe('建筑 way/12')
})

test('history tells an end only where no next version begins, and times in the city’s zone', () => {
  const version = (from: string, to: string | null, name: string) => ({ columns: { valid_from: from, valid_to: to, name, attributes: {} }, shapeHash: 'a' })
  const history = historyOf('water_bodies', [version('2024-01-01', '2024-06-01', '甲'), version('2024-06-01', '2025-01-01', '乙')])
  expect(history.map(({ what }) => what)).toEqual(['停用', '第 2 版：更新名称', '首次录入'])
  expect(localTime('2026-02-20T16:30:00+00:00', 'Asia/Shanghai')).toBe('2026-02-21 00:30')
})

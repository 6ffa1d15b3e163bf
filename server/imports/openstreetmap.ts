/** One OpenStreetMap extract into the layers of a city: roads, paths, parks, water, buildings, toilets, lamps, bins and benches. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import { fitGeometry } from '../../data/importers/geometry-rule.ts'
import { Fault } from '../../data/importers/geojson-check.ts'
import { KIND_RULES, type KindRule } from '../../data/importers/kinds.ts'
import { classify, OSM_TARGETS, type OsmTarget, readOsmClasses, tagsOf } from '../../data/importers/osm.ts'
import { cleanValue } from '../../data/importers/values.ts'
import type { SourceRow } from '../../data/importers/source-rows.ts'
import type { ImportFacts, ImportRun } from './context.ts'
import { openSource } from './read-rows.ts'
import { Spool } from './spool.ts'

export interface OsmRead {
  facts: ImportFacts
  spools: Map<OsmTarget, Spool>
}

const TITLES: Record<OsmTarget, { zh: string; en: string }> = {
  roads: { zh: '道路', en: 'roads' }, paths: { zh: '步行网络', en: 'walking network' }, green_spaces: { zh: '公园绿地', en: 'parks' }, water_bodies: { zh: '水系', en: 'water' },
  buildings: { zh: '建筑', en: 'buildings' }, facilities: { zh: '公共厕所', en: 'toilets' }, parts: { zh: '部件（路灯、果皮箱、座椅）', en: 'lamps, bins and benches' },
}

/** Key and titles of the layer that a target becomes. */
export function osmLayer(baseKey: string, stem: string, target: OsmTarget): { key: string; titleZh: string; titleEn: string; rule: KindRule } {
  return { key: `${baseKey}_${target}`, titleZh: `${stem} ${TITLES[target].zh}`, titleEn: `${stem} ${TITLES[target].en}`, rule: KIND_RULES[target] }
}

/** Way and relation numbers overlap: the layer of the file goes into the identifier. */
function identifierOf(row: SourceRow): string {
  const { osm_id: id, osm_way_id: wayId } = row.properties
  if (row.layer === 'points') return `node/${String(id)}`
  if (row.layer === 'lines') return `way/${String(id)}`
  return wayId ? `way/${String(wayId)}` : `relation/${String(id)}`
}

function columnNames(rule: KindRule, fields: Record<string, string | number | boolean | null>): Record<string, string | number | boolean | null> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [rule.fields.find((field) => field.name === name)?.column ?? name, value]))
}

/** Reads the extract once and sorts its features by the table osm-classes.json. */
export async function readOpenStreetMap(run: ImportRun): Promise<OsmRead> {
  const classes = readOsmClasses()
  const { header, crs, rows } = await openSource(run, true)
  const spools = new Map(OSM_TARGETS.map((target) => [target, new Spool(path.join(run.scratch, `${target}.ndjson`))]))
  let read = 0
  const totals: ImportFacts['totals'] = {}
  for await (const row of rows) {
    read++
    if (read % 5000 === 0) run.io.progress(20, 'reading')
    const tags = tagsOf(row)
    if (!row.geometry) {
      const targets = classify(classes, tags, row.layer === 'multipolygons' ? 'MultiPolygon' : 'LineString')
      for (const { target } of targets) {
        const name = `${target}_cut_off`
        totals[name] = Number(totals[name] ?? 0) + 1
        run.issues.add(row.row, { severity: 'flagged', code: 'osm_cut_off', field: 'geometry', message: `The ${target} feature is cut by the edge of the extract until nothing of its shape is left; it was left out.`, sample: identifierOf(row) })
      }
      continue
    }
    for (const { target, fields } of classify(classes, tags, row.geometry.type)) {
      const rule = KIND_RULES[target]
      try {
        const { geometry } = fitGeometry(row.geometry, rule.geometry)
        const settled = columnNames(rule, fields)
        const attributes = cleanValue(tags) as Record<string, unknown>
        const contentHash = createHash('sha256').update(JSON.stringify([settled, attributes, geometry])).digest('hex').slice(0, 32)
        await spools.get(target)?.append({ row: row.row, id: identifierOf(row), sourceHash: contentHash, contentHash, geometry, fields: settled, attributes, joinKey: null })
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        run.issues.add(row.row, { severity: 'flagged', code: 'osm_cut_off', field: 'geometry', message: `The ${target} feature has no whole geometry: ${error.message} It was left out.`, sample: identifierOf(row) })
      }
    }
  }
  for (const spool of spools.values()) await spool.close()
  const facts: ImportFacts = { read, mapping: { tags: 'data/importers/osm-classes.json' }, crs: crs.name, crsFrom: crs.from, encoding: null, driver: header.driver, totals }
  return { facts, spools }
}

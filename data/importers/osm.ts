/** OpenStreetMap features by the table osm-classes.json. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { SourceRow } from './source-rows.ts'

export const OSM_TARGETS = ['roads', 'paths', 'green_spaces', 'water_bodies', 'buildings', 'facilities', 'parts'] as const
export type OsmTarget = (typeof OSM_TARGETS)[number]

const Tags = z.record(z.string(), z.array(z.string()).min(1))
const Rule = z.object({
  when: Tags,
  unless: Tags.default({}),
  geometry: z.enum(['point', 'line', 'area', 'point or area']),
  fields: z.record(z.string(), z.union([z.string(), z.object({ tag: z.string() })])),
})
type Rule = z.infer<typeof Rule>

/** The form of osm-classes.json. */
export const OsmClasses = z.object({ $comment: z.array(z.string()), targets: z.record(z.enum(OSM_TARGETS), z.array(Rule).min(1)) })
export type OsmClasses = z.infer<typeof OsmClasses>

export function readOsmClasses(): OsmClasses {
  return OsmClasses.parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'osm-classes.json'), 'utf8')))
}

type Tagged = Record<string, string>
const GEOMETRIES: Record<Rule['geometry'], readonly string[]> = {
  point: ['Point'], line: ['LineString', 'MultiLineString'], area: ['Polygon', 'MultiPolygon'], 'point or area': ['Point', 'Polygon', 'MultiPolygon'],
}

/** Tags of a row as GDAL hands them over. */
export function tagsOf(row: SourceRow): Tagged {
  const tags = row.properties['all_tags']
  const parsed: unknown = typeof tags === 'string' ? JSON.parse(tags) : tags
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, String(value)])) : {}
}

const has = (tags: Tagged, key: string, values: readonly string[]): boolean => {
  const value = tags[key]
  return value !== undefined && (values.includes(value) || (values.includes('*') && value !== 'no'))
}

function fits(rule: Rule, tags: Tagged, geometryType: string): boolean {
  return GEOMETRIES[rule.geometry].includes(geometryType) && Object.entries(rule.when).every(([key, values]) => has(tags, key, values)) && !Object.entries(rule.unless).some(([key, values]) => has(tags, key, values))
}

/** OpenStreetMap writes `12 m` and `12.5`; other units are left out. */
function plainNumber(text: string | undefined): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*m?\s*$/.exec(text ?? '')
  return match ? Number(match[1]) : null
}

const NUMBERS: Record<string, { maximum: number; isWhole: boolean }> = { width: { maximum: 300, isWhole: false }, height: { maximum: 1500, isWhole: false }, floors: { maximum: 300, isWhole: true }, capacity: { maximum: 1e7, isWhole: false } }
const ACCESS: Record<string, string> = { customers: 'ticketed', fee: 'ticketed', private: 'closed', no: 'closed' }

function fieldValue(name: string, source: string | { tag: string }, tags: Tagged): string | number | boolean | null {
  const text = typeof source === 'string' ? source : tags[source.tag]
  const number = NUMBERS[name]
  if (number) {
    const value = plainNumber(text)
    return value === null || value > number.maximum ? null : number.isWhole ? Math.round(value) : value
  }
  if (name === 'bridge') return text !== undefined && text !== 'no'
  if (name === 'access') return typeof source === 'string' ? source : text === undefined ? null : (ACCESS[text] ?? 'open')
  return text ?? null
}

/** What a feature becomes: at most one row per target. */
export function classify(classes: OsmClasses, tags: Tagged, geometryType: string): { target: OsmTarget; fields: Record<string, string | number | boolean | null> }[] {
  return OSM_TARGETS.flatMap((target) => {
    const rule = classes.targets[target]?.find((candidate) => fits(candidate, tags, geometryType))
    if (!rule) return []
    return [{ target, fields: Object.fromEntries(Object.entries(rule.fields).map(([name, source]) => [name, fieldValue(name, source, tags)])) }]
  })
}

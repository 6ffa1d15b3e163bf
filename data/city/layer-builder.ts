/** Turns what was generated into the rows of a catalogue layer: ids, hashes, columns in order. */
import { publicIdOf, sha256 } from './ids.ts'
import type { ColumnType, FeatureRow, LayerRows, Value } from './rows.ts'
import type { Geometry } from './wkb.ts'

export interface Provenance {
  seed: string
  validFrom: Date
}

/** What a layer's row is made of; the columns' values by name. */
export interface Draft {
  key: string
  values: Record<string, Value>
  attributes?: Record<string, Value>
  geometry: Geometry
}

export interface LayerSpec {
  key: string
  kind: string
  titleZh: string
  titleEn: string
  owner: string
  columns: readonly (readonly [string, ColumnType])[]
  quality?: Record<string, Value>
}

export const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits

/** @throws Error when two rows of a layer carry the same key: the generator would be at fault. */
export function buildLayer(spec: LayerSpec, drafts: readonly Draft[], { seed, validFrom }: Provenance): LayerRows {
  const keys = new Set<string>()
  const rows = drafts.map((draft): FeatureRow => {
    if (keys.has(draft.key)) throw new Error(`layer ${spec.key}: two rows with the key ${draft.key}`)
    keys.add(draft.key)
    const values = spec.columns.map(([name]) => draft.values[name] ?? null)
    const attributes = draft.attributes ?? {}
    return {
      sourceKey: draft.key,
      publicId: publicIdOf(seed, validFrom, spec.key, draft.key),
      contentHash: sha256(JSON.stringify([values, attributes, draft.geometry])),
      values,
      attributes,
      geometry: draft.geometry,
    }
  })
  return { key: spec.key, kind: spec.kind, titleZh: spec.titleZh, titleEn: spec.titleEn, owner: `绣川市${spec.owner}（演示）`, columns: spec.columns, rows, quality: { synthetic: true, ...spec.quality } }
}

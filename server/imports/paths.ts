/** Walkable networks: rows with node ids are taken as edges, plain lines are cut where they meet. */
import { createHash } from 'node:crypto'
import { KIND_RULES } from '../../data/importers/kinds.ts'
import { nodeLines, type NetworkLine } from '../../data/importers/node-lines.ts'
import type { Queryable } from '../db/db.ts'
import type { ImportRun } from './context.ts'
import { riseOf, structureOf } from './path-facts.ts'
import { linkStageNodes, upsertStageNodes } from './path-queries.ts'
import type { KeyedRow } from './store.ts'
import type { StoreTarget } from './store-queries.ts'

/** What is written of an edge; its nodes stand in path_nodes. */
export const PATH_TARGET: StoreTarget = {
  table: 'path_edges',
  measure: 'length_meters',
  columns: [
    { column: 'source_node_id', type: 'bigint', otherwise: null },
    { column: 'target_node_id', type: 'bigint', otherwise: null },
    { column: 'kind', type: 'text', otherwise: 'path' },
    { column: 'barrier', type: 'text', otherwise: null },
    { column: 'one_way', type: 'boolean', otherwise: false },
    { column: 'structure', type: 'text', otherwise: null },
    { column: 'rise_meters', type: 'double precision', otherwise: null },
  ],
}

export const PATH_RULE = KIND_RULES.paths

type Line = number[][]

function linesOf(row: KeyedRow): Line[] {
  if (!row.geometry) return []
  return row.geometry.type === 'MultiLineString' ? (row.geometry.coordinates as Line[]) : [row.geometry.coordinates as Line]
}

function hasNodes(row: KeyedRow): boolean {
  const { source_node: source, target_node: target } = row.fields
  return source !== null && source !== undefined && target !== null && target !== undefined
}

function hashOf(...values: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32)
}

/** The fields of an edge: what the row tells in words becomes structure and rise. */
function settledFields({ bridge, tunnel, incline, rise_meters: stated, ...fields }: KeyedRow['fields'], piece: Line, whole: readonly Line[]): KeyedRow['fields'] {
  return { ...fields, structure: structureOf({ bridge, tunnel }), rise_meters: riseOf({ incline, rise_meters: stated }, piece, whole) }
}

/**
 * Edges of a network from the rows of a file. Rows that name their nodes stay whole; all others are cut where they share a vertex.
 * A given length is the row's own word and is kept; that of a cut line is measured.
 */
export async function* networkEdges(rows: AsyncIterable<KeyedRow>): AsyncGenerator<KeyedRow> {
  const plain: NetworkLine<{ row: KeyedRow }>[] = []
  for await (const row of rows) {
    const lines = linesOf(row)
    if (hasNodes(row) && lines.length === 1) {
      const fields = settledFields(row.fields, lines[0]!, lines)
      // What was made of the row's words is part of what it says.
      const isPlain = fields['structure'] === null && fields['rise_meters'] === null
      yield { ...row, fields, contentHash: isPlain ? row.contentHash : hashOf(row.contentHash, fields['structure'], fields['rise_meters']) }
      continue
    }
    lines.forEach((coordinates, index) => plain.push({ key: lines.length === 1 ? row.sourceKey : `${row.sourceKey}.${index + 1}`, coordinates, facts: { row } }))
  }
  for (const edge of nodeLines(plain)) {
    const { row } = edge.facts
    const { length_meters: _whole, ...fields } = settledFields(row.fields, edge.coordinates.map((position) => [...position]), linesOf(row))
    const settled = { ...fields, source_node: edge.sourceNode, target_node: edge.targetNode }
    yield { ...row, sourceKey: edge.key, contentHash: hashOf(settled, row.attributes, edge.coordinates), geometry: { type: 'LineString', coordinates: edge.coordinates }, fields: settled }
  }
}

/** Makes the nodes of the staged edges and links the edges to them. */
export async function linkNodes(tx: Queryable, run: ImportRun, layerId: number): Promise<void> {
  await upsertStageNodes(tx, { cityId: run.city.cityId, layerId })
  await linkStageNodes(tx, layerId)
}

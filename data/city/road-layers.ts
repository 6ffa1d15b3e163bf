/** Catalogue layers of movement: roads, the walkable network with its nodes. */
import { lineGeometry, linesGeometry, pointGeometry } from './geometry.ts'
import { publicIdOf, sha256 } from './ids.ts'
import { buildLayer, type Provenance, round } from './layer-builder.ts'
import type { PathNetwork } from './network.ts'
import type { Point } from './plane.ts'
import type { Road } from './roads.ts'
import type { EdgeRow, LayerRows, NodeRow } from './rows.ts'

/** Our street classes in the words the map and OpenStreetMap use. */
const ROAD_WORDS: Record<Road['class'], string> = { expressway: 'trunk', arterial: 'primary', country: 'primary', secondary: 'secondary', local: 'tertiary', alley: 'service', rail: 'rail' }

export function roadLayer(roads: readonly Road[], provenance: Provenance): LayerRows {
  return buildLayer(
    { key: 'roads', kind: 'roads', titleZh: '道路与铁路', titleEn: 'Roads and railway', owner: '交通运输局', columns: [['name', 'text'], ['name_en', 'text'], ['class', 'text'], ['width_meters', 'real'], ['is_bridge', 'boolean'], ['length_meters', 'double precision']] },
    roads.map((road, index) => ({
      key: `DL${String(index + 1).padStart(5, '0')}`,
      values: { name: road.name, name_en: road.nameEn, class: road.class === 'local' && road.lengthMeters < 190 ? 'residential' : ROAD_WORDS[road.class], width_meters: road.widthMeters, is_bridge: road.isBridge, length_meters: round(road.lengthMeters, 2) },
      attributes: overOf(road),
      geometry: linesGeometry([road.points]),
    })),
    provenance,
  )
}

const overOf = (road: Road): Record<string, string> => (road.over ? { over: road.over } : {})

const nodeKey = (index: number): string => `N${String(index + 1).padStart(5, '0')}`

/** @param heightAt height of the ground above the river, metres */
export function networkRows(network: PathNetwork, heightAt: (point: Point) => number, { seed, validFrom }: Provenance): { layer: LayerRows; nodes: NodeRow[]; edges: EdgeRow[] } {
  const layer: LayerRows = { key: 'walking-network', kind: 'path_edges', titleZh: '步行路网', titleEn: 'Walkable network', owner: '绣川市自然资源和规划局（演示）', columns: [], rows: [], quality: { synthetic: true, lengths: 'measured in EPSG:4547' } }
  const nodes = network.nodes.map((point, index) => ({ publicId: publicIdOf(seed, validFrom, 'path-node', nodeKey(index)), sourceKey: nodeKey(index), geometry: pointGeometry(point) }))
  const heights = network.nodes.map(heightAt)
  const edges = network.edges.map((edge, index) => {
    const sourceKey = `E${String(index + 1).padStart(6, '0')}`
    const geometry = lineGeometry(edge.points)
    const lengthMeters = round(edge.lengthMeters, 2)
    const riseMeters = round(heights[edge.to]! - heights[edge.from]!, 2)
    return {
      publicId: publicIdOf(seed, validFrom, 'path-edge', sourceKey),
      sourceKey,
      contentHash: sha256(JSON.stringify([edge.from, edge.to, edge.kind, edge.barrier, lengthMeters, riseMeters, geometry])),
      fromKey: nodeKey(edge.from),
      toKey: nodeKey(edge.to),
      kind: edge.kind,
      barrier: edge.barrier,
      lengthMeters,
      riseMeters,
      geometry,
    }
  })
  return { layer, nodes, edges }
}

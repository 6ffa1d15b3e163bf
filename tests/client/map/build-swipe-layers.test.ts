import { expect, test } from 'vitest'
import { buildSwipeLayers, drawnOf } from '../../../client/map/build-swipe-layers.ts'
import { TOKENS } from '../../../client/theme/tokens.ts'
import type { Position } from '../../../server/contract/geojson.ts'
import type { ScenarioEdit } from '../../../server/contract/scenarios.ts'

const ring: Position[] = [[0, 0], [1, 0], [1, 1], [0, 0]]
const edits: ScenarioEdit[] = [
  { id: '1', kind: 'facility', name: '', geometry: { type: 'MultiPolygon', coordinates: [[ring], [ring]] } },
  { id: '2', kind: 'facility', name: '', geometry: { type: 'Point', coordinates: [2, 2] } },
  { id: '3', kind: 'change', feature: 'p', name: '', geometry: { type: 'Polygon', coordinates: [ring] } },
  { id: '4', kind: 'close', feature: 'q', name: '' },
  { id: '5', kind: 'open', feature: 'r', name: '' },
  { id: '6', kind: 'gate', feature: 'p', name: '', position: [3, 3] },
  { id: '7', kind: 'path', name: '', line: [[0, 0], [4, 4]], isCrossing: true },
  { id: '8', kind: 'close_path', name: '', position: [5, 5] },
]
const standing = { p: [[ring]], q: [[ring], [ring]], r: [[ring]] }

test('every edit of a version is drawn: what is made, what is gone where it stood, gates, ways and closed paths', () => {
  const tokens = TOKENS.night
  const { shapes, points, ways } = drawnOf(edits, standing, tokens)
  const made = shapes.filter(({ line }) => line.join() === shapes[0]!.line.join())
  expect([shapes.length, made.length]).toEqual([7, 4])
  expect(points.map(({ position, isHollow }) => [position[0], isHollow])).toEqual([[2, false], [3, false], [5, true]])
  expect(ways).toEqual([{ line: [[0, 0], [4, 4]], isCrossing: true }])
})

test('homes alike on both sides are drawn once across the seam, the others on each side as it serves them; a seam that moves makes no layer anew', () => {
  let seam = 0.5
  const picture = { from: [], to: [], standing: {}, gainedWeight: 0, lostWeight: 0, served: new Float32Array(8), unserved: new Float32Array(6), gained: new Float32Array(4), lost: new Float32Array(2) }
  const layers = buildSwipeLayers(picture, () => seam, TOKENS.day)
  const count = (id: string) => (layers.find((layer) => layer.id === id)!.props.data as { length: number }).length
  expect(['swipe-served', 'swipe-unserved', 'swipe-left-served', 'swipe-left-unserved', 'swipe-right-served', 'swipe-right-unserved'].map(count)).toEqual([4, 3, 1, 2, 2, 1])
  seam = 0.9
  const clipped = layers.filter(({ props }) => props.extensions.length > 0)
  expect(clipped.map(({ id }) => id).filter((id) => !/^swipe-(left|right)-/.test(id))).toEqual([])
  expect(clipped.map(({ props }) => (props.extensions[0]!.opts as { seam: () => number }).seam())).toEqual(clipped.map(() => 0.9))
  expect(buildSwipeLayers(null, () => seam, TOKENS.day)).toEqual([])
})

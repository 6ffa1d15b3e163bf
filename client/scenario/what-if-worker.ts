/** The thread that holds the ground: states and moves are answered here, so that the map never waits. */
import type { Position } from '../../server/contract/geojson.ts'
import type { ScenarioEdit, WhatIfGround } from '../../server/contract/scenarios.ts'
import type { WhatIfBase } from '../../server/engine/what-if/base.ts'
import { WhatIf, type WhatIfOutcome } from '../../server/engine/what-if/what-if.ts'
import type { MovableEdit } from './edits.ts'
import { decodeGround, placeEdit, type Plane, planeOf, polygonsOf } from './ground.ts'

export type WhatIfRequest = { number: number } & (
  | { kind: 'load'; ground: WhatIfGround }
  | { kind: 'begin'; edits: ScenarioEdit[] }
  | { kind: 'difference'; before: ScenarioEdit[]; after: ScenarioEdit[] }
  | { kind: 'sides'; from: ScenarioEdit[]; to: ScenarioEdit[] }
  | { kind: 'move'; edit: MovableEdit }
  | { kind: 'gates'; feature: string }
)

/** An outcome with its homes where the map draws them. */
export interface WhatIfAnswer extends Omit<WhatIfOutcome, 'gainedHomes' | 'lostHomes'> {
  /** Longitude and latitude, interleaved. */
  gainedHomes: Float32Array
  lostHomes: Float32Array
  milliseconds: number
}
/** All homes by two lists of edits, and as they stand the facilities that either shuts, opens or reshapes. */
export interface WhatIfSides {
  /** Served, or not, by both; longitude and latitude, interleaved. Homes that nobody asks about are left out. */
  served: Float32Array
  unserved: Float32Array
  /** Served by the second alone, and by the first alone. */
  gained: Float32Array
  lost: Float32Array
  /** By id of the facility: its polygons, ring by ring; empty for a point. */
  standing: Record<string, Position[][][]>
}
export type WhatIfReply = { number: number } & ({ answer: WhatIfAnswer } | { sides: WhatIfSides } | { gates: Position[] } | { error: string })

let whatIf: WhatIf | undefined
let plane: Plane | undefined
let base: WhatIfBase | undefined
/** Where each home lies; looked up as it is first drawn. */
let points = new Float64Array()

function positionsOf(homes: Uint32Array | readonly number[]): Float32Array {
  const positions = new Float32Array(homes.length * 2)
  homes.forEach((home, at) => positions.set(plane!.toDegrees(points[home * 2]!, points[home * 2 + 1]!), at * 2))
  return positions
}

function load(ground: WhatIfGround): WhatIfOutcome {
  plane = planeOf(ground.plane)
  base = decodeGround(ground)
  points = Float64Array.from(base.points)
  whatIf = new WhatIf(base)
  return whatIf.begin([])
}

function sidesOf(held: { whatIf: WhatIf; base: WhatIfBase; plane: Plane }, from: readonly ScenarioEdit[], to: readonly ScenarioEdit[]): WhatIfSides {
  const servedWith = (edits: readonly ScenarioEdit[]) => held.whatIf.servedWith(edits.map((edit) => placeEdit(edit, held.plane)))
  const [before, after] = [servedWith(from), servedWith(to)]
  const homes = { served: [] as number[], unserved: [] as number[], gained: [] as number[], lost: [] as number[] }
  held.base.weights.forEach((weight, home) => {
    if (weight > 0) homes[before[home] ? (after[home] ? 'served' : 'lost') : after[home] ? 'gained' : 'unserved'].push(home)
  })
  const named = new Set([...from, ...to].flatMap((edit) => (edit.kind === 'close' || edit.kind === 'open' || edit.kind === 'change' ? [edit.feature] : [])))
  const standing = held.base.facilities.filter(({ id }) => named.has(id)).map(({ id, wkb }): [string, Position[][][]] => [id, polygonsOf(wkb, held.plane)])
  return { served: positionsOf(homes.served), unserved: positionsOf(homes.unserved), gained: positionsOf(homes.gained), lost: positionsOf(homes.lost), standing: Object.fromEntries(standing) }
}

function outcomeOf(request: Exclude<WhatIfRequest, { kind: 'sides' | 'gates' }>): WhatIfOutcome {
  if (request.kind === 'load') return load(request.ground)
  if (!whatIf || !plane) throw new Error('the ground was not loaded')
  const place = (edit: ScenarioEdit) => placeEdit(edit, plane!)
  if (request.kind === 'begin') return whatIf.begin(request.edits.map(place))
  if (request.kind === 'difference') return whatIf.difference(request.before.map(place), request.after.map(place))
  const placed = place(request.edit)
  if (placed.kind !== 'facility' && placed.kind !== 'change' && placed.kind !== 'gate' && placed.kind !== 'path') throw new Error(`a ${placed.kind} cannot be moved`)
  return whatIf.move(placed)
}

self.addEventListener('message', ({ data }: MessageEvent<WhatIfRequest>) => {
  const startedAt = performance.now()
  try {
    if (data.kind === 'sides') {
      if (!whatIf || !base || !plane) throw new Error('the ground was not loaded')
      self.postMessage({ number: data.number, sides: sidesOf({ whatIf, base, plane }, data.from, data.to) } satisfies WhatIfReply)
      return
    }
    if (data.kind === 'gates') {
      const gates = whatIf?.gatesOf(data.feature) ?? new Float64Array(0)
      self.postMessage({ number: data.number, gates: Array.from({ length: gates.length / 2 }, (_value, at) => plane!.toDegrees(gates[at * 2]!, gates[at * 2 + 1]!)) } satisfies WhatIfReply)
      return
    }
    const outcome = outcomeOf(data)
    const answer: WhatIfAnswer = { ...outcome, gainedHomes: positionsOf(outcome.gainedHomes), lostHomes: positionsOf(outcome.lostHomes), milliseconds: performance.now() - startedAt }
    self.postMessage({ number: data.number, answer } satisfies WhatIfReply)
  } catch (error) {
    self.postMessage({ number: data.number, error: error instanceof Error ? error.message : String(error) } satisfies WhatIfReply)
  }
})

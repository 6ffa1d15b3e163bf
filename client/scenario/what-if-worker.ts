/** The thread that holds the ground: states and moves are answered here, so that the map never waits. */
import type { Position } from '../../server/contract/geojson.ts'
import type { ScenarioEdit, WhatIfGround } from '../../server/contract/scenarios.ts'
import type { WhatIfBase } from '../../server/engine/what-if/base.ts'
import { WhatIf, type WhatIfOutcome } from '../../server/engine/what-if/what-if.ts'
import type { MovableEdit } from './edits.ts'
import { decodeGround, placeEdit, type Plane, planeOf, polygonsOf } from './ground.ts'
import type { ServedHomes } from './served-homes.ts'

export type WhatIfRequest = { number: number } & (
  | { kind: 'load'; ground: WhatIfGround }
  | { kind: 'begin'; edits: ScenarioEdit[] }
  | { kind: 'served'; edits: ScenarioEdit[] }
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
export type WhatIfReply = { number: number } & ({ answer: WhatIfAnswer } | { homes: ServedHomes } | { gates: Position[] } | { error: string })

let whatIf: WhatIf | undefined
let plane: Plane | undefined
let base: WhatIfBase | undefined
let demand = ''
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
  demand = ground.demand.name
  points = Float64Array.from(base.points)
  whatIf = new WhatIf(base)
  return whatIf.begin([])
}

function servedBy(edits: readonly ScenarioEdit[]): ServedHomes {
  if (!whatIf || !base || !plane) throw new Error('the ground was not loaded')
  const ground = plane
  const served = whatIf.servedWith(edits.map((edit) => placeEdit(edit, ground)))
  const named = new Set(edits.flatMap((edit) => (edit.kind === 'close' || edit.kind === 'open' || edit.kind === 'change' ? [edit.feature] : [])))
  const standing = base.facilities.filter(({ id }) => named.has(id)).map(({ id, wkb }): [string, Position[][][]] => [id, polygonsOf(wkb, ground)])
  return { demand, served, weights: base.weights.slice(), positions: positionsOf(Uint32Array.from(base.weights, (_weight, home) => home)), standing: Object.fromEntries(standing) }
}

function outcomeOf(request: Exclude<WhatIfRequest, { kind: 'served' | 'gates' }>): WhatIfOutcome {
  if (request.kind === 'load') return load(request.ground)
  if (!whatIf || !plane) throw new Error('the ground was not loaded')
  const place = (edit: ScenarioEdit) => placeEdit(edit, plane!)
  if (request.kind === 'begin') return whatIf.begin(request.edits.map(place))
  const placed = place(request.edit)
  if (placed.kind !== 'facility' && placed.kind !== 'change' && placed.kind !== 'gate' && placed.kind !== 'path') throw new Error(`a ${placed.kind} cannot be moved`)
  return whatIf.move(placed)
}

self.addEventListener('message', ({ data }: MessageEvent<WhatIfRequest>) => {
  const startedAt = performance.now()
  try {
    if (data.kind === 'served') {
      self.postMessage({ number: data.number, homes: servedBy(data.edits) } satisfies WhatIfReply)
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

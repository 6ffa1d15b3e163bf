/** The thread that holds the ground: states and moves are answered here, so that the map never waits. */
import type { ScenarioEdit, WhatIfGround } from '../../server/contract/scenarios.ts'
import { WhatIf, type WhatIfOutcome } from '../../server/engine/what-if/what-if.ts'
import type { MovableEdit } from './edits.ts'
import { decodeGround, placeEdit, type Plane, planeOf } from './ground.ts'

export type WhatIfRequest = { number: number } & ({ kind: 'load'; ground: WhatIfGround } | { kind: 'begin'; edits: ScenarioEdit[] } | { kind: 'difference'; before: ScenarioEdit[]; after: ScenarioEdit[] } | { kind: 'move'; edit: MovableEdit })

/** An outcome with its homes where the map draws them. */
export interface WhatIfAnswer extends Omit<WhatIfOutcome, 'gainedHomes' | 'lostHomes'> {
  /** Longitude and latitude, interleaved. */
  gainedHomes: Float32Array
  lostHomes: Float32Array
  milliseconds: number
}
export type WhatIfReply = { number: number } & ({ answer: WhatIfAnswer } | { error: string })

let whatIf: WhatIf | undefined
let plane: Plane | undefined
/** Where each home lies; looked up as it is first drawn. */
let points = new Float64Array()

function positionsOf(homes: Uint32Array): Float32Array {
  const positions = new Float32Array(homes.length * 2)
  homes.forEach((home, at) => positions.set(plane!.toDegrees(points[home * 2]!, points[home * 2 + 1]!), at * 2))
  return positions
}

function load(ground: WhatIfGround): WhatIfOutcome {
  plane = planeOf(ground.plane)
  const base = decodeGround(ground)
  points = Float64Array.from(base.points)
  whatIf = new WhatIf(base)
  return whatIf.begin([])
}

function outcomeOf(request: WhatIfRequest): WhatIfOutcome {
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
    const outcome = outcomeOf(data)
    const answer: WhatIfAnswer = { ...outcome, gainedHomes: positionsOf(outcome.gainedHomes), lostHomes: positionsOf(outcome.lostHomes), milliseconds: performance.now() - startedAt }
    self.postMessage({ number: data.number, answer } satisfies WhatIfReply)
  } catch (error) {
    self.postMessage({ number: data.number, error: error instanceof Error ? error.message : String(error) } satisfies WhatIfReply)
  }
})

/** Homes as one list of edits under one question serves them, and two such beside each other. Pure. */
import type { Position } from '../../server/contract/geojson.ts'

export interface ServedHomes {
  /** What is served: people, elders, buildings … */
  demand: string
  /** 1 for each home that is served. */
  served: Uint8Array
  weights: Float64Array
  /** Longitude and latitude, interleaved. */
  positions: Float32Array
  /** Facilities that the edits shut, open or reshape as they stand, by id: their polygons, ring by ring; empty for a point. */
  standing: Record<string, Position[][][]>
}

/** All homes by two sides. Homes that nobody asks about are left out. */
export interface WhatIfSides {
  /** Served, or not, by both. */
  served: Float32Array
  unserved: Float32Array
  /** Served by the second alone, and by the first alone. */
  gained: Float32Array
  lost: Float32Array
  gainedWeight: number
  lostWeight: number
  standing: ServedHomes['standing']
}

/** Two sides that count other homes, or other people in them. */
export class OtherHomesError extends Error {}

/** @throws OtherHomesError where the questions of the sides do not count the same homes alike */
export function sidesOf(from: ServedHomes, to: ServedHomes): WhatIfSides {
  const isSame = from.demand === to.demand && from.weights.length === to.weights.length && from.weights.every((weight, home) => weight === to.weights[home])
  if (!isSame) throw new OtherHomesError(`one side counts ${from.demand}, the other ${to.demand}`)
  const homes = { served: [] as number[], unserved: [] as number[], gained: [] as number[], lost: [] as number[] }
  const weight = { gained: 0, lost: 0 }
  from.weights.forEach((of, home) => {
    if (of <= 0) return
    const place = from.served[home] ? (to.served[home] ? 'served' : 'lost') : to.served[home] ? 'gained' : 'unserved'
    homes[place].push(from.positions[home * 2]!, from.positions[home * 2 + 1]!)
    if (place === 'gained' || place === 'lost') weight[place] += of
  })
  const drawn = (place: keyof typeof homes) => Float32Array.from(homes[place])
  return { served: drawn('served'), unserved: drawn('unserved'), gained: drawn('gained'), lost: drawn('lost'), gainedWeight: weight.gained, lostWeight: weight.lost, standing: { ...from.standing, ...to.standing } }
}

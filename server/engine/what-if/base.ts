/** The city as a scenario's moves read it, in metres in its plane. */
import type { RuleBand } from '../../contract/coverage.ts'
import type { PathsInput } from '../walking/walking-network.ts'
import type { AreaGround } from './served-area.ts'

export interface WhatIfFacility {
  id: string
  name: string | null
  wkb: Uint8Array
  /** By its class and size, whoever may enter; NaN where it would not count. */
  radiusMeters: number
  /** Nobody, or not everybody, may enter: it serves nobody until it is opened. */
  isShut: boolean
  /** Not counted for its class, whatever its size. */
  isBarred: boolean
  /** Its gates are on record: a path drawn across its boundary opens none. */
  isOnRecord: boolean
  /** Gates as they are found or on record, x, y interleaved; empty by the straight line. */
  gates: Float64Array
  /** 1 for gates that are the facility itself, stored as a point. */
  isPoint: Uint8Array
}

export interface WhatIfBase {
  bands: RuleBand[]
  /** Shapes of historic districts, where smaller parks may count. */
  historic: Uint8Array[]
  /** Homes: x, y interleaved, and the weight of each by the demand asked for; 0 for what is not counted. */
  points: Float64Array
  weights: Float64Array
  facilities: WhatIfFacility[]
  /** Null by the straight line. */
  walking: { paths: PathsInput; homeToleranceMeters: number; gateToleranceMeters: number; pointToleranceMeters: number; openEdgeSpacingMeters: number; scrapShare: number } | null
  /** Land or ground whose served area is told; null on foot, where nothing has an area. */
  area: AreaGround | null
}

/** What walking an edge costs in minutes, each way. Every number comes from the caller, who knows its source. */

export interface WalkingPace {
  /** On level ground: 80 for adults, 60 for elders are usual in planning. */
  metersPerMinute: number
  /**
   * Tobler's hiking function (Tobler 1993, NCGIA Technical Report 93-1), held to the given pace on level ground:
   * pace × exp(−decay × (|slope + easiest| − easiest)); his own numbers are decay 3.5 and easiest 0.05, a gentle way down. Left out: slopes cost nothing.
   */
  slope?: { decay: number; easiest: number }
  /** Minutes on stairs for each minute on a path of the same length; Infinity closes them, for wheels. Left out: stairs are paths. */
  stairsFactor?: number
}

export interface WalkedEdges {
  lengthMeters: Float64Array
  /** Rise from the first end to the last, metres, below zero where it falls; left out: level. */
  riseMeters?: Float64Array
  /** 1 for stairs. */
  isStairs?: Uint8Array
}

/** Minutes of an edge with a slope (rise over length). */
function minutesOf(lengthMeters: number, slope: number, pace: WalkingPace): number {
  const slowing = pace.slope ? Math.exp(-pace.slope.decay * (Math.abs(slope + pace.slope.easiest) - pace.slope.easiest)) : 1
  return lengthMeters / (pace.metersPerMinute * slowing)
}

/**
 * Minutes of each edge there and back; one and the same array where slopes play no part.
 * @throws RangeError for a pace or a factor that is not above zero
 */
export function walkingMinutes(edges: WalkedEdges, pace: WalkingPace): { costForward: Float64Array; costBackward: Float64Array } {
  if (!(pace.metersPerMinute > 0)) throw new RangeError(`a pace of ${pace.metersPerMinute} metres a minute is no walking`)
  if (pace.stairsFactor !== undefined && !(pace.stairsFactor > 0)) throw new RangeError(`stairs cannot take ${pace.stairsFactor} times as long`)
  const oneWay = (direction: 1 | -1) =>
    edges.lengthMeters.map((length, edge) => {
      const slope = length > 0 ? (direction * (edges.riseMeters?.[edge] ?? 0)) / length : 0
      return minutesOf(length, slope, pace) * (edges.isStairs?.[edge] ? (pace.stairsFactor ?? 1) : 1)
    })
  const costForward = oneWay(1)
  return { costForward, costBackward: pace.slope && edges.riseMeters ? oneWay(-1) : costForward }
}

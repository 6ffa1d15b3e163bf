/** The straight ruler over a ground that can be mended: by plots and by greens that are shut; gates and ways change nothing on paper. */
import type Flatbush from 'flatbush'
import { computeCovered } from '../membership.ts'
import { NearestIndex } from '../nearest-index.ts'
import { boundsOf, type PackedGeometries } from '../packed-geometry.ts'
import type { MendableGround, MendEdit, MendGain } from './mend.ts'
import { indexOfPoints } from './nearby.ts'

export interface StraightGroundInput {
  facilities: PackedGeometries
  radii: Float64Array
  /** Homes: x, y interleaved. */
  points: Float64Array
  /** Shapes of the plots and of the greens that are shut, by the number of the site. */
  plots: PackedGeometries
  shut: PackedGeometries
}

export class StraightMendGround implements MendableGround {
  readonly covered: Uint8Array
  readonly #input: StraightGroundInput
  readonly #homes: Flatbush | undefined

  constructor(input: StraightGroundInput) {
    this.#input = input
    this.covered = computeCovered(input.points, input.facilities, input.radii)
    if (input.points.length > 0) this.#homes = indexOfPoints(input.points)
  }

  gainOf(edit: MendEdit): MendGain {
    if (edit.kind !== 'facility' && edit.kind !== 'open') return { served: [], lost: [] }
    const shapes = edit.kind === 'facility' ? this.#input.plots : this.#input.shut
    const { points } = this.#input
    // A hair wider, so that rounding of a box cannot lose a home at the very radius.
    const reach = edit.radiusMeters * (1 + 1e-12) + 1e-9
    const [minX, minY, maxX, maxY] = boundsOf(shapes, edit.site)
    const index = new NearestIndex(shapes, [edit.site])
    const near = this.#homes?.search(minX - reach, minY - reach, maxX + reach, maxY + reach) ?? []
    return { served: near.filter((home) => !this.covered[home] && index.isWithin(points[home * 2]!, points[home * 2 + 1]!, edit.radiusMeters)).sort((a, b) => a - b), lost: [] }
  }

  mended(edit: MendEdit): StraightMendGround {
    for (const home of this.gainOf(edit).served) this.covered[home] = 1
    return this
  }
}

/** Where shapes are entered once paths were drawn and others closed: a drawn path opens a gate where it crosses a boundary, and takes none away. */
import { type PackedGeometries, packWkb } from '../packed-geometry.ts'
import { BoundaryGates } from './boundary-gates.ts'
import type { EditedPaths } from './edit-paths.ts'
import type { PathsInput } from './walking-network.ts'

export class EditedGates {
  readonly #standing: BoundaryGates
  /** Over drawn paths alone; undefined where none was drawn. */
  readonly #drawn: BoundaryGates | undefined

  /**
   * @param paths as they stand
   * @param edited the same with edits; null without any
   * @param boundary of the paths as they stand, where it is at hand
   */
  constructor(paths: PathsInput, edited: EditedPaths | null, boundary?: BoundaryGates) {
    const left = edited && new Set(edited.origins.map(({ edge }) => edge))
    const isClosed = left ? paths.isBridge.map((isBridge, edge) => (isBridge || !left.has(edge) ? 1 : 0)) : paths.isBridge
    const isSame = isClosed.every((closed, edge) => closed === (paths.isBridge[edge] ? 1 : 0))
    this.#standing = (isSame ? boundary : undefined) ?? BoundaryGates.over({ courses: paths.courses, isBridge: isClosed })
    if (!edited || !left!.has(-1)) return
    const drawn = edited.origins.flatMap(({ edge }, at) => (edge === -1 ? [at] : []))
    this.#drawn = BoundaryGates.over({ courses: drawn.map((at) => edited.paths.courses[at]!), isBridge: Uint8Array.from(drawn, (at) => edited.paths.isBridge[at]!) })
  }

  /** Gates that drawn paths open in a shape, x, y interleaved. */
  opened(shapes: PackedGeometries, geometry: number): Float64Array {
    return this.#drawn?.crossingsOf(shapes, geometry) ?? new Float64Array(0)
  }

  /** Gates of a shape that has none on record, as of `BoundaryGates`, without those that drawn paths open. */
  standing(shapes: PackedGeometries, geometry: number, spacingMeters: number): Float64Array {
    return this.#standing.of(shapes, geometry, spacingMeters)
  }
}

/** Gates that one path would open in a shape. @param line x, y interleaved */
export function openedBy(line: readonly number[], wkb: Uint8Array): Float64Array {
  const path = new BoundaryGates({ coordinates: Float64Array.from(line), vertexStart: Uint32Array.of(0, line.length / 2) }, new Uint8Array(1))
  return path.crossingsOf(packWkb([wkb]), 0)
}

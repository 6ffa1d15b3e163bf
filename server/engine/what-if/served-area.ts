/**
 * The straight-line ruler's area as edits change it: residential land that is served, or where the question is not about land the area that is
 * newly served. Service areas are the very pieces that a whole run joins, and only ground near an edit is cut again.
 */
import Flatbush from 'flatbush'
import { ServiceIndex } from '../membership.ts'
import { type PackedGeometries, packWkb, PART } from '../packed-geometry.ts'
import { classifyParcels, SERVED } from '../parcels.ts'
import { serviceAreaPieces } from '../service-area.ts'
import { type Box, boxed, type BoxedRing, boxOfAll, clipRings, common, type CutPiece, cutByUnions, signedArea } from './union-cut.ts'

/** Side of the squares that ground without parcels is looked at in, metres. */
const SQUARE_METERS = 250
/** Squares are numbered row by row; enough of them for the whole earth in a row. */
const ROW = 2 ** 20
/** Ground that is held to this share is held wholly: what is left is rounding. */
const WHOLE = 1 - 1e-12

export type AreaGround =
  | { kind: 'residential'; parcels: Uint8Array[]; areasM2: Float64Array }
  /** @param clip the ground that counts; null for all of it */
  | { kind: 'served'; clip: Uint8Array | null }

export interface ServedFacility {
  wkb: Uint8Array
  /** NaN where it does not count. */
  radiusMeters: number
}

export interface AreaOutcome {
  kind: AreaGround['kind']
  /** All of the land, and what of it is served; null where the area is no share of anything. */
  totalM2: number | null
  coveredM2: number | null
  ratio: number | null
  gainedM2: number
  lostM2: number
}

type Pieces = { rings: BoxedRing[] }[]

interface Service {
  box: Box
  pieces: Pieces
}

/** Of one parcel or square, square metres. */
interface Cut {
  after: number
  gained: number
  lost: number
}

interface Target {
  rings: BoxedRing[]
  box: Box
  areaM2: number
}

/** Whatever ground is cut: parcels, or squares. */
interface Targets {
  near(box: Box): number[]
  at(target: number): Target
}

const [BEFORE, AFTER, MOVED] = [1, 2, 4]

function ringsOf({ coordinates, partStart, partKind }: PackedGeometries, from: number, to: number): BoxedRing[] {
  const rings: BoxedRing[] = []
  for (let part = from; part < to; part += 1) if (partKind[part]! >= PART.outer) rings.push(boxed(coordinates.subarray(partStart[part]! * 2, partStart[part + 1]! * 2)))
  return rings
}

function parcelTargets(packed: PackedGeometries, areasM2: Float64Array): Targets {
  const targets = Array.from(areasM2, (areaM2, index): Target => {
    const rings = ringsOf(packed, packed.geometryStart[index]!, packed.geometryStart[index + 1]!)
    return { rings, box: boxOfAll(rings.map(({ box }) => box)), areaM2 }
  })
  if (targets.length === 0) return { near: () => [], at: (target) => targets[target]! }
  const index = new Flatbush(targets.length)
  for (const { box } of targets) index.add(...box)
  index.finish()
  return { near: (box) => index.search(...box), at: (target) => targets[target]! }
}

function squareTargets(clip: Uint8Array | null): Targets {
  const packed = clip && packWkb([clip])
  const limits = packed && ringsOf(packed, 0, packed.partKind.length)
  const known = new Map<number, Target>()
  const make = (target: number): Target => {
    const [column, row] = [target % ROW, Math.floor(target / ROW)]
    const box: Box = [column * SQUARE_METERS, row * SQUARE_METERS, (column + 1) * SQUARE_METERS, (row + 1) * SQUARE_METERS]
    const rings = limits ? clipRings(limits, box) : [boxed([box[0], box[1], box[2], box[1], box[2], box[3], box[0], box[3]])]
    return { rings, box: boxOfAll(rings.map((ring) => ring.box)), areaM2: rings.length === 1 ? Math.abs(signedArea(rings[0]!.ring)) : cutByUnions(rings, [], 0)[0]! }
  }
  return {
    near: ([minX, minY, maxX, maxY]) => {
      const found: number[] = []
      for (let row = Math.floor(minY / SQUARE_METERS); row <= Math.floor(maxY / SQUARE_METERS); row += 1) for (let column = Math.floor(minX / SQUARE_METERS); column <= Math.floor(maxX / SQUARE_METERS); column += 1) found.push(row * ROW + column)
      return found
    },
    at: (target) => {
      let square = known.get(target)
      if (!square) known.set(target, (square = make(target)))
      return square
    },
  }
}

export class ServedArea {
  readonly #ground: AreaGround
  readonly #targets: Targets
  readonly #base: readonly ServedFacility[]
  readonly #services = new WeakMap<ServedFacility, Service>()
  /** Service areas of the base within a target, by facility; cut as they are first asked for. */
  readonly #near = new Map<number, { facility: number; pieces: Pieces }[]>()
  readonly #counted: number[]
  readonly #index: Flatbush | undefined
  /** Of land: what is served of each parcel as it is. */
  readonly #coveredBefore: Float64Array
  /** What the state begun changes, by target. */
  #state = new Map<number, Cut>()
  #removed = new Set<number>()
  #added: ServedFacility[] = []

  /** @param base the facilities as they are, at the places that `begin` gives them; those that do not count as well */
  constructor(ground: AreaGround, base: readonly ServedFacility[]) {
    this.#ground = ground
    this.#base = base
    this.#counted = base.flatMap(({ radiusMeters }, facility) => (Number.isNaN(radiusMeters) ? [] : [facility]))
    if (this.#counted.length > 0) {
      this.#index = new Flatbush(this.#counted.length)
      for (const facility of this.#counted) this.#index.add(...this.#serviceOf(base[facility]!).box)
      this.#index.finish()
    }
    if (ground.kind === 'served') {
      this.#targets = squareTargets(ground.clip)
      this.#coveredBefore = new Float64Array()
      return
    }
    const packed = packWkb(ground.parcels)
    this.#targets = parcelTargets(packed, ground.areasM2)
    const classes = classifyParcels(packed, new ServiceIndex(packWkb(base.map(({ wkb }) => wkb)), Float64Array.from(base, ({ radiusMeters }) => radiusMeters)))
    this.#coveredBefore = Float64Array.from(classes, (of, parcel) => (of === SERVED.partly ? this.#cut(parcel).after : of === SERVED.yes ? ground.areasM2[parcel]! : 0))
  }

  /** Takes up a state. @param facilities those of the base at their places, then what edits add */
  begin(facilities: readonly ServedFacility[]): AreaOutcome {
    const isSame = (a: ServedFacility, b: ServedFacility) => a === b || (a.wkb === b.wkb && Object.is(a.radiusMeters, b.radiusMeters))
    this.#removed = new Set()
    this.#added = []
    const boxes: Box[] = []
    facilities.forEach((facility, at) => {
      const was = this.#base[at]
      if (was && isSame(was, facility)) return
      if (was && !Number.isNaN(was.radiusMeters)) {
        this.#removed.add(at)
        boxes.push(this.#serviceOf(was).box)
      }
      if (Number.isNaN(facility.radiusMeters)) return
      this.#added.push(facility)
      boxes.push(this.#serviceOf(facility).box)
    })
    this.#state = new Map([...new Set(boxes.flatMap((box) => this.#targets.near(box)))].map((target) => [target, this.#cut(target)]))
    return this.#tell(this.#state)
  }

  /** The state begun, with one facility more; the state stays as it is. */
  move(facility: ServedFacility): AreaOutcome {
    if (Number.isNaN(facility.radiusMeters)) return this.#tell(this.#state)
    const service = this.#serviceOf(facility)
    const moved = new Map(this.#state)
    for (const target of this.#targets.near(service.box)) {
      const state = this.#stateOf(target)
      if (state) moved.set(target, this.#withMoved(target, state, service))
    }
    return this.#tell(moved)
  }

  /** The state begun, as it is. */
  still(): AreaOutcome {
    return this.#tell(this.#state)
  }

  /** What is served of a target in the state; undefined where it is all of it. */
  #stateOf(target: number): Cut | undefined {
    const { areaM2 } = this.#targets.at(target)
    const state = this.#state.get(target) ?? { after: this.#coveredBefore[target] ?? 0, gained: 0, lost: 0 }
    return state.after >= areaM2 * WHOLE ? undefined : state
  }

  #serviceOf(facility: ServedFacility): Service {
    let service = this.#services.get(facility)
    if (!service) {
      const pieces = serviceAreaPieces(packWkb([facility.wkb]), 0, facility.radiusMeters).map((rings) => ({ rings: rings.map(boxed) }))
      service = { pieces, box: boxOfAll(pieces.flatMap(({ rings }) => rings.map(({ box }) => box))) }
      this.#services.set(facility, service)
    }
    return service
  }

  #piecesIn(target: number, limits: Box): CutPiece[] {
    const { box } = this.#targets.at(target)
    let near = this.#near.get(target)
    if (!near) {
      near = (this.#index?.search(...box) ?? []).map((at) => this.#counted[at]!).map((facility) => ({ facility, pieces: piecesWithin(this.#serviceOf(this.#base[facility]!).pieces, box) }))
      this.#near.set(target, near)
    }
    const of = (pieces: Pieces, unions: number): CutPiece[] => piecesWithin(pieces, limits).map(({ rings }) => ({ rings, unions }))
    return [...near.flatMap(({ facility, pieces }) => of(pieces, this.#removed.has(facility) ? BEFORE : BEFORE | AFTER)), ...this.#added.flatMap((facility) => of(this.#serviceOf(facility).pieces, AFTER))]
  }

  #cut(target: number): Cut {
    const { rings, box } = this.#targets.at(target)
    const [, before, after, both] = cutByUnions(rings, this.#piecesIn(target, box), 2)
    return { after: after! + both!, gained: after!, lost: before! }
  }

  /** What the moved service area adds to the state, looked at within its box only. */
  #withMoved(target: number, state: Cut, service: Service): Cut {
    const { rings, box } = this.#targets.at(target)
    const limits = common(box, service.box)
    const moved = piecesWithin(service.pieces, limits)
    if (moved.length === 0) return state
    const areas = cutByUnions(clipRings(rings, limits), [...this.#piecesIn(target, limits), ...moved.map((piece) => ({ ...piece, unions: MOVED }))], 3)
    const [fresh, regained] = [areas[MOVED]!, areas[MOVED | BEFORE]!]
    return { after: state.after + fresh + regained, gained: state.gained + fresh, lost: state.lost - regained }
  }

  #tell(changed: ReadonlyMap<number, Cut>): AreaOutcome {
    let [gainedM2, lostM2] = [0, 0]
    for (const { gained, lost } of changed.values()) {
      gainedM2 += gained
      lostM2 += lost
    }
    // What was taken away and put back to the last square metre leaves its rounding.
    lostM2 = Math.max(0, lostM2)
    if (this.#ground.kind === 'served') return { kind: 'served', totalM2: null, coveredM2: null, ratio: null, gainedM2, lostM2 }
    let [totalM2, coveredM2] = [0, 0]
    this.#ground.areasM2.forEach((area, parcel) => {
      totalM2 += area
      coveredM2 += changed.get(parcel)?.after ?? this.#coveredBefore[parcel]!
    })
    return { kind: 'residential', totalM2, coveredM2, ratio: totalM2 > 0 ? Math.min(1, Math.max(0, coveredM2 / totalM2)) : null, gainedM2, lostM2 }
  }
}

function piecesWithin(pieces: Pieces, limits: Box): Pieces {
  return pieces.flatMap((piece) => {
    const rings = clipRings(piece.rings, limits)
    return rings.length > 0 ? [{ rings }] : []
  })
}

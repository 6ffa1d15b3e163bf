/**
 * Terminology
 * - base: the city as it is, with the facilities that count for a question.
 * - edit: one change of it, in metres in the city's plane.
 * - state: the base with a list of edits; a move is one edit more over a state, looked at where it takes hold and nowhere else.
 * What is told of a state is what a whole run tells of it, to the person: the same attribution of the same homes. Areas agree to SCENARIO_AREA_TOLERANCE.
 */
import { indexOfPoints } from '../mends/nearby.ts'
import { type WalkingBed, WalkingMendGround } from '../mends/walking-ground.ts'
import type { gainOfWay, NetworkPlace, OpenedGates } from '../mends/way-gain.ts'
import { computeCovered, locatePoints } from '../membership.ts'
import { NearestIndex } from '../nearest-index.ts'
import { boundsOf, boundsOfLine, isPointLike, packWkb } from '../packed-geometry.ts'
import { radiusFor, roundArea } from '../rule.ts'
import { BoundaryGates } from '../walking/boundary-gates.ts'
import { EditedGates, openedBy } from '../walking/edited-gates.ts'
import { type ShapeGates, withoutShut } from '../walking/shut-gates.ts'
import { editPaths, type Joins, joinsOf, type Origin } from '../walking/edit-paths.ts'
import { areaAndCentre } from './area.ts'
import type { WhatIfBase, WhatIfFacility } from './base.ts'
import { closedBy, type GateEdit, gateEditsOf, type IdentifiedEdit, type MovableEdit, type SiteShape, type WayEdit } from './plane-edits.ts'
import { type MoveServed, servedOnFoot } from './entered.ts'
import { type AreaOutcome, ServedArea } from './served-area.ts'

export interface WhatIfOutcome {
  total: number
  covered: number
  /** Null where there is nothing to be served. */
  ratio: number | null
  /** Against the base. */
  gained: number
  lost: number
  /** Homes by their number, ascending. */
  gainedHomes: Uint32Array
  lostHomes: Uint32Array
  /** Radius that the moved shape has; null where it is too small to count, and for what is no shape. */
  radiusMeters: number | null
  /** On foot, why nobody could walk into what was moved: it serves nobody then. Null where somebody can, for paths, and by the straight line. */
  notEntered: MoveServed['notEntered']
  area: AreaOutcome | null
}

interface State {
  edits: readonly IdentifiedEdit[]
  covered: Uint8Array
  walking: WalkingMendGround | null
  gates: EditedGates | null
  facilities: WhatIfFacility[]
  /** Where each path was before the edits; null where it is where it was. */
  origins: Origin[] | null
}

const NO_GATES: ShapeGates = { gates: new Float64Array(0), isPoint: new Uint8Array(0) }

export class WhatIf {
  readonly #base: WhatIfBase
  readonly #baseCovered: Uint8Array
  readonly #historic: Uint8Array[]
  #homes: ReturnType<typeof indexOfPoints> | undefined
  #baseGates: BoundaryGates | null = null
  #baseBed: WalkingBed | undefined
  /** Of the state begun; made when a way is first moved over it. */
  #joins: Joins | undefined
  readonly #area: ServedArea | null
  /** Bounds of shapes, of which most stay as they are from state to state. */
  readonly #bounds = new WeakMap<Uint8Array, ReturnType<typeof boundsOf>>()
  #state: State

  constructor(base: WhatIfBase) {
    this.#base = base
    this.#historic = base.historic
    this.#area = base.area && new ServedArea(base.area, base.facilities.map(serving))
    this.#state = this.#stateOf([])
    this.#baseCovered = this.#state.covered.slice()
  }

  /** The base with all of the edits. */
  begin(edits: readonly IdentifiedEdit[]): WhatIfOutcome {
    this.#joins = undefined
    this.#state = this.#stateOf(edits)
    return this.#tell(this.#state.covered, null, this.#area?.begin(this.#state.facilities) ?? null)
  }

  /** The state begun, with one edit more; the state stays as it is. */
  move(edit: MovableEdit): WhatIfOutcome {
    if (edit.kind === 'path') return this.#tell(this.#coveredWith(edit), null, this.#area?.still() ?? null)
    const { radiusMeters, served, notEntered } = this.#servedBy(edit)
    const covered = this.#state.covered.slice()
    for (const home of served) covered[home] = 1
    const area = this.#area && (edit.kind === 'gate' ? this.#area.still() : this.#area.move({ wkb: edit.wkb, radiusMeters }))
    return { ...this.#tell(covered, Number.isNaN(radiusMeters) ? null : radiusMeters, area), notEntered }
  }

  /** Who is served with one way more: from where it takes hold, or where that would not tell all by the whole state. */
  #coveredWith(edit: WayEdit): Uint8Array {
    const { walking, covered: before } = this.#state
    if (!walking) return before
    const gain = this.#gainOfWay(walking, edit)
    if (!gain) return this.#stateOf([...this.#state.edits, { ...edit, id: '' }]).covered
    const covered = before.slice()
    for (const home of gain.served) covered[home] = 1
    for (const home of gain.lost) covered[home] = 0
    return covered
  }

  #gainOfWay(walking: WalkingMendGround, { line, isCrossing }: WayEdit): ReturnType<typeof gainOfWay> {
    const { paths, gateToleranceMeters } = this.#base.walking!
    this.#joins ??= joinsOf(paths, closedBy(this.#state.edits), gateToleranceMeters)
    const [start, end] = [this.#joins.joinAt(line[0]!, line[1]!), this.#joins.joinAt(line.at(-2)!, line.at(-1)!)]
    const ends = [start && this.#placeOf(start), end && this.#placeOf(end)] as const
    if ((start && !ends[0]) || (end && !ends[1])) return null
    // From a place to itself there is no way.
    if (start && end && start.edge === end.edge && start.fraction === end.fraction) return { served: [], lost: [] }
    const joined = [start?.x ?? line[0]!, start?.y ?? line[1]!, ...line.slice(2, -2), end?.x ?? line.at(-2)!, end?.y ?? line.at(-1)!]
    return walking.gainOfWay({ line: joined, isCrossing, ends: [ends[0] ?? null, ends[1] ?? null] }, isCrossing ? undefined : this.#openedBy(joined))
  }

  /** A place on a path of the base among the paths of the state. */
  #placeOf({ edge, fraction }: NetworkPlace): NetworkPlace | undefined {
    const { origins } = this.#state
    if (!origins) return { edge, fraction }
    const at = origins.findIndex((origin) => origin.edge === edge && origin.from <= fraction && fraction <= origin.to)
    const origin = origins[at]
    return origin && { edge: at, fraction: (fraction - origin.from) / (origin.to - origin.from) }
  }

  /** Gates that a path opens where it crosses the boundary of what counts. */
  #openedBy(line: readonly number[]): OpenedGates {
    const [west, south, east, north] = boundsOfLine(line)
    const points: number[] = []
    const radiusMeters: number[] = []
    for (const { wkb, isOnRecord, radiusMeters: radius } of this.#state.facilities) {
      if (isOnRecord || Number.isNaN(radius)) continue
      const [minX, minY, maxX, maxY] = this.#boundsOf(wkb)
      if (minX > east || maxX < west || minY > north || maxY < south) continue
      const opened = openedBy(line, wkb)
      points.push(...opened)
      for (let at = 0; at < opened.length; at += 2) radiusMeters.push(radius)
    }
    return { points: Float64Array.from(points), radiusMeters }
  }

  #boundsOf(wkb: Uint8Array): ReturnType<typeof boundsOf> {
    let bounds = this.#bounds.get(wkb)
    if (!bounds) this.#bounds.set(wkb, (bounds = boundsOf(packWkb([wkb]), 0)))
    return bounds
  }

  /** Which homes are served with the edits, 1 for each that is; the state begun stays as it is. */
  servedWith(edits: readonly IdentifiedEdit[]): Uint8Array {
    return this.#stateOf(edits).covered.slice()
  }

  /** Gates of a facility of the state begun that can be shut, those that are shut among them; x, y interleaved. */
  gatesOf(id: string): Float64Array {
    const { facilities, gates } = this.#state
    const facility = facilities.find((one) => one.id === id)
    if (!facility || !gates) return new Float64Array(0)
    const known = this.#base.facilities.find((one) => one.id === id && one.wkb === facility.wkb) ?? null
    return this.#gatesOf(facility, known, [], gates).standing.gates
  }

  #servedBy(edit: Exclude<MovableEdit, { kind: 'path' }>): MoveServed {
    const { walking, facilities, gates } = this.#state
    if (edit.kind === 'gate') {
      const radiusMeters = facilities.find(({ id }) => id === edit.feature)?.radiusMeters ?? Number.NaN
      return walking ? servedOnFoot(walking, radiusMeters, [{ points: Float64Array.of(...edit.point), isPoint: false }]) : { radiusMeters, served: [], notEntered: null }
    }
    const id = edit.kind === 'change' ? edit.feature : edit.id
    const radiusMeters = this.#isOut(edit) ? Number.NaN : this.#radiusOf(edit.wkb)
    const shape = packWkb([edit.wkb])
    if (walking) {
      const { standing, put } = this.#gatesOf({ wkb: edit.wkb, isOnRecord: false }, null, gateEditsOf(this.#state.edits).filter(({ feature }) => feature === id), gates!)
      return servedOnFoot(walking, radiusMeters, [{ points: standing.gates, isPoint: standing.isPoint[0] === 1 }, { points: put, isPoint: false }])
    }
    const { points } = this.#base
    if (Number.isNaN(radiusMeters) || points.length === 0) return { radiusMeters, served: [], notEntered: null }
    this.#homes ??= indexOfPoints(points)
    // A hair wider, so that rounding of a box cannot lose a home at the very radius.
    const reach = radiusMeters * (1 + 1e-12) + 1e-9
    const [minX, minY, maxX, maxY] = boundsOf(shape, 0)
    const index = new NearestIndex(shape, [0])
    return { radiusMeters, notEntered: null, served: this.#homes.search(minX - reach, minY - reach, maxX + reach, maxY + reach).filter((home) => index.isWithin(points[home * 2]!, points[home * 2 + 1]!, radiusMeters)) }
  }

  /** Whether what is moved serves nobody wherever it is: it is not there any more, is of no class that counts, or is shut by others than the edit that takes it out of the state while it is moved. */
  #isOut(moved: SiteShape & { id?: string }): boolean {
    const id = moved.kind === 'change' ? moved.feature : moved.id
    const known = this.#base.facilities.find((facility) => facility.id === id)
    if (moved.kind === 'change' && !this.#state.facilities.some((facility) => facility.id === id)) return true
    const last = this.#state.edits.findLast((edit) => (edit.kind === 'close' || edit.kind === 'open') && edit.feature === id && edit.id !== moved.id)
    return known?.isBarred === true || (last ? last.kind === 'close' : known?.isShut === true)
  }

  /** Radius that the rule gives to a shape. */
  #radiusOf(wkb: Uint8Array): number {
    const { areaM2, centre } = areaAndCentre(packWkb([wkb]), 0)
    const isHistoric = this.#historic.length > 0 && locatePoints(Float64Array.of(...centre), packWkb(this.#historic))[0]! >= 0
    return radiusFor(this.#base.bands, roundArea(areaM2), isHistoric) ?? Number.NaN
  }

  /**
   * Gates of a shape as some edits of them leave it.
   * @param known as they are found or on record; null to look where paths meet the shape
   */
  #gatesOf({ wkb, isOnRecord }: Pick<WhatIfFacility, 'wkb' | 'isOnRecord'>, known: ShapeGates | null, edits: readonly GateEdit[], boundary: EditedGates): { standing: ShapeGates; put: Float64Array } {
    const { openEdgeSpacingMeters, gateToleranceMeters } = this.#base.walking!
    const shape = packWkb([wkb])
    const pointsOf = (kind: GateEdit['kind']) => edits.flatMap((edit) => (edit.kind === kind ? [edit.point] : []))
    const found = (): ShapeGates => {
      const gates = boundary.standing(shape, 0, openEdgeSpacingMeters)
      return { gates, isPoint: new Uint8Array(gates.length / 2).fill(isPointLike(shape, 0) ? 1 : 0) }
    }
    return { standing: withoutShut(known ?? found(), pointsOf('close_gate'), gateToleranceMeters), put: Float64Array.of(...(isOnRecord ? [] : boundary.opened(shape, 0)), ...pointsOf('gate').flat()) }
  }

  #stateOf(edits: readonly IdentifiedEdit[]): State {
    const { walking, points } = this.#base
    const ways = edits.flatMap((edit) => (edit.kind === 'path' ? [edit] : []))
    const shut = closedBy(edits)
    const isSameNetwork = ways.length === 0 && shut.length === 0
    const edited = walking && !isSameNetwork ? editPaths(walking.paths, ways, shut, walking.gateToleranceMeters) : null
    const paths = walking && (edited?.paths ?? walking.paths)
    const boundary = walking && new EditedGates(walking.paths, edited, (this.#baseGates ??= BoundaryGates.over(walking.paths)))
    const atGates = gateEditsOf(edits)
    const facilities = new Map(this.#base.facilities.map((facility) => [facility.id, facility]))
    const reshaped = new Set<string>()
    for (const edit of edits) {
      if (edit.kind === 'facility') {
        facilities.set(edit.id, { id: edit.id, name: null, wkb: edit.wkb, radiusMeters: this.#radiusOf(edit.wkb), isShut: false, isBarred: false, isOnRecord: false, gates: NO_GATES.gates, isPoint: NO_GATES.isPoint })
        reshaped.add(edit.id)
      }
      const known = 'feature' in edit ? facilities.get(edit.feature) : undefined
      if (!known) continue
      if (edit.kind === 'change') {
        facilities.set(known.id, { ...known, wkb: edit.wkb, radiusMeters: known.isBarred ? Number.NaN : this.#radiusOf(edit.wkb), isOnRecord: false })
        reshaped.add(known.id)
      }
      if (edit.kind === 'close' || edit.kind === 'open') facilities.set(known.id, { ...known, isShut: edit.kind === 'close' })
    }
    // Gates after all shapes: whichever was edited first, a gate belongs to the shape that its facility has in the end.
    for (const facility of boundary ? facilities.values() : []) {
      const own = atGates.filter(({ feature }) => feature === facility.id)
      if (own.length === 0 && ways.length === 0 && !reshaped.has(facility.id)) continue
      const { standing, put } = this.#gatesOf(facility, reshaped.has(facility.id) ? null : facility, own, boundary!)
      facilities.set(facility.id, { ...facility, gates: Float64Array.of(...standing.gates, ...put), isPoint: Uint8Array.of(...standing.isPoint, ...new Uint8Array(put.length / 2)) })
    }
    const all = [...facilities.values()].map(serving)
    const counted = all.filter(({ radiusMeters }) => !Number.isNaN(radiusMeters))
    if (!walking || !paths) {
      return { covered: computeCovered(points, packWkb(counted.map(({ wkb }) => wkb)), Float64Array.from(counted, ({ radiusMeters }) => radiusMeters)), walking: null, gates: null, facilities: all, origins: null, edits }
    }
    const ground = new WalkingMendGround({
      paths, points, radii: Float64Array.from(counted, ({ radiusMeters }) => radiusMeters),
      gates: { points: Float64Array.from(counted.flatMap(({ gates }) => [...gates])), radiusMeters: Float64Array.from(counted.flatMap(({ gates, radiusMeters }) => Array.from({ length: gates.length / 2 }, () => radiusMeters))), isPoint: Uint8Array.from(counted.flatMap(({ isPoint }) => [...isPoint])) },
      homeToleranceMeters: walking.homeToleranceMeters, gateToleranceMeters: walking.gateToleranceMeters, pointToleranceMeters: walking.pointToleranceMeters, scrapShare: walking.scrapShare,
    }, isSameNetwork ? this.#baseBed : undefined)
    if (isSameNetwork) this.#baseBed = ground.bed
    return { covered: ground.covered, walking: ground, gates: boundary, facilities: all, origins: edited?.origins ?? null, edits }
  }

  #tell(covered: Uint8Array, radiusMeters: number | null, area: AreaOutcome | null): WhatIfOutcome {
    const { weights } = this.#base
    let [total, served, gained, lost] = [0, 0, 0, 0]
    const gainedHomes: number[] = []
    const lostHomes: number[] = []
    // In the order of the homes, as a whole run adds them up.
    weights.forEach((weight, home) => {
      total += weight
      if (covered[home]) served += weight
      if (covered[home] === this.#baseCovered[home]) return
      if (covered[home]) {
        gained += weight
        gainedHomes.push(home)
      } else {
        lost += weight
        lostHomes.push(home)
      }
    })
    return { total, covered: served, ratio: total > 0 ? served / total : null, gained, lost, gainedHomes: Uint32Array.from(gainedHomes), lostHomes: Uint32Array.from(lostHomes), radiusMeters, notEntered: null, area }
  }
}

/** As it serves: what is shut has no radius. */
function serving(facility: WhatIfFacility): WhatIfFacility {
  return facility.isShut ? { ...facility, radiusMeters: Number.NaN } : facility
}

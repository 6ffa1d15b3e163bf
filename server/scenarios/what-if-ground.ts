/** What a question reads of a city, laid out for a browser: with it a move is answered without a request. */
import { findCoordinateSystem } from '../cities/queries.ts'
import type { AppContext } from '../context.ts'
import type { CoverageQuestion } from '../contract/coverage.ts'
import type { WhatIfGround } from '../contract/scenarios.ts'
import type { AnalysisRequest } from '../coverage/analysis-result.ts'
import { type CountedFacilities, type Homes, readCountedFacilities, readHomes } from '../coverage/counted.ts'
import { planeOf } from '../coverage/geometry-queries.ts'
import { findLimits, listParcels } from '../coverage/input-queries.ts'
import { accessRefusal, bandsOf, type Candidate, classRefusal } from '../coverage/qualification.ts'
import { getQuestion, kindOf } from '../coverage/question.ts'
import { readWalkingGround, type WalkingGround } from '../coverage/walking-ground.ts'
import { type GateRow, listGates } from '../coverage/walking-queries.ts'
import type { Db } from '../db/db.ts'
import { locatePoints } from '../engine/membership.ts'
import { packWkb } from '../engine/packed-geometry.ts'
import { radiusFor, roundArea } from '../engine/rule.ts'
import { AppError } from '../errors.ts'
import { listHistoricShapes } from './queries.ts'

/** What a browser can be asked to hold; a city above it is answered by jobs alone. */
const MOST_HOMES = 250_000
const MOST_PATHS = 400_000
const MOST_PARCELS = 60_000

const encode = (array: Uint8Array | Float64Array | Uint32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')

/** Weight of each home by the demand asked for, 0 for what is not counted: by the straight line over land, the people on it. */
function weightsOf({ input }: AnalysisRequest, { set, people }: Homes, boundary: Uint8Array | null): { weights: Float64Array; demand: WhatIfGround['demand'] } {
  const asked = set.weighings.find(({ demand }) => demand === input.demand) ?? set.weighings.find(({ demand }) => demand === (people ? 'population' : 'buildings')) ?? set.weighings[0]
  if (!asked) throw new AppError('conflict', '该城市没有可供推演的人口或建筑数据。The city has no people and no buildings to tell of what would change.')
  const inside = boundary && input.clipToCity ? locatePoints(set.points, packWkb([boundary])) : null
  return { weights: asked.weights.map((weight, home) => (inside && inside[home]! < 0 ? 0 : weight)), demand: { name: asked.demand, unit: asked.unit } }
}

/** Shapes end to end, and where each begins. */
function endToEnd(shapes: readonly Uint8Array[]): { bytes: string; start: string } {
  const start = new Uint32Array(shapes.length + 1)
  shapes.forEach((shape, at) => {
    start[at + 1] = start[at]! + shape.byteLength
  })
  const bytes = new Uint8Array(start[shapes.length]!)
  shapes.forEach((shape, at) => bytes.set(shape, start[at]!))
  return { bytes: encode(bytes), start: encode(start) }
}

function courseArrays(ground: WalkingGround) {
  const { bytes, start } = endToEnd(ground.paths.courses)
  return { courses: bytes, courseStart: start }
}

/** What the straight line's area is told of, as a whole run cuts it; null on foot. */
async function readArea(db: Db, { city, input }: AnalysisRequest, clip: Buffer | null, hasResidential: boolean, signal: AbortSignal): Promise<WhatIfGround['area']> {
  if (input.ruler === 'walk') return null
  if (input.demand !== 'residential') return { kind: 'served', clip: hasResidential && clip ? encode(clip) : null }
  const parcels = await listParcels(db, city.cityId, planeOf(db.engine, city.measureSrid), clip, () => signal.throwIfAborted())
  if (parcels.length > MOST_PARCELS) throw tooLarge()
  const { bytes, start } = endToEnd(parcels.map(({ wkb }) => wkb))
  return { kind: 'residential', parcels: bytes, parcelStart: start, areasM2: encode(Float64Array.from(parcels, ({ areaM2 }) => areaM2)) }
}

function tooLarge(): AppError {
  return new AppError('conflict', `城市数据过大，不能在浏览器中推演（上限 ${MOST_HOMES} 处住处、${MOST_PATHS} 段路、${MOST_PARCELS} 块居住用地）；仍可保存方案后整体计算。The city is too large to be held by a browser (up to ${MOST_HOMES} homes, ${MOST_PATHS} paths and ${MOST_PARCELS} parcels): save the scenario and have it computed as a whole.`)
}

/** @throws AppError conflict where the city is too large for a browser, has no walking network, or nobody to be served. */
export async function getWhatIfGround({ db }: Pick<AppContext, 'db'>, cityKey: string, given: CoverageQuestion, signal: AbortSignal): Promise<WhatIfGround> {
  const request = await getQuestion(db, cityKey, given)
  const { city, input, rule } = request
  const tools = { db, signal, progress: () => Promise.resolve() }
  const isWalk = input.ruler === 'walk'
  const ground = isWalk ? await readWalkingGround(request, tools) : null
  const counted: CountedFacilities = ground?.counted ?? (await readCountedFacilities(request, tools))
  const homes = await readHomes(request, tools)
  if (homes.set.rowIds.length > MOST_HOMES || (ground && ground.pathRows.length > MOST_PATHS)) throw tooLarge()
  const { boundary, clip } = await findLimits(db, city.cityId, planeOf(db.engine, city.measureSrid), input.clipToCity)
  const { weights, demand } = weightsOf(request, homes, boundary)
  const bands = bandsOf(input, rule)
  const gatesOf = new Map<number, GateRow[]>()
  const isShut = (candidate: Candidate) => accessRefusal(candidate, input) !== undefined
  const shut = counted.candidates.filter(isShut)
  const shutGates = ground ? await listGates(db, city.cityId, city.measureSrid, kindOf(input.facility), shut.map(({ rowId }) => rowId), ground.settings.openEdgeSpacingMeters, () => signal.throwIfAborted()) : []
  for (const gate of [...(ground?.gates ?? []), ...shutGates]) gatesOf.set(gate.rowId, [...(gatesOf.get(gate.rowId) ?? []), gate])
  const plane = await findCoordinateSystem(db, city.measureSrid)
  return {
    plane: plane!.definition,
    bands,
    historic: (await listHistoricShapes(db, city.cityId, city.measureSrid)).map(({ wkb }) => encode(wkb)),
    demand,
    area: await readArea(db, request, clip, homes.hasResidential, signal),
    points: encode(homes.set.points),
    weights: encode(weights),
    facilities: counted.candidates.flatMap((candidate) => {
      if (candidate.isEmpty) return []
      const isBarred = classRefusal(candidate, input) !== undefined
      const radiusMeters = isBarred ? null : (radiusFor(bands, roundArea(candidate.areaM2 ?? 0), candidate.isHistoric) ?? null)
      const gates = gatesOf.get(candidate.rowId) ?? []
      return [{ id: candidate.id, name: candidate.name, wkb: encode(candidate.wkb), radiusMeters, isShut: isShut(candidate), isBarred, isOnRecord: gates.some(({ how }) => how === 'given'), gates: encode(Float64Array.from(gates.flatMap(({ x, y }) => [x, y]))), isPoint: encode(Uint8Array.from(gates, ({ how }) => (how === 'point' ? 1 : 0))) }]
    }),
    walking: ground && {
      nodeCount: ground.paths.nodeCount, from: encode(ground.paths.from), to: encode(ground.paths.to), lengthMeters: encode(ground.paths.lengthMeters), isBridge: encode(ground.paths.isBridge), ...courseArrays(ground),
      ...(ground.paths.impedance && { impedance: { toFirst: encode(ground.paths.impedance.toFirst), toLast: encode(ground.paths.impedance.toLast) } }),
      homeToleranceMeters: ground.settings.homeToleranceMeters, gateToleranceMeters: ground.settings.gateToleranceMeters, pointToleranceMeters: ground.settings.pointToleranceMeters, openEdgeSpacingMeters: ground.settings.openEdgeSpacingMeters, scrapShare: ground.settings.scrapShare,
    },
  }
}

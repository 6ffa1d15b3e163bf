/** Mends of the blind spots of a finished coverage run: reads the city as the run did, computes in the thread, names what was found. */
import type { CityRow } from '../cities/cities.ts'
import { getCity } from '../cities/cities.ts'
import { type Mend, type MendEdit, type MendKindCounts, MendKind, type MendsDrawing, type MendsResult } from '../contract/mends.ts'
import type { AnalysisTools } from '../coverage/analysis-result.ts'
import { type CountedFacilities, readCountedFacilities, readHomes } from '../coverage/counted.ts'
import { planeOf } from '../coverage/geometry-queries.ts'
import { type FacilityRow, findLimits } from '../coverage/input-queries.ts'
import { notEnteredOf } from '../coverage/not-entered.ts'
import { bandsOf, type Candidate, qualifyFacilities } from '../coverage/qualification.ts'
import { findRun, type RunRow } from '../coverage/queries.ts'
import { getQuestion, kindOf, type Question } from '../coverage/question.ts'
import { gatesInput, readWalkingGround, type WalkingGround } from '../coverage/walking-ground.ts'
import { listGates } from '../coverage/walking-queries.ts'
import type { Db } from '../db/db.ts'
import type { RankedMend } from '../engine/mends/find-mends.ts'
import { packWkb } from '../engine/packed-geometry.ts'
import { BoundaryGates } from '../engine/walking/boundary-gates.ts'
import { AppError } from '../errors.ts'
import type { MendsInput, MendsOutput, SitesInput } from './computation-mends.ts'
import { findMendSettings, listBarrierShapes, listPlaceNames, listPlots, listPositions, listSiteGeometries, listSpotShapes, type PlotRow } from './mends-queries.ts'

/** Plots that are looked at, the largest first. */
const PLOTS_READ = 20_000
/** Homes of one mend that are drawn. */
const HOMES_DRAWN = 1000

export interface MendsRun {
  city: CityRow
  run: RunRow
  question: Question
}

/**
 * The run that is to be mended, over the data as they are now.
 * @throws AppError not_found; conflict where it has no result, or where the data have changed since
 */
export async function getMendableRun(db: Db, cityKey: string, id: string): Promise<MendsRun> {
  const city = await getCity(db, cityKey)
  const run = await findRun(db, city.cityId, id)
  if (!run) throw new AppError('not_found', `这座城市没有覆盖计算 ${id}，请先分析覆盖。City "${cityKey}" has no coverage run ${id}.`)
  if (run.status === 'failed' && run.error) throw new AppError('conflict', `覆盖计算没有结果，无从补救：${run.error.message}`)
  if (run.status !== 'finished') throw new AppError('conflict', `覆盖计算尚无结果，无从补救。Coverage run ${id} has no result to mend: it is ${run.status}.`)
  const question = await getQuestion(db, cityKey, run.input)
  if (question.key !== run.key) throw new AppError('conflict', '覆盖计算之后数据或规则已变，请先重新计算覆盖。The data or the rule have changed since this coverage run: run the coverage again first.')
  return { city, run, question }
}

const shapesOf = (rows: readonly { wkb: Buffer }[]) => rows.map(({ wkb }): Uint8Array => wkb)

/** @param gatesOf gates of the rows that would count, by row; none by the straight line */
async function readSites({ question: { input, rule } }: MendsRun, rows: readonly (Candidate & { rowId: number; wkb: Buffer })[], gatesOf: (rows: readonly { rowId: number; wkb: Buffer }[]) => Promise<Map<number, number[]>>): Promise<SitesInput> {
  const { radii } = qualifyFacilities(rows, input, bandsOf(input, rule), [{ radiusFactor: 1, minAreaFactor: 1 }])
  const gates = await gatesOf(rows.filter((_row, index) => !Number.isNaN(radii[0]![index]!)))
  return { shapes: shapesOf(rows), radii: radii[0]!, gates: rows.map(({ rowId }) => Float64Array.from(gates.get(rowId) ?? [])), areasM2: Float64Array.from(rows, ({ areaM2 }) => areaM2 ?? 0) }
}

const asCandidate = (plot: PlotRow): Candidate & PlotRow => ({ ...plot, classCode: 'G14', access: 'open', countsAsActivitySite: true, isEmpty: false })

interface Read {
  input: MendsInput
  facilities: readonly FacilityRow[]
  plots: readonly PlotRow[]
  shut: readonly FacilityRow[]
  barriers: readonly { class: string; name: string | null }[]
  spots: readonly { id: string }[]
  walking: boolean
}

async function readMends(db: Db, of: MendsRun, settings: MendsResult['settings'], { signal, progress }: Pick<AnalysisTools, 'signal' | 'progress'>): Promise<Read> {
  const { city, run, question } = of
  const { cityId, measureSrid: srid } = city
  const { input, rule } = question
  const heard = () => signal.throwIfAborted()
  const request = { city, input, rule, edits: question.edits }
  const { set } = await readHomes(request, { db, signal })
  const weights = set.weighings.find(({ demand }) => demand === input.demand)?.weights ?? set.people
  if (!weights.some((weight) => weight > 0)) throw new AppError('conflict', `${city.nameZh}没有可计人数的住处：请先导入人口（--as population_cells）或有人口的建筑。City "${city.key}" has no homes with people to count a gain by: import population cells (--as population_cells) or buildings with residents.`)
  const isWalk = input.ruler === 'walk'
  const ground: WalkingGround | null = isWalk ? await readWalkingGround(request, { db, signal, progress }) : null
  const counted: CountedFacilities = ground?.counted ?? (await readCountedFacilities(request, { db, signal }))
  const { candidates, qualified: { refusals }, facilities, radii } = counted
  // What is new is entered as a drawn place of a scenario is; what is there, as it is entered by the ruler.
  const drawnGates = (sites: readonly { rowId: number; wkb: Buffer }[]) => {
    const boundary = ground && BoundaryGates.over(ground.paths)
    return Promise.resolve(new Map(boundary ? sites.map(({ rowId, wkb }) => [rowId, [...boundary.of(packWkb([wkb]), 0, ground.settings.openEdgeSpacingMeters)]]) : []))
  }
  const standingGates = async (sites: readonly { rowId: number }[]) => {
    const found = ground ? await listGates(db, cityId, srid, kindOf(input.facility), sites.map(({ rowId }) => rowId), ground.settings.openEdgeSpacingMeters, heard) : []
    const byRow = new Map<number, number[]>()
    for (const { rowId, x, y } of found) byRow.set(rowId, [...(byRow.get(rowId) ?? []), x, y])
    return byRow
  }
  const shut = candidates.filter((_candidate, index) => refusals[index] === 'closed' || refusals[index] === 'ticketed')
  const plots = await listPlots(db, cityId, srid, PLOTS_READ)
  const barriers = ground ? await listBarrierShapes(db, cityId, srid) : []
  const spots = await listSpotShapes(db, run.runId, srid)
  heard()
  const limits = await findLimits(db, cityId, planeOf(db.engine, srid), input.clipToCity)
  const hows = facilities.map(() => new Set<string>())
  for (const gate of ground?.gates ?? []) hows[gate.facility]!.add(gate.how)
  return {
    facilities, plots, shut, barriers, spots, walking: isWalk,
    input: {
      walking: ground && {
        paths: ground.paths,
        gates: gatesInput(ground.gates),
        isOpenAllRound: Uint8Array.from(hows, (own) => (own.size === 1 && own.has('open_edge') ? 1 : 0)),
        barriers: shapesOf(barriers),
        homeToleranceMeters: ground.settings.homeToleranceMeters, gateToleranceMeters: ground.settings.gateToleranceMeters, pointToleranceMeters: ground.settings.pointToleranceMeters, scrapShare: ground.settings.scrapShare,
      },
      facilities: shapesOf(facilities), radii: radii[0]!,
      plots: await readSites(of, plots.map(asCandidate), drawnGates),
      shut: await readSites(of, shut.map((row) => ({ ...row, access: 'open' })), standingGates),
      points: set.points, weights, people: set.people, boundary: limits.boundary, clipToBoundary: input.clipToCity, spots: shapesOf(spots),
      settings, efforts: settings.efforts,
    },
  }
}

function missingOf(kind: MendKind, { walking, plots, barriers, shut }: Read, found: number): MendKindCounts['missing'] {
  if (!walking && (kind === 'gate' || kind === 'crossing' || kind === 'path')) return 'straight_line'
  if (kind === 'facility') return plots.length === 0 ? 'no_plots' : null
  if (kind === 'open') return shut.length === 0 ? 'none_shut' : null
  if (kind === 'crossing') return barriers.length === 0 ? 'no_barriers' : null
  return kind === 'path' && found === 0 ? 'no_scraps' : null
}

type At = readonly [number, number]

/** Where a mend is pointed at, in the measuring system. */
function centerOf({ edit }: RankedMend, input: MendsInput): At {
  if (edit.kind === 'gate') return edit.point
  if (edit.kind === 'crossing' || edit.kind === 'path') return [(edit.line[0] + edit.line[2]) / 2, (edit.line[1] + edit.line[3]) / 2]
  const [x, y] = edit.gates
  if (x !== undefined && y !== undefined) return [x, y]
  const view = (edit.kind === 'facility' ? input.plots : input.shut).shapes[edit.site]!
  return firstVertex(view)
}

/** First vertex of well-known binary, little endian, whatever the depth of its collections. */
function firstVertex(wkb: Uint8Array): At {
  const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.byteLength)
  let at = 0
  for (;;) {
    const type = view.getUint32(at + 1, true)
    if (type === 1) return [view.getFloat64(at + 5, true), view.getFloat64(at + 13, true)]
    if (type === 2 || type === 3) {
      at += type === 2 ? 9 : 13
      return [view.getFloat64(at, true), view.getFloat64(at + 8, true)]
    }
    at += 9
  }
}

/** Answers as the contract shows them: names, places, geometries in degrees. */
async function describe(db: Db, { city, question: { input: asked }, run }: MendsRun, read: Read, found: MendsOutput, settings: MendsResult['settings']): Promise<Mended> {
  const { cityId, measureSrid: srid } = city
  const { points } = read.input
  const shown = found.mends.map((mend) => ({ mend, homes: mend.served.slice(0, HOMES_DRAWN) }))
  const wanted: At[] = found.mends.flatMap((mend): At[] => {
    const { edit } = mend
    const ends: At[] = 'line' in edit ? [[edit.line[0], edit.line[1]], [edit.line[2], edit.line[3]]] : []
    return [centerOf(mend, read.input), ...ends]
  })
  const homes = shown.flatMap((one) => one.homes)
  const positions = await listPositions(db, srid, [...wanted, ...homes.map((home): At => [points[home * 2]!, points[home * 2 + 1]!])])
  const kind = kindOf(asked.facility)
  const plotShapes = await listSiteGeometries(db, 'leftover_plots', found.mends.flatMap(({ edit }) => (edit.kind === 'facility' ? [read.plots[edit.site]!.id] : [])))
  const shutShapes = await listSiteGeometries(db, kind, found.mends.flatMap(({ edit }) => (edit.kind === 'open' ? [read.shut[edit.site]!.id] : [])))
  let next = 0
  let nextHome = wanted.length
  const served: MendsDrawing['served'] = []
  const mends = shown.map(({ mend, homes: drawn }, index): Mend => {
    const { edit, turn } = mend
    const center = positions[next++]!
    const line = 'line' in edit ? [positions[next++]!, positions[next++]!] : []
    served.push({ positions: positions.slice(nextHome, (nextHome += drawn.length)), isCut: mend.served.length > drawn.length })
    const facility = edit.kind === 'gate' ? read.facilities[edit.facility]! : null
    const plot = edit.kind === 'facility' ? read.plots[edit.site]! : null
    const green = edit.kind === 'open' ? read.shut[edit.site]! : null
    const barrier = edit.kind === 'crossing' ? (read.barriers[edit.barrier] ?? null) : null
    const told = ((): MendEdit => {
      if (edit.kind === 'gate') return { kind: 'gate', facilityId: facility!.id, geometry: { type: 'Point', coordinates: center } }
      if (edit.kind === 'facility') return { kind: 'facility', facility: asked.facility, plotId: plot!.id, areaM2: plot!.areaM2, geometry: plotShapes.get(plot!.id)! }
      if (edit.kind === 'open') return { kind: 'open', facilityId: green!.id, access: green!.access === 'ticketed' ? 'ticketed' : 'closed', geometry: shutShapes.get(green!.id)! }
      return { kind: edit.kind, lengthMeters: edit.lengthMeters, geometry: { type: 'LineString', coordinates: line } }
    })()
    return {
      rank: index + 1, edit: told, name: facility?.name ?? plot?.name ?? green?.name ?? barrier?.name ?? null, place: null,
      radiusMeters: edit.kind === 'gate' ? read.input.radii[edit.facility]! : 'radiusMeters' in edit ? edit.radiusMeters : null,
      barrier: barrier && { class: barrier.class, name: barrier.name },
      wayRoundMeters: 'wayRoundMeters' in edit && Number.isFinite(edit.wayRoundMeters) ? edit.wayRoundMeters : null,
      gain: mend.gain, people: mend.people, homes: mend.served.length - mend.lost.length, homesLost: mend.lost.length, effort: mend.effort, worth: mend.gain / mend.effort, turn, center,
    }
  })
  const places = await listPlaceNames(db, cityId, mends.map(({ center }) => center))
  mends.forEach((mend, index) => (mend.place = places[index] ?? null))
  const kinds = MendKind.options.map((of): MendKindCounts => {
    const counts = found.kinds.find((one) => one.kind === of) ?? { kind: of, found: 0, computed: 0, gaining: 0, leftOut: {} }
    return { ...counts, missing: missingOf(of, read, counts.found) }
  })
  const ratio = run.summary?.ratios[asked.demand]
  const result: MendsResult = {
    run: run.id, demand: asked.demand, ruler: asked.ruler ?? 'straight', unit: asked.demand === 'residential' ? 'people' : (ratio?.unit ?? 'people'),
    unserved: found.unserved, mends, kinds, notListed: { alike: found.alike, beyond: found.unlisted },
    spots: read.spots.flatMap(({ id }, spot) => (found.bestOfSpot[spot]! < 0 ? [] : [{ spot: id, mend: found.bestOfSpot[spot]! + 1, gain: found.gainOfSpot[spot]! }])),
    settings,
    walking: found.walking && { notEntered: notEnteredOf(read.facilities, found.walking.entries, read.input.walking!, (facility) => !Number.isNaN(read.input.radii[facility]!)), onScrap: found.walking.onScrap, offNetwork: found.walking.offNetwork },
  }
  return { result, drawing: { served } }
}

export interface Mended {
  result: MendsResult
  drawing: MendsDrawing
}

/** Computes the mends of a run. Writes nothing. @throws AppError; the signal's reason when cancelled */
export async function analyseMends(of: MendsRun, { db, thread, signal, progress }: AnalysisTools): Promise<Mended> {
  await progress('prepare', 1)
  const settings = await findMendSettings(db, of.city.cityId)
  const read = await readMends(db, of, settings, { signal, progress })
  await progress('membership', 30)
  const found = await thread.compute('findCityMends', read.input, signal, (share) => {
    // A refusal to go on reaches the thread by the signal.
    progress('membership', 30 + 60 * share).catch(() => undefined)
  })
  await progress('statistics', 92)
  return describe(db, of, read, found, settings)
}

/** Reads what a siting question needs of a city and lays it out for the thread. */
import type { CityRow } from '../cities/cities.ts'
import type { CoverageInput, RuleBand, ServiceRule } from '../contract/coverage.ts'
import type { SitingCandidates, SitingInput, SitingResult } from '../contract/planning-siting.ts'
import type { PointSet } from '../coverage/city-inputs.ts'
import { type CountedFacilities, readCountedFacilities, readHomes } from '../coverage/counted.ts'
import { bandsOf } from '../coverage/qualification.ts'
import { gatesInput, readWalkingGround, type WalkingGround } from '../coverage/walking-ground.ts'
import type { Db } from '../db/db.ts'
import { radiusFor } from '../engine/rule.ts'
import { AppError } from '../errors.ts'
import type { SitingGround } from './ground.ts'
import { readCapacities } from './capacities.ts'
import type { Obstacles } from './lattice.ts'
import { listObstacles, listPlots, type PlotRow } from './plot-queries.ts'

type LeftOut = SitingResult['counts']['candidatesLeftOut']

/** A plot that may be chosen. */
export interface Plot extends PlotRow {
  radiusMeters: number
}

export interface CityGround {
  ground: SitingGround
  bands: RuleBand[]
  /** Those of the ground, in its order; null for a lattice. */
  plots: Plot[] | null
  lattice: { areaM2: number; radiusMeters: number } | null
  leftOut: LeftOut
  existing: number
  /** What the weights of the homes count. */
  unit: SitingResult['unit']
  /** What stands, as its shapes. */
  standing: { rowId: number; id: string; name: string | null }[]
  /** Places that count and of whose capacity nothing is known. */
  capacityUnknown: number
  walking: WalkingGround['settings'] | null
  /** Paths whose rise nobody knows, where slopes were asked for. */
  pathsWithoutRise: number
  /** Homes that nobody lives in, as far as is known. */
  emptyHomes: number
}

export interface ReadTools {
  db: Db
  signal: AbortSignal
  progress(stage: string, percent: number): Promise<void>
}

type PlotFilter = Extract<SitingCandidates, { from: 'plots' }>

/** Plots that pass, and how many do not by the first reason that keeps them out. */
export function choosePlots(plots: readonly PlotRow[], filter: PlotFilter, bands: readonly RuleBand[]): { plots: Plot[]; leftOut: LeftOut } {
  const counts = new Map<LeftOut[number]['reason'], number>()
  const chosen: Plot[] = []
  for (const plot of plots) {
    const radiusMeters = radiusFor(bands, plot.areaM2, plot.isHistoric)
    const reason = refusalOf(plot, filter) ?? (radiusMeters === undefined ? 'below_rule' : undefined)
    if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1)
    else chosen.push({ ...plot, radiusMeters: radiusMeters! })
  }
  return { plots: chosen, leftOut: [...counts].map(([reason, count]) => ({ reason, count })) }
}

function refusalOf(plot: PlotRow, filter: PlotFilter): LeftOut[number]['reason'] | undefined {
  if (plot.areaM2 < filter.minAreaM2) return 'too_small'
  if (filter.maxAreaM2 !== null && plot.areaM2 > filter.maxAreaM2) return 'too_large'
  if (filter.landUses.length > 0 && !filter.landUses.includes(plot.landUse ?? '')) return 'land_use'
  if (filter.ownerships.length > 0 && !filter.ownerships.includes(plot.ownership ?? '')) return 'ownership'
  if (filter.greenLine !== 'any' && (filter.greenLine === 'inside') !== plot.isInGreenLine) return 'green_line'
  if (filter.avoidsControlAreas && plot.isControlled) return 'control_area'
  return undefined
}

/** Size and radius of whatever would stand on a point of the lattice; by default the least that the rule counts. */
export function latticeFacility(areaM2: number | null, bands: readonly RuleBand[]): { areaM2: number; radiusMeters: number } | null {
  const everywhere = bands.filter((band) => band.zone === 'all')
  const area = areaM2 ?? Math.min(...(everywhere.length > 0 ? everywhere : bands).map((band) => band.minAreaM2))
  const radiusMeters = radiusFor(bands, area, false)
  return radiusMeters === undefined ? null : { areaM2: area, radiusMeters }
}

/** Side of a square of an area; two millimetres more, so that it still has the area when its corners are drawn to a tenth of one. */
export function sideOf(areaM2: number): number {
  return areaM2 > 0 ? Math.sqrt(areaM2) + 0.002 : 0
}

/** What no lattice point may lie on. */
async function readObstacles(db: Db, { cityId, measureSrid }: CityRow, avoidsControlAreas: boolean, signal: AbortSignal): Promise<Obstacles[]> {
  const obstacles: Obstacles[] = []
  for (const reason of ['on_water', 'on_building', 'on_road', ...(avoidsControlAreas ? (['control_area'] as const) : [])] as const) {
    const rows = await listObstacles(db, cityId, measureSrid, reason, () => signal.throwIfAborted())
    obstacles.push({ reason, shapes: rows.map(({ wkb }): Uint8Array => wkb), margins: Float64Array.from(rows, ({ marginMeters }) => marginMeters) })
  }
  return obstacles
}

/** What each home weighs for the demand, as coverage has it. */
function weighingOf({ weighings }: PointSet, demand: SitingInput['demand']): { weights: Float64Array; unit: SitingResult['unit'] } {
  const weighing = weighings.find((one) => one.demand === demand)
  if (!weighing || weighing.unit === 'm2') throw new AppError('internal', `The points read for demand ${demand} do not tell of it.`)
  return { weights: weighing.weights, unit: weighing.unit }
}

function pricesOf(prices: SitingInput['prices'], areas: readonly number[]): Float64Array | null {
  return prices && Float64Array.from(areas, (area) => prices.perSite + prices.perM2 * area)
}

/** @throws AppError conflict when the city has no walking network and the ruler walks; the signal's reason when cancelled */
export async function readCityGround(city: CityRow, input: SitingInput, coverage: { input: CoverageInput; rule: ServiceRule | null }, tools: ReadTools): Promise<CityGround> {
  const { db, signal } = tools
  const request = { city, ...coverage }
  await tools.progress('inputs', 1)
  const walking = input.ruler === 'walk' ? await readWalkingGround(request, { db, signal, progress: (_stage, percent) => tools.progress('inputs', percent / 5) }) : null
  const counted: CountedFacilities = walking?.counted ?? (await readCountedFacilities(request, tools))
  await tools.progress('inputs', 8)
  const { set } = await readHomes(request, tools)
  const { weights, unit } = weighingOf(set, input.demand)
  const homes = [...weights.keys()].filter((home) => weights[home]! > 0)
  const bands = bandsOf(coverage.input, coverage.rule)
  const { candidates } = input
  await tools.progress('inputs', 10)
  const chosen = candidates.from === 'plots' ? choosePlots(await listPlots(db, city.cityId, city.measureSrid), candidates, bands) : null
  const lattice = candidates.from === 'lattice' ? latticeFacility(candidates.areaM2, bands) : null
  const radii = counted.radii[0]!
  const counts = [...radii.keys()].filter((facility) => !Number.isNaN(radii[facility]!))
  const areas = chosen ? chosen.plots.map(({ areaM2 }) => areaM2) : [lattice?.areaM2 ?? 0]
  const { capacities, unknown } = await readCapacities(db, city, input, areas, counted)
  const asBytes = (wkb: Buffer): Uint8Array => wkb
  return {
    bands,
    plots: chosen?.plots ?? null,
    lattice,
    leftOut: chosen?.leftOut ?? [],
    existing: counts.length,
    unit,
    standing: counted.facilities.map(({ rowId, id, name }) => ({ rowId, id, name })),
    capacityUnknown: unknown,
    walking: walking?.settings ?? null,
    pathsWithoutRise: walking && input.impedance?.slope ? walking.pathRows.filter(({ riseMeters }) => riseMeters === null).length : 0,
    emptyHomes: set.rowIds.length - homes.length,
    ground: {
      method: input.method,
      reachMeters: input.reachMeters,
      points: Float64Array.from(homes.flatMap((home) => [set.points[home * 2]!, set.points[home * 2 + 1]!])),
      weights: Float64Array.from(homes, (home) => weights[home]!),
      standing: { shapes: counted.facilities.map(({ wkb }) => asBytes(wkb)), radii },
      candidates: candidates.from === 'lattice'
        // Without a radius nothing on the lattice would count: there is then no lattice.
        ? lattice ? { from: 'lattice', spacingMeters: candidates.spacingMeters, radiusMeters: lattice.radiusMeters, sideMeters: sideOf(lattice.areaM2), obstacles: await readObstacles(db, city, candidates.avoidsControlAreas, signal) } : { from: 'plots', shapes: [], radii: new Float64Array() }
        : { from: 'plots', shapes: chosen!.plots.map(({ wkb }) => asBytes(wkb)), radii: Float64Array.from(chosen!.plots, ({ radiusMeters }) => radiusMeters) },
      capacities,
      siteCosts: pricesOf(input.prices, areas),
      walking: walking && {
        paths: walking.paths,
        gates: gatesInput(walking.gates),
        homeToleranceMeters: walking.settings.homeToleranceMeters,
        gateToleranceMeters: walking.settings.gateToleranceMeters,
        pointToleranceMeters: walking.settings.pointToleranceMeters,
        openEdgeSpacingMeters: walking.settings.openEdgeSpacingMeters,
        scrapShare: walking.settings.scrapShare,
      },
      unservedOnly: input.unservedOnly,
      leavesOutIslands: input.islands === 'leave_out',
    },
  }
}

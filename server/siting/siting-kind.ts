/** The best next sites over a city's own data, as a kind of planning run. */
import type { CityRow } from '../cities/cities.ts'
import { coverageQuestionOf, SitingDemand, type SitingInput, type SitingInterim, type SitingQuestion as Asked, SITING_ENGINE_VERSION } from '../contract/planning-siting.ts'
import type { CoverageQuestion } from '../contract/coverage.ts'
import { findAvailableDemands, isFacilityDemand } from '../coverage/city-inputs.ts'
import { settleImpedance } from '../coverage/impedance.ts'
import { getQuestion, kindOf } from '../coverage/question.ts'
import { findWalkingSettings } from '../coverage/walking-queries.ts'
import type { Db } from '../db/db.ts'
import { SitingRefused } from '../engine/siting/issues.ts'
import type { SitingProgress, SitingQuestion } from '../engine/siting/problem.ts'
import { AppError } from '../errors.ts'
import type { PlanningKind } from '../planning/kind.ts'
import { checkCapacities, getCapacityRule } from './capacities.ts'
import { readCityGround } from './city-ground.ts'
import { type Laid, placeOf, refusedOf, resultOf } from './city-result.ts'
import { readShutStanding } from './not-entered.ts'
import { toDegrees } from './plot-queries.ts'
import { runCitySiting } from './siting-thread.ts'
import type { CityTold } from './siting-worker.ts'
import { FORMULA, methodTexts } from './words.ts'

/** Percent at which the search begins and ends. */
const SEARCH = { from: 25, to: 92 }

/** What a siting question asks of coverage: which facilities count, with what radius, for whom. */
async function coverageQuestion(db: Db, city: CityRow, given: Asked): Promise<CoverageQuestion> {
  const { demands } = await findAvailableDemands(db, city.cityId)
  return coverageQuestionOf({ ...given, demand: given.demand ?? (demands.includes('population') ? 'population' : 'buildings') })
}

function checkLimits({ method, p, budget, prices }: Asked): void {
  const wrong = (path: string, zh: string, en: string) => new AppError('bad_request', `${zh}${en}`, { errors: [{ path: `body.input.${path}`, message: `${zh}${en}` }] })
  if (method === 'lscp' && (p !== null || budget !== null)) throw wrong('p', '集合覆盖求的就是最少数量：不要给 p 或预算。', 'Location set covering finds the number itself: give neither p nor a budget.')
  if (method !== 'lscp' && p === null && budget === null) throw wrong('p', '请给出新建数量 p。', 'Give p, the number of new sites.')
  if (budget !== null && method !== 'mclp') throw wrong('budget', '只有最大覆盖可以按预算。', 'Only maximal covering takes a budget.')
  if (budget !== null && p !== null) throw wrong('budget', '数量与预算只能给一个。', 'Give either p or a budget.')
  if (budget !== null && prices === null) throw wrong('prices', '按预算选址要给出单价。', 'A budget needs prices.')
}

async function settle(db: Db, city: CityRow, asked: Asked) {
  checkLimits(asked)
  const { impedance: _given, ...plain } = asked
  const given: Asked = { ...plain, ...settleImpedance(asked, 'body.input.') }
  const { input: coverage, rule } = await getQuestion(db, city.key, await coverageQuestion(db, city, given), 'body.input.')
  const input: SitingInput = { ...given, facility: coverage.facility, demand: SitingDemand.parse(coverage.demand) }
  checkCapacities(input)
  const capacityRule = await getCapacityRule(db, coverage.facility, input.capacities)
  const walks = input.ruler === 'walk'
  return {
    input,
    reads: [...new Set([kindOf(coverage.facility), ...(isFacilityDemand(input.demand) ? ['facilities'] : [])]), 'buildings', 'population_cells', 'historic_districts', 'administrative_areas', ...(input.candidates.from === 'plots' ? ['leftover_plots', 'green_lines', 'control_areas'] : ['water_bodies', 'roads', ...(input.candidates.avoidsControlAreas ? ['control_areas'] : [])]), ...(walks ? ['path_edges', 'green_entrances'] : [])],
    basis: { rule: rule && { code: rule.code, version: rule.version, isOwn: rule.isOwn }, ...(capacityRule ? { capacityRule: { code: capacityRule.code, version: capacityRule.version, m2PerPerson: capacityRule.standard, source: capacityRule.source, clause: capacityRule.clause, verified: capacityRule.verified } } : {}), ...(walks ? { walkingSettings: (await findWalkingSettings(db, city.cityId)).version } : {}) },
  }
}

function engineQuestion({ method, p, budget }: SitingInput): SitingQuestion {
  // A pair that is there is within the radius of its site already.
  return { method, p: method === 'lscp' ? null : p, budget, radius: null }
}

const known = (value: number) => (Number.isFinite(value) ? value : null)

function interimOf({ stage, sites, objective, bound, gap }: SitingProgress, laid: Laid | null): SitingInterim {
  return { stage, objective: known(objective), bound: known(bound), gap, sites: sites.length, places: laid ? sites.map((site) => placeOf(laid, site)) : [] }
}

export const sitingKind: PlanningKind<'siting'> = {
  kind: 'siting',
  engineVersion: SITING_ENGINE_VERSION,
  settle,
  async execute(city, { input }, { db, signal, progress }) {
    const coverage = await getQuestion(db, city.key, await coverageQuestion(db, city, input))
    const read = await readCityGround(city, input, coverage, { db, signal, progress })
    await progress('costs', 12)
    const homes = await toDegrees(db, city.measureSrid, read.ground.points)
    await progress('costs', 15)

    let told: CityTold | undefined
    let lattice: Promise<Float64Array> | undefined
    let laid: Laid | null = null
    let began = 0
    // One word at a time; what is said meanwhile is said by the next.
    let telling: Promise<void> | null = null
    const tell = (said: SitingProgress) => {
      if (telling) return
      const share = Math.min(1, (performance.now() - began) / (input.timeLimitSeconds * 1000))
      telling = progress(said.stage, SEARCH.from + (SEARCH.to - SEARCH.from) * share, interimOf(said, laid))
        // Once it is over the signal says so to the search itself.
        .catch((error: unknown) => { if (!signal.aborted) throw error })
        .finally(() => (telling = null))
    }
    const found = await runCitySiting({
      ground: read.ground,
      question: engineQuestion(input),
      timeLimitMs: input.timeLimitSeconds * 1000,
      isExact: true,
      curveTo: input.curveTo,
      signal,
      onCity: (city_) => {
        told = city_
        began = performance.now()
        lattice = city_.lattice ? toDegrees(db, city.measureSrid, city_.lattice) : undefined
        const lay = async () => (laid = { input, city: read, srid: city.measureSrid, told: city_, homes, lattice: (await lattice) ?? null, shutStanding: [] })
        void lay()
      },
      onProgress: tell,
    }).catch((error: unknown) => {
      if (error instanceof SitingRefused) return error
      throw error
    })
    // Nothing of the search is told after its end.
    await (telling as Promise<void> | null)
    const complete: Laid = { input, city: read, srid: city.measureSrid, told: told!, homes, lattice: (await lattice) ?? null, shutStanding: await readShutStanding(db, kindOf(input.facility), read, told!) }
    const { result, drawing } = found instanceof SitingRefused ? refusedOf(complete, found.issues) : await resultOf(db, city.cityId, complete, found)
    return { result, drawing, formula: FORMULA[input.method], ...methodTexts({ m2PerPerson: (await getCapacityRule(db, input.facility, input.capacities))?.standard ?? null, input, bands: read.bands, walking: read.walking, plane: `${city.measureName} (EPSG:${city.measureSrid})` }) }
  },
}

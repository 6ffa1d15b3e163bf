/** What every ruler reads of a city for a question: facilities that count, with their radii, and the homes. */
import type { AnalysisRequest, AnalysisTools } from './analysis-result.ts'
import { findAvailableDemands, type PeopleSource, type PointSet, readDemandPoints } from './city-inputs.ts'
import { editFacilities } from './edits.ts'
import { type FacilityRow, listFacilities, listGreenSpaces } from './input-queries.ts'
import { bandsOf, type Qualified, qualifyFacilities, type Scenario, scenariosOf } from './qualification.ts'
import { kindOf } from './question.ts'

type Tools = Pick<AnalysisTools, 'db' | 'signal'>

export interface CountedFacilities {
  /** All that were looked at, and why those that do not count do not. */
  candidates: FacilityRow[]
  qualified: Qualified
  scenarios: Scenario[]
  /** Those that count in any scenario, and their radius in each; NaN where it does not count. */
  facilities: FacilityRow[]
  radii: Float64Array[]
}

/** Facilities of a question with the radius of each by its rule. */
export async function readCountedFacilities({ city, input, rule, edits = [] }: AnalysisRequest, { db, signal }: Tools): Promise<CountedFacilities> {
  const heard = () => signal.throwIfAborted()
  const standing = kindOf(input.facility) === 'green_spaces' ? await listGreenSpaces(db, city.cityId, city.measureSrid, input.layers, heard) : await listFacilities(db, city.cityId, city.measureSrid, input.facility, input.layers, heard)
  const candidates = edits.length === 0 ? standing : editFacilities(standing, edits, input.facility)
  const bands = bandsOf(input, rule)
  const scenarios = scenariosOf(bands)
  const qualified = qualifyFacilities(candidates, input, bands, scenarios)
  // What no scenario counts need not travel any further.
  const used = candidates.map((_candidate, index) => index).filter((index) => qualified.radii.some((radii) => !Number.isNaN(radii[index])))
  return { candidates, qualified, scenarios, facilities: used.map((index) => candidates[index]!), radii: qualified.radii.map((of) => Float64Array.from(used, (index) => of[index]!)) }
}

export interface Homes {
  /** Where people are counted; null where the city has none. */
  people: PeopleSource | null
  set: PointSet
}

/** Homes of a question, each with what it weighs for the demand: buildings where they are asked for or hold the people, population cells else; hospitals or schools where they are the demand. */
export async function readHomes({ city, input }: AnalysisRequest, { db, signal }: Tools): Promise<Homes & { hasResidential: boolean }> {
  const available = await findAvailableDemands(db, city.cityId)
  return { people: available.people, set: await readDemandPoints(db, city.cityId, city.measureSrid, input.demand, available, () => signal.throwIfAborted()), hasResidential: available.demands.includes('residential') }
}

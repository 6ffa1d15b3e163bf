import { createHash } from 'node:crypto'
import { type CityRow, getCity } from '../cities/cities.ts'
import { COVERAGE_ENGINE_VERSION, type CoverageInput, type CoverageQuestion, type Demand, type ServiceRule } from '../contract/coverage.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { findAvailableDemands, isFacilityDemand } from './city-inputs.ts'
import { type PlacedEdit, readEdits } from './edits.ts'
import { settleImpedance } from './impedance.ts'
import { type InputLayerRow, listFacilityClasses, listInputLayers, listLayerKeys } from './input-queries.ts'
import { findKindVersions } from './queries.ts'
import { getServiceRule, listServiceRules } from './reference.ts'

/** What a run over the walking network looks at beside what every run does. */
const WALKED_KINDS = ['path_edges', 'green_entrances', 'roads', 'water_bodies']

/** A question with everything its answer depends on. */
export interface Question {
  city: CityRow
  input: CoverageInput
  rule: ServiceRule | null
  inputs: InputLayerRow[]
  edits: PlacedEdit[]
  key: string
}

/** What has to be imported for a demand, and as what. */
const IMPORT_HINT: Record<Demand, { zh: string; en: string; options: string }> = {
  residential: { zh: '居住用地', en: 'residential land', options: '--as residential_areas' },
  population: { zh: '人口网格，或有居住人数的建筑', en: 'population (cells or buildings with residents)', options: '--as population_cells' },
  buildings: { zh: '建筑', en: 'buildings', options: '--as buildings' },
  elders: { zh: '65 岁及以上分列的人口', en: 'population with those of 65 and older apart', options: '--as population_cells --map elders=COLUMN' },
  children: { zh: '14 岁及以下分列的人口', en: 'population with those of 14 and younger apart', options: '--as population_cells --map children=COLUMN' },
  hospitals: { zh: '类别为 hospital 的设施', en: 'facilities of class hospital', options: '--as facilities --map class==hospital' },
  schools: { zh: '类别为 school、school_primary 或 school_middle 的设施', en: 'facilities of class school, school_primary or school_middle', options: '--as facilities' },
}

const DEMAND_WORDS: Record<Demand, string> = { residential: '居住用地', population: '人口', buildings: '建筑', elders: '老人', children: '儿童', hospitals: '医院', schools: '学校' }

/** The kind of layer that a facility is a feature of. */
export function kindOf(facility: string): 'green_spaces' | 'facilities' {
  return facility === 'green' ? 'green_spaces' : 'facilities'
}

/** What the key of a run is made of: the canonical question, the versions of everything it reads, and the engine. */
function keyOf(input: CoverageInput, rule: ServiceRule | null, inputs: readonly InputLayerRow[], kindVersions: Record<string, number>, city: CityRow): string {
  const canonical = {
    engine: COVERAGE_ENGINE_VERSION,
    measureSrid: city.measureSrid,
    input: Object.fromEntries(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1))),
    rule: rule && { code: rule.code, version: rule.version, isOwn: rule.isOwn },
    inputs,
    kindVersions,
  }
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex')
}

/**
 * Checks that a city has the layers and the class of a facility.
 * @param path of the question in a request, for the error
 * @throws AppError bad_request, saying what there is
 */
export async function checkFacility(db: Db, city: CityRow, facility: string, layers: readonly string[], path: string): Promise<void> {
  const kind = kindOf(facility)
  if (layers.length > 0) {
    const keys = await listLayerKeys(db, city.cityId, kind)
    const missing = layers.filter((layer) => !keys.includes(layer))
    if (missing.length > 0) {
      throw new AppError('bad_request', `${city.nameZh}没有图层 ${missing.join('、')}：${keys.length > 0 ? `现有 ${keys.join('、')}，请改选` : '请先导入'}。City "${city.key}" has no layer ${missing.map((layer) => `"${layer}"`).join(', ')} of ${kind}. ${keys.length > 0 ? `It has: ${keys.join(', ')}.` : 'It has none yet; import one first.'}`, {
        errors: missing.map((layer) => ({ path: `${path}layers`, message: `没有这个图层。No layer "${layer}"` })),
      })
    }
  }
  if (kind !== 'facilities') return
  const classes = await listFacilityClasses(db, city.cityId)
  const known = (await listServiceRules(db, city.key)).some((candidate) => candidate.facility === facility)
  if (!classes.includes(facility) && !known) {
    throw new AppError('bad_request', `${city.nameZh}没有“${facility}”这一类设施：${classes.length > 0 ? `现有 ${classes.join('、')}，请改选` : '请先导入设施'}。City "${city.key}" has no facilities of class "${facility}". ${classes.length > 0 ? `It has: ${classes.join(', ')}.` : 'It has none yet; import some first.'}`, { errors: [{ path: `${path}facility`, message: '没有这一类。Unknown facility class' }] })
  }
}

/** @throws AppError bad_request where the city has no data of a demand, saying what to import and what there is */
export function checkDemand(city: CityRow, demand: Demand, available: readonly Demand[], path: string): void {
  if (available.includes(demand)) return
  const words = available.map((name) => DEMAND_WORDS[name]).join('、')
  const { zh, en, options } = IMPORT_HINT[demand]
  throw new AppError('bad_request', `${city.nameZh}没有${DEMAND_WORDS[demand]}数据（或合计为 0），无从量算：请先导入${zh}（import FILE --city ${city.key} ${options}）${words ? `，或改问${words}` : ''}。City "${city.key}" has no ${demand} data to measure against, or they add up to nothing. Import ${en}: npm run cli -- import FILE --city ${city.key} ${options}${available.length > 0 ? `; or ask for ${available.join(' or ')}` : ''}.`, {
    errors: [{ path, message: `没有数据。No ${demand} data` }],
  })
}

/**
 * Checks a question against the city and names its answer.
 * @param path of the question in a request, for the error
 * @throws AppError bad_request when the rule, a layer, the facility class or the demand is not there, saying what is.
 */
export async function getQuestion(db: Db, cityKey: string, given: CoverageQuestion, path = 'body.'): Promise<Question> {
  const city = await getCity(db, cityKey)
  const rule = given.rule === undefined ? null : await getServiceRule(db, city.cityId, given.rule)
  const facility = given.facility ?? rule?.facility ?? 'green'
  if (rule && facility !== rule.facility) throw new AppError('bad_request', `规则 ${rule.code} 针对“${rule.facility}”，不是“${facility}”：请改选设施，或换一条规则。Rule ${rule.code} is about "${rule.facility}", not "${facility}".`, { errors: [{ path: `${path}facility`, message: `此规则下应为 ${rule.facility}，请改选。Must be ${rule.facility} for this rule` }] })
  if (rule && given.minAreaM2 !== undefined) throw new AppError('bad_request', '规则自带最小面积：只有自定半径时才给最小面积。A rule brings its own minimum areas; give a minimum area only with a radius.', { errors: [{ path: `${path}minAreaM2`, message: '不能与规则同时给出。Not with a rule' }] })
  const { ruler, scenario, impedance, ...asked } = given
  const isWalk = ruler === 'walk'
  const hindered = settleImpedance({ ruler, impedance }, path)
  const { demands } = await findAvailableDemands(db, city.cityId)
  // Land does not walk: where nobody says whom to count, the people are, or else the buildings.
  const demand = given.demand ?? (isWalk ? (demands.includes('population') ? 'population' : 'buildings') : (rule?.demand ?? 'residential'))
  if (isWalk && demand === 'residential') {
    throw new AppError('bad_request', '步行口径量的是人或建筑，不是用地面积：请把需求改为人口（population）、建筑（buildings）或某一人群。The walking ruler measures people or buildings, not land: ask for demand population, buildings or a group.', { errors: [{ path: `${path}demand`, message: '步行口径应为人口、建筑或某一人群。Population, buildings or a group with ruler walk' }] })
  }
  const input: CoverageInput = { ...asked, facility, demand, layers: [...new Set(given.layers)].sort(), ...(isWalk ? { ruler } : {}), ...hindered, ...(scenario ? { scenario } : {}) }
  const edits = await readEdits(db, city, scenario)
  const kind = kindOf(facility)
  await checkFacility(db, city, facility, input.layers, path)
  checkDemand(city, input.demand, demands, `${path}demand`)
  const walked = [...(isWalk ? WALKED_KINDS : []), ...(isFacilityDemand(input.demand) && kind !== 'facilities' ? ['facilities'] : [])]
  const inputs = await listInputLayers(db, city.cityId, kind, input.layers, walked)
  const kindVersions = await findKindVersions(db, city.cityId, [kind, 'residential_areas', 'population_cells', 'buildings', 'administrative_areas', 'unit_grids', 'built_up_areas', 'historic_districts', ...walked])
  return { city, input, rule, inputs, edits, key: keyOf(input, rule, inputs, kindVersions, city) }
}

/** The words of the passport: what was computed, how, from what. */
import type { CoverageInput, Demand, RuleBand } from '../contract/coverage.ts'
import type { PeopleSource } from './city-inputs.ts'
import { impedanceTexts } from './impedance.ts'
import type { WalkingSettings } from './walking-queries.ts'

/** Gaps smaller than this are left out of the list of blind spots, after the ratios were taken (domain practice: 500 m²). */
export const SLIVER_M2 = 500

export const FORMULA: Record<Demand, string> = {
  residential: 'coverage = area(R ∩ U) / area(R)',
  population: 'coverage = Σ people(i) · [min_f (d(i, f) − r(f)) ≤ 0] / Σ people(i)',
  buildings: 'coverage = #{ i : min_f (d(i, f) − r(f)) ≤ 0 } / #{ i }',
  elders: 'coverage = Σ elders(i) · [min_f (d(i, f) − r(f)) ≤ 0] / Σ elders(i)',
  children: 'coverage = Σ children(i) · [min_f (d(i, f) − r(f)) ≤ 0] / Σ children(i)',
  hospitals: 'coverage = Σ beds(i) · [min_f (d(i, f) − r(f)) ≤ 0] / Σ beds(i)',
  schools: 'coverage = Σ pupils(i) · [min_f (d(i, f) − r(f)) ≤ 0] / Σ pupils(i)',
}

/** The same over the walking network, where w is the walk from the nearest gate, the way from the home to its path included. */
export const walkingFormula = (demand: Demand): string => FORMULA[demand].replace('d(i, f)', 'w(i, f)')

/** What a group is, where the demand is one. */
export const GROUP_TEXT: Partial<Record<Demand, { zh: string; en: string }>> = {
  elders: { zh: '老人为 65 岁及以上。', en: 'Elders are those of 65 and older.' },
  children: { zh: '儿童为 0–14 岁。', en: 'Children are those of 14 and younger.' },
  hospitals: { zh: '医院以其中心点为需求，按床位计权；有一处床位未知时，每处计 1。关闭的不计。', en: 'Hospitals are demands at their centres, weighted by beds; each counts 1 where not all state theirs. Closed ones are left out.' },
  schools: { zh: '学校以其中心点为需求，按学位计权；有一处学位未知时，每处计 1。关闭的不计。', en: 'Schools are demands at their centres, weighted by pupils; each counts 1 where not all state theirs. Closed ones are left out.' },
}

interface MethodFacts {
  input: CoverageInput
  bands: readonly RuleBand[]
  people: PeopleSource | null
  hasBuiltUpArea: boolean
  hasResidential: boolean
  quadrantSegments: number
  measureName: string
  measureSrid: number
  /** What the walking ruler assumed; null for the straight line. */
  walking: WalkingSettings | null
}

/** A band in words. */
export function bandText(band: RuleBand, isChinese: boolean): string {
  const from = band.minAreaM2.toLocaleString('en-US')
  const to = band.maxAreaM2?.toLocaleString('en-US')
  if (isChinese) return `${band.zone === 'historic_district' ? '历史文化街区内 ' : ''}${to ? `${from} ≤ 面积 < ${to} m²` : band.minAreaM2 > 0 ? `面积 ≥ ${from} m²` : '不限面积'} → ${band.radiusMeters} m`
  return `${band.zone === 'historic_district' ? 'in a historic district, ' : ''}${to ? `${from} ≤ area < ${to} m²` : band.minAreaM2 > 0 ? `area ≥ ${from} m²` : 'any area'} → ${band.radiusMeters} m`
}

/** The method of a run in Chinese and in English, sentence by sentence. */
export function methodTexts(facts: MethodFacts): { methodZh: string; methodEn: string } {
  const { input, bands } = facts
  const { walking } = facts
  const plane = `${facts.measureName} (EPSG:${facts.measureSrid})`
  const zh: string[] = [
    walking
      ? `沿步行路网以米计算：从设施的出入口（已有的；没有的取非桥隧步道与边界的交点；再没有的取边界上每 ${walking.openEdgeSpacingMeters} m 一点，须在步道 ${walking.gateToleranceMeters} m 以内；点设施从 ${walking.pointToleranceMeters} m 以内最近的步道走到其所在点，这一段计入路程）双向步行到住处在路边上的最近点（${walking.homeToleranceMeters} m 以内，优先主网），加住处到该点的直线距离；单行道对步行者无效。假定见步行参数第 ${walking.version} 版（${walking.source}）。此为规划参考，计分口径为直线。投影面 ${plane}。`
      : `在 ${facts.measureName}（EPSG:${facts.measureSrid}）平面内以米计算直线距离，从设施边界（点设施从点）起算，边界以内为 0。`,
    `服务半径：${bands.map((band) => bandText(band, true)).join('；')}。面积下限含本数，按 0.01 m² 比较。`,
  ]
  const en: string[] = [
    walking
      ? `Metres over the walking network, both ways on foot, from the gates of a facility (those on record; else where a path that is no bridge or tunnel crosses the boundary; else points of the boundary every ${walking.openEdgeSpacingMeters} m within ${walking.gateToleranceMeters} m of a path; a facility stored as a point is walked up to from the nearest path within ${walking.pointToleranceMeters} m, that way included) to the nearest point on a path from each home (within ${walking.homeToleranceMeters} m, the network proper first), plus the straight way from the home to it; one-way streets do not bind walkers. Assumptions: walking settings version ${walking.version} (${walking.source}). For planning; the scored ruler is the straight line. Plane: ${plane}.`
      : `Straight-line distances in metres in the plane of ${facts.measureName} (EPSG:${facts.measureSrid}), from the boundary of a facility (a point facility from its point), 0 inside it.`,
    `Radii: ${bands.map((band) => bandText(band, false)).join('; ')}. Lower area bounds are inclusive, compared to 0.01 m².`,
  ]
  if (walking) {
    const impedance = impedanceTexts(input.impedance, walking)
    zh.push(...impedance.zh)
    en.push(...impedance.en)
    if (input.scenario) {
      zh.push('方案画出的路是另加的：住处和出入口在旧路上的落点不变，在画出的每条路旁（容差以内）各多一个落点，取较短的走法；画出的路穿过边界处另开一个出入口（在册出入口的绿地除外）。因此画路不会使任何人失去服务。')
      en.push('Paths that a scenario draws are added: homes and gates keep their places on paths that stand, have one more on each drawn path within the tolerance, and the shorter walk counts; where a drawn path crosses a boundary a gate is opened, unless gates are on record. Drawing a path therefore takes nobody’s service away.')
    }
  }
  if (input.everyFeature) {
    zh.push('所列图层的每个要素都计入，不论类别与开放状态。')
    en.push('Every feature of the layers counts, whatever its class or access.')
  } else if (input.facility === 'green') {
    zh.push('计入公园绿地（G1）与计为活动场地的广场（G3），不计关闭、收费的，以及其他类别或未分类的绿地。')
    en.push('Parks (G1) and squares that count as activity sites (G3); not those closed or ticketed, of other classes, or without a class.')
  } else {
    zh.push('不计关闭的设施。')
    en.push('Closed facilities do not count.')
  }
  if (input.facility !== 'green' && bands.some((band) => band.minAreaM2 > 0)) {
    zh.push('面状设施按几何量算面积，点状设施取其来源所载面积（属性 area_m2），未知者不计。')
    en.push('The area of a polygon is measured, that of a point is what its source states (attribute area_m2); where it is not known the facility does not count.')
  }
  if (input.demand === 'residential') {
    zh.push(`分母为居住用地面积${facts.hasBuiltUpArea ? '（建成区内）' : '（本市无建成区数据，计全部居住用地）'}，重叠地块只计一次；各单元的分子、分母分别累加，不平均百分比。U 为服务范围的并集，圆弧以每四分之一圆 ${facts.quadrantSegments} 段的内接折线表示，其面积误差见多边形误差。`)
    en.push(`The denominator is residential land ${facts.hasBuiltUpArea ? 'inside the built-up area' : '(the city has no built-up area on record: all of it)'}, overlapping parcels counted once; numerators and denominators are summed by unit, percentages never averaged. U is the union of service areas, their arcs drawn as inscribed chords, ${facts.quadrantSegments} to a quarter circle; the error is stated.`)
  }
  const group = GROUP_TEXT[input.demand]
  if (group) {
    zh.push(group.zh)
    en.push(group.en)
  }
  const sourceZh = facts.people === 'buildings' ? '建筑（质心）居住人口' : '人口格网单元的质心'
  const sourceEn = facts.people === 'buildings' ? 'residents of buildings, at their centroids' : 'centroids of population cells'
  if (facts.people) {
    zh.push(`人口按${sourceZh}计，未知为 0；归属逐点精确判定，不用多边形${input.clipToCity ? '；市界以外的不计' : '；市界以外的也计入'}。`)
    en.push(`People are counted by ${sourceEn}, unknown as 0; membership is decided point by point, exactly, never by polygons${input.clipToCity ? '; those outside the boundary are left out' : '; those outside the boundary are included'}.`)
  }
  if (walking) {
    zh.push('盲区由步行不可达且有人的建筑（100 m 内者成组，取外包）或格网单元（相接者合并）构成；原因与最近设施按其中人最多的一处。')
    en.push('Blind spots are made of inhabited buildings (grouped within 100 m, hull drawn) or cells (touching ones joined) that no walk reaches; reason and nearest facility are those of the home with the most people in it.')
  } else if (facts.hasResidential) {
    zh.push(`盲区 = 居住用地减服务范围，拆分后把相接的并为一处；小于 ${SLIVER_M2} m² 的碎片在取得比率之后舍去；按人口、面积排序。最近设施与原因都按其中人最多的一处住处（没有人口数据时按内部一点）：从那里量起；若太小、不开放或收费、缺面积或类别数据的设施计入便能服务，即为其因，否则为周边没有。`)
    en.push(`Blind spots = residential land minus the served area, split, touching pieces joined; pieces below ${SLIVER_M2} m² dropped after the ratios were taken; ranked by people, then area. The nearest facility and the reason are those of the home with the most people in it (of a point inside where no people are on record): what would serve it if the small, the closed or ticketed, or those of unknown area or class counted; else there is nothing near.`)
  } else {
    zh.push('本市无居住用地数据：盲区由未覆盖且有人的格网单元（相接者合并）或建筑（100 m 内者成组，取外包）构成；原因按其中人最多的一处判定：若太小、不开放或收费、缺面积或类别数据的设施计入便能服务，即为其因，否则为周边没有。')
    en.push('The city has no residential land on record: blind spots are made of unserved inhabited cells (touching ones joined) or buildings (grouped within 100 m, hull drawn); the reason is found for the home with the most people in it: what would serve it if the small, the closed or ticketed, or those of unknown area or class counted; else there is nothing near.')
  }
  return { methodZh: zh.join(''), methodEn: en.join(' ') }
}

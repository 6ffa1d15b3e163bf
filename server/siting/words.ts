/** The words of a siting run: what was asked, how it was worked out, and what is to be known of it. */
import type { RuleBand } from '../contract/coverage.ts'
import type { NotEnteredReason } from '../contract/not-entered.ts'
import type { SitingCapacities, SitingInput, SitingMethod, SitingNotice } from '../contract/planning-siting.ts'
import { bandText, GROUP_TEXT } from '../coverage/method.ts'
import { impedanceTexts } from '../coverage/impedance.ts'
import { namesText, notEnteredCause } from '../coverage/not-entered.ts'
import type { WalkingSettings } from '../coverage/walking-queries.ts'

/** Sources: Toregas et al. 1971; Church and ReVelle 1974; Hakimi 1964. */
export const FORMULA: Record<SitingMethod, string> = {
  lscp: 'min Σ x(j)  s.t.  Σ_{j: d(i,j) ≤ r(j)} x(j) ≥ 1 ∀ i',
  mclp: 'max Σ w(i)·y(i)  s.t.  y(i) ≤ Σ_{j: d(i,j) ≤ r(j)} x(j),  Σ x(j) ≤ p',
  'p-median': 'min Σ w(i) · min_{j open} d(i,j)  s.t.  Σ x(j) ≤ p',
  'p-center': 'min max_i min_{j open} d(i,j)  s.t.  Σ x(j) ≤ p',
}

const METHOD: Record<SitingMethod, { zh: string; en: string }> = {
  lscp: { zh: '集合覆盖（LSCP）：用最少的新建点使每个住处都在某处服务半径内。', en: 'Location set covering: the fewest new sites that put every home within a service radius.' },
  mclp: { zh: '最大覆盖（MCLP）：在给定数量或预算内使服务半径内的人最多。', en: 'Maximal covering: most people within a service radius, with so many sites or so much money.' },
  'p-median': { zh: 'p-中位：使所有人到最近一处的总距离最小。', en: 'p-median: the least distance in total from everybody to the nearest.' },
  'p-center': { zh: 'p-中心：使最远的住处到最近一处的距离最小。', en: 'p-center: the smallest distance from the farthest home to the nearest.' },
}

interface MethodFacts {
  input: SitingInput
  bands: readonly RuleBand[]
  walking: WalkingSettings | null
  plane: string
  /** Of the norm that capacities go by. */
  m2PerPerson: number | null
}

function capacityText(asked: SitingCapacities, m2PerPerson: number | null, isZh: boolean): string {
  const stated = asked.by === 'people' && asked.perStatedUnit !== null ? asked.perStatedUnit : null
  const each = asked.by === 'people' ? `${asked.perSite}` : `${asked.by === 'area' ? asked.m2PerPerson : (m2PerPerson ?? 0)}`
  if (isZh) {
    const how = asked.by === 'people' ? `每处可服务 ${each} 人${stated === null ? '' : `，已登记容量的现有设施每单位容量服务 ${stated} 人`}` : `每处可服务人数 = 面积 ÷ ${each} m²/人${asked.by === 'rule' ? '（供给规则的人均标准）' : ''}`
    return `现有与新建都有容量：${how}；住处的人可分到服务半径内几处，目标为容量之内服务的总人数（最大流），各处负荷为其中一种分法。`
  }
  const how = asked.by === 'people' ? `each place serves ${each} people${stated === null ? '' : `, places that stand and state a capacity ${stated} for each unit of it`}` : `each place serves its area ÷ ${each} m² per person${asked.by === 'rule' ? ' (the norm of the supply rule)' : ''}`
  return `places are limited, those that stand too: ${how}; the people of a home may be divided among the places within whose radius it lies, the objective is all who find room (maximum flow), and the loads shown are one such division.`
}

/** The method of a run in Chinese and in English. */
export function methodTexts({ input, bands, walking, plane, m2PerPerson }: MethodFacts): { methodZh: string; methodEn: string } {
  const { candidates } = input
  const group = GROUP_TEXT[input.demand]
  const impedance = walking ? impedanceTexts(input.impedance, walking) : { zh: [], en: [] }
  const zh = [
    METHOD[input.method].zh,
    ...(group ? [`权重 w 只计所问的需求：${group.zh}`] : []),
    walking
      ? `距离沿步行路网以米计，从出入口双向步行到住处，加住处到步道的直线距离；候选点与方案中绘制的设施一样进入：从步道穿过其边界处，没有则从边界上每 ${walking.openEdgeSpacingMeters} m 一点、距步道 ${walking.gateToleranceMeters} m 以内处（步行参数第 ${walking.version} 版）。`
      : '距离为直线，从设施或地块的边界起算，边界以内为 0。',
    ...impedance.zh,
    `投影面 ${plane}。服务半径：${bands.map((band) => bandText(band, true)).join('；')}。`,
    `按该规则计入的现有设施保留，不占新建数量；${input.capacities ? capacityText(input.capacities, m2PerPerson, true) : '同一住处只认最近的一处。'}`,
    candidates.from === 'plots'
      ? '候选点为在册边角地与闲置地；其半径按自身面积取。绿线与管控区以地块内一点判定。'
      : `候选点为现状未服务住处所在、边长 ${candidates.spacingMeters} m 方格的中心（按设施面积取一方形地块，面积为 0 时为点），避开建筑、水面与道路${candidates.avoidsControlAreas ? '及管控区' : ''}（中心不行时取方格内离中心最近的空处，没有则放弃该格），只说明该在哪一带找地，不表示该处有地。`,
    '先以贪心与交换求快速解，再以拉格朗日松弛与混合整数规划（HiGHS）给出界；差距 = |目标值 − 界| ÷ 两者中较大者。',
    '“增益”：覆盖类为仅由该点服务者，p-中位与p-中心为去掉该点后目标变差多少。',
  ]
  const en = [
    METHOD[input.method].en,
    ...(group ? [`The weights w are of the demand asked for alone. ${group.en}`] : []),
    walking
      ? `Distances in metres over the walking network, both ways on foot from gates to homes, plus the straight way from the home to its path; a candidate is entered as a place drawn in a scenario is: where paths cross its boundary, else at points of it every ${walking.openEdgeSpacingMeters} m within ${walking.gateToleranceMeters} m of a path (walking settings version ${walking.version}).`
      : 'Straight-line distances from the boundary of a facility or plot, 0 inside it.',
    ...impedance.en,
    `Plane: ${plane}. Radii: ${bands.map((band) => bandText(band, false)).join('; ')}.`,
    `Facilities standing that count by the rule stay and are not counted as new; ${input.capacities ? capacityText(input.capacities, m2PerPerson, false) : 'of all that is open only the nearest to a home matters.'}`,
    candidates.from === 'plots'
      ? 'Candidates are leftover plots on record, each with the radius of its own size. Green lines and control areas are judged by a point inside the plot.'
      : `Candidates are the middles of squares of ${candidates.spacingMeters} m that hold homes nothing serves now, each a square plot of the size asked for (a point where that is 0): they keep clear of buildings, water and roads${candidates.avoidsControlAreas ? ' and of control areas' : ''} (where the middle is taken, the nearest free place of the square; a square without room is put aside) and say where to look for land, not that there is any.`,
    'A fast answer by greedy and swaps, then bounds by Lagrangian relaxation and mixed-integer programming (HiGHS); gap = |value − bound| ÷ the greater of the two.',
    'Gain: for the coverings those whom this site alone serves; for p-median and p-center by how much the objective worsens without it.',
  ]
  return { methodZh: zh.join(''), methodEn: en.join(' ') }
}

type Words = Pick<SitingNotice, 'code' | 'zh' | 'en'>
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 })

export const NOTICES = {
  noCandidates: (leftOut: number): Words => ({
    code: 'no_candidates',
    zh: leftOut > 0 ? `没有候选点：${leftOut} 个地块都不符合筛选条件或规则的最小面积。请放宽条件，或改用格点。` : '没有候选点：本市没有在册边角地，或没有未服务的住处可布格点。可导入地块（--as leftover_plots），或改用另一种候选点。',
    en: leftOut > 0 ? `There are no candidates: none of the ${leftOut} plots passes the filters and the least area of the rule. Widen them, or use a lattice.` : 'There are no candidates: the city has no leftover plots on record, or no unserved home to lay a lattice among. Import plots (--as leftover_plots), or use the other kind of candidates.',
  }),
  nobodyAsked: (unservedOnly: boolean): Words => ({
    code: 'no_demands',
    zh: unservedOnly ? '没有未服务的住处：按此口径与规则，现有设施已服务所有人。' : '没有有人的住处可供服务：权重都为 0 或没有数据。请先导入人口（--as population_cells）或有人口的建筑。',
    en: unservedOnly ? 'No home is unserved: by this ruler and rule, what stands serves everybody.' : 'There are no homes with people to serve: all weights are 0, or there are no data. Import population cells (--as population_cells) or buildings with residents.',
  }),
  islands: (count: number, weight: number, fate: 'refused' | 'left_out' | 'unserved', meters: number | null): Words => ({
    code: { refused: 'islands', left_out: 'islands_left_out', unserved: 'islands_unserved' }[fate],
    zh: `${number(count)} 处住处（${number(weight)}）没有任何候选点或现有设施能到达${meters === null ? '（服务半径内）' : `（${number(meters)} m 以内）`}${{ refused: '，因此没有能服务所有人的方案。可放宽候选点、加大半径，或选择不计这些住处。', left_out: '，已不计入。', unserved: '，建在哪里都服务不到。' }[fate]}`,
    en: `${number(count)} homes (${number(weight)}) are reached by nothing, neither candidate nor standing${meters === null ? ', within the radius' : `, within ${number(meters)} m`}${{ refused: ', so that no choice serves everybody. Widen the candidates or the radius, or leave these homes out.', left_out: '; they are left out.', unserved: ': no choice of sites serves them.' }[fate]}`,
  }),
  homesOffNetwork: (count: number, weight: number): Words => ({
    code: 'homes_off_network',
    zh: `${number(count)} 处住处（${number(weight)}）附近没有步道，步行口径无法服务：请导入通到它们的步道（import --as paths）。`,
    en: `${number(count)} homes (${number(weight)}) lie beside no path: on foot nothing can serve them. Import the paths that lead to them (--as paths).`,
  }),
  homesOnScrap: (count: number, weight: number): Words => ({
    code: 'homes_on_scrap',
    zh: `${number(count)} 处住处（${number(weight)}）在与主网不连通的路网上，步行口径无法服务：请补上缺的一段，导入完整的路网（import --as paths）。`,
    en: `${number(count)} homes (${number(weight)}) stand on a part cut off from the network: on foot nothing can serve them. Import the network with the piece that is missing (--as paths).`,
  }),
  /** @param names of the places; null for those without */
  notEntered(what: 'standing' | 'candidates', reason: NotEnteredReason, names: readonly (string | null)[], tolerances: Pick<WalkingSettings, 'gateToleranceMeters' | 'pointToleranceMeters'>): Words {
    const count = number(names.length)
    const { zh: zhNames, en: enNames } = namesText(names, names.length)
    const { zh, en, mendZh, mendEn } = notEnteredCause(reason, tolerances)
    return what === 'standing'
      ? { code: `standing_${reason}`, zh: `${count} 处现有设施${zhNames}走不进去，按服务不到任何人计：${zh}。${mendZh}，或在方案里画一条。`, en: `Existing places that cannot be walked into and are taken to serve nobody: ${count}${enNames}; ${en}. ${mendEn}, or draw one in a scenario.` }
      : { code: { no_path: 'candidates_off_network', scrap: 'candidates_on_scrap', bridge: 'candidates_on_bridge' }[reason], zh: `${count} 个候选点${zhNames}走不进去，未采用：${zh}。${mendZh}。`, en: `Candidates that could not be walked into and were not used: ${count}${enNames}; ${en}. ${mendEn}.` }
  },
  riseUnknown: (count: number): Words => ({
    code: 'rise_unknown',
    zh: `${number(count)} 段路高差未知，按平路计。`,
    en: `${number(count)} paths of unknown rise are taken as level.`,
  }),
  capacityNone: (count: number): Words => ({
    code: 'capacity_none',
    zh: `${number(count)} 个候选点的容量为 0，建了也服务不了人。`,
    en: `${number(count)} candidates have a capacity of 0: built, they would serve nobody.`,
  }),
  capacityBoundless: (count: number, people: number): Words => ({
    code: 'capacity_boundless',
    zh: `${number(count)} 个候选点的容量不小于全部 ${number(people)} 人，对它们等于没有容量限制：请检查人均面积或每处人数。`,
    en: `${number(count)} candidates could take all ${number(people)} people: for them the capacity limits nothing. Check the figure per person or per place.`,
  }),
  capacityUnknown: (count: number): Words => ({
    code: 'capacity_unknown',
    zh: `${number(count)} 处现有设施面积或容量未知，按不能服务任何人计。`,
    en: `${number(count)} places that stand state neither area nor capacity and are taken to serve nobody.`,
  }),
  solverGaveUp: (fault: string): Words => ({ code: 'solver', zh: `精确求解未能继续：${fault}。结果与界来自快速解。`, en: `The exact solver could not go on: ${fault}. Value and bound are those of the fast answer.` }),
} as const

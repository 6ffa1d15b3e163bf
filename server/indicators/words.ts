/** The words of a sheet's passport: how its figures are made. */
import type { CityRow } from '../cities/cities.ts'
import type { IndicatorBlock, IndicatorsInput } from '../contract/planning-indicators.ts'

const BLOCK_TEXT: Record<IndicatorBlock, { formula: string; zh: string; en: string }> = {
  indices: {
    formula: 'index = Σ area(G) / people, or Σ area(G) / land',
    zh: '绿地按 CJJ/T 85-2017 类别计入，每平方米只计一次（重叠处归先登记的一处），超出范围的部分裁去；人口按建筑（没有则人口网格）的中心点落在范围内计。居住用地覆盖率由覆盖引擎按直线量得。分母为 0 或数据缺失时没有数值，并说明原因。与限值之差以分子的单位计。',
    en: 'Green land counts by its class of CJJ/T 85-2017, each square metre once (where two overlap, for the earlier), cut at the scope; people count where the middle of their building (else cell) lies in it. The ratio of residential land is the coverage engine’s, by the straight line. Where something is missing or a denominator is 0 there is no value, and the reason is told. The difference from a threshold is in the unit of the numerator.',
  },
  tiers: {
    formula: 'reach = Σ people(i) · [min_f (d(i, f) − r(f)) ≤ 0] / Σ people(i); area per person = Σ area(f) / Σ people(i)',
    zh: '公园分级：按类别与面积计入的公园（不含未开放与收费的），其服务半径内的居住人口占范围内人口的比例。直线从公园边界量起；步行从出入口沿步行路网走到住处。范围以外的公园也服务范围内的人。人均面积只计本级规模的公园在范围内的面积。',
    en: 'Park tiers: of the people in the scope those within the radius of a park that counts by class and size (not those that are shut or ticketed). The straight line is measured from the park’s boundary, the walk from its gates along the walking network. A park beyond the scope serves the people in it too. Area per person sums the parks of the tier’s own size, within the scope.',
  },
  comparators: {
    formula: 'share = Σ people(i) · [d(i, green) ≤ r] / Σ people(i)',
    zh: '国际对照：按各规则所说的规模、距离与量法（直线或步行），计居住人口的比例；公共绿地计公园、绿化广场与风景游憩绿地。数据不足的规则没有数值，并说明缺什么。仅作对照，不作计分。',
    en: 'International comparators: the share of people by the size, distance and measure (straight line or walk) that each rule names; public green is parks, green squares and recreational regional green. A rule that the data cannot answer has no value, and says what is missing. For comparison only, never scored.',
  },
  spacing: {
    formula: 'gap = m(k + 1) − m(k), m the measure of facility k along the road; flagged where gap > limit',
    zh: '沿路间距：同名道路的各段首尾相接成线（与怎样分段无关），距线 40 m 内的设施投影到线上按里程排序，相邻间距大于限值的路段为超限；道路两端到首末设施、没有设施的道路也计为一段。双幅道路各自成线；注明有分隔带的道路和快速路两侧分别计。只列中点在范围内的路段；没有名称的道路不计。针对沿街建筑的规则（商业性路段、繁华路段）只取道路中心线离这类建筑不超过规定距离、且连续不短于规定长度的路段，里程自该路段起算。',
    en: 'Spacing along roads: the pieces of a road of one name are joined end to end (how it was cut does not matter), facilities within 40 m are projected on the line and sorted by measure, and stretches between neighbours beyond the limit are told; so are those before the first and after the last, and a road without any. Two carriageways are two lines; sides are apart on roads that state a median and on expressways. Told are stretches whose middle lies in the scope; roads without a name are left out. Rules about some buildings (shopping and busy streets) look only at stretches whose centre line lies within a distance of such buildings and that are long enough without a break; measures then begin where the stretch does.',
  },
}

/** Formula and method of the blocks that were asked for, in both languages. */
export function sheetTexts(city: CityRow, { blocks }: Pick<IndicatorsInput, 'blocks'>): { formula: string; methodZh: string; methodEn: string } {
  const plane = `${city.measureName} (EPSG:${city.measureSrid})`
  return {
    formula: blocks.map((block) => BLOCK_TEXT[block].formula).join('\n'),
    methodZh: [...blocks.map((block) => BLOCK_TEXT[block].zh), `面积与距离在 ${plane} 平面内量算。`].join(''),
    methodEn: [...blocks.map((block) => BLOCK_TEXT[block].en), `Areas and distances are measured in the plane of ${plane}.`].join(' '),
  }
}

/** The words of a sheet's passport: how its figures are made. */
import type { CityRow } from '../cities/cities.ts'
import type { IndicatorBlock, IndicatorsInput } from '../contract/planning-indicators.ts'

const BLOCK_TEXT: Record<IndicatorBlock, { formula: string; zh: string; en: string }> = {
  indices: {
    formula: 'index = Σ area(G) / people, or Σ area(G) / land',
    zh: '绿地按 CJJ/T 85-2017 类别计入，每平方米只计一次（重叠处归先登记的一处），超出范围的部分裁去；人口按建筑（没有则人口网格）的中心点落在范围内计。居住用地覆盖率由覆盖引擎按直线量得。分母为 0 或数据缺失时没有数值，并说明原因。与限值之差以分子的单位计。',
    en: 'Green land counts by its class of CJJ/T 85-2017, each square metre once (where two overlap, for the earlier), cut at the scope; people count where the middle of their building (else cell) lies in it. The ratio of residential land is the coverage engine’s, by the straight line. Where something is missing or a denominator is 0 there is no value, and the reason is told. The difference from a threshold is in the unit of the numerator.',
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

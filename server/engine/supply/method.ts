import type { DecayKernel } from './decay.ts'

/** What was computed, in words, to stand beside the figures. */
export interface SupplyMethod {
  nameZh: string
  nameEn: string
  formula: string
  methodZh: string
  methodEn: string
  source: string
}

const SHARES = 'R(j) = S(j) / Σk w(k,j) P(k);  A(i) = Σj w(i,j) R(j)'

/** The method behind figures of a kernel. */
export function describeMethod(kernel: DecayKernel): SupplyMethod {
  if (kernel.kind === 'stepped') {
    const zones = kernel.zones.map(({ upTo, weight }) => `≤ ${upTo}: ${weight}`).join(', ')
    return {
      nameZh: '增强型两步移动搜索法（分带）',
      nameEn: 'enhanced two-step floating catchment area (zones)',
      formula: `${SHARES};  w(i,j) = weight of the first zone with d(i,j) ≤ its end`,
      methodZh: `每处供给按其可达范围内的人数（按带加权）分摊，每处需求再按同样的权重相加。带与权重：${zones}。`,
      methodEn: `Each supply is shared by the people who reach it, weighted by zone; each demand adds up its shares by the same weights. Zones and weights: ${zones}.`,
      source: 'Luo W, Qi Y. 2009. An enhanced two-step floating catchment area (E2SFCA) method. Health & Place 15(4)',
    }
  }
  if (kernel.kind === 'gaussian') {
    return {
      nameZh: '高斯两步移动搜索法',
      nameEn: 'Gaussian two-step floating catchment area',
      formula: `${SHARES};  w(i,j) = (exp(−(d/d0)²/2) − exp(−1/2)) / (1 − exp(−1/2)) for d ≤ d0, else 0;  d0 = ${kernel.within}`,
      methodZh: `每处供给按其 ${kernel.within} 范围内的人数（按高斯函数衰减加权，起点为 1，边界为 0）分摊，每处需求再按同样的权重相加。`,
      methodEn: `Each supply is shared by the people within ${kernel.within}, weighted by a Gaussian that is 1 at the supply and 0 at the limit; each demand adds up its shares by the same weights.`,
      source: 'Dai D. 2010. Black residential segregation, disparities in spatial access to health care facilities. Health & Place 16(5)',
    }
  }
  return {
    nameZh: '两步移动搜索法',
    nameEn: 'two-step floating catchment area',
    formula: `${SHARES};  w(i,j) = 1 for d(i,j) ≤ ${kernel.within}, else 0`,
    methodZh: `每处供给按其 ${kernel.within} 范围内的人数平均分摊，每处需求再把范围内各处供给的份额相加。`,
    methodEn: `Each supply is shared evenly by the people within ${kernel.within}; each demand adds up the shares of the supplies within ${kernel.within}.`,
    source: 'Luo W, Wang F. 2003. Measures of spatial accessibility to health care in a GIS environment. Environment and Planning B 30(6)',
  }
}

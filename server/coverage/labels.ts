import type { Demand } from '../contract/coverage.ts'

/** Demands in the words of a table. */
export const RATIO_LABELS: Record<Demand, string> = { residential: '居住用地 residential', population: '人口 population', buildings: '建筑 buildings' }

/** Leftover plots: corners nobody uses, idle building land, derelict yards: the candidates for new pocket parks. */
import { cutCorner } from './cuts.ts'
import type { Fabric } from './fabric.ts'
import type { Parcel } from './parcels.ts'
import type { Plan } from './plan.ts'
import type { Ring } from './plane.ts'
import { ringArea } from './polygon.ts'
import type { Random } from './random.ts'

export interface LeftoverPlot {
  class: '边角地' | '闲置地' | '废弃地'
  ring: Ring
  areaM2: number
  ownership: '国有' | '集体' | '单位自有'
  landUse: string
  cell: number
}

export function findLeftovers(plan: Plan, fabric: Fabric, parcels: Parcel[], random: Random): LeftoverPlot[] {
  const wanted = plan.scale === 'full' ? 300 : 20
  const plots: LeftoverPlot[] = []
  for (const index of random.shuffle(parcels.map((_, at) => at))) {
    if (plots.length >= wanted) break
    const parcel = parcels[index]!
    const { zone, use } = fabric.cells[parcel.cell]!
    if (!parcel.rest) continue
    const isIdle = parcel.purpose === 'open'
    if (isIdle ? plots.length > wanted * 0.2 && zone === 'fringe' : !['slabs', 'works_housing', 'village', 'factory', 'warehouse', 'shops', 'utility', 'old_houses', 'towers'].includes(parcel.purpose)) continue
    if (!isIdle && !random.chance(use === 'industry' || zone === 'north_rail' ? 0.3 : 0.14)) continue
    const size = Math.exp(random.between(Math.log(160), Math.log(isIdle ? 9000 : use === 'industry' ? 5200 : 2400)))
    const shape = random.between(1, 2.2)
    const cut = cutCorner(parcel.rest, Math.sqrt(size * shape), Math.sqrt(size / shape), random)
    if (!cut) continue
    parcel.rest = cut.rest
    const isWorks = use === 'industry' || use === 'logistics' || use === 'utility'
    plots.push({
      class: isIdle ? '闲置地' : isWorks ? '废弃地' : '边角地',
      ring: cut.piece,
      areaM2: ringArea(cut.piece),
      ownership: random.weighted([['国有', 60], ['集体', zone === 'fringe' ? 40 : 12], ['单位自有', isWorks ? 40 : 15]]),
      landUse: isWorks ? '工业仓储用地' : use === 'commercial' ? '商业服务业用地' : isIdle ? '待建用地' : '居住用地',
      cell: parcel.cell,
    })
  }
  return plots
}

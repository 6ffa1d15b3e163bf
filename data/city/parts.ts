/** Parts 部件: twenty thousand things along the streets, in parks and by the water, each on its footway and in its cell. */
import { classOf } from './classes.ts'
import type { Fabric } from './fabric.ts'
import type { Green } from './greens.ts'
import type { Plan } from './plan.ts'
import type { Point } from './plane.ts'
import { boxOf, contains } from './polygon.ts'
import type { Random } from './random.ts'
import { type Kerb, pointOn } from './roadside.ts'
import type { Zone } from './zones.ts'

export interface Part {
  code: string
  classCode: string
  name: string
  state: 'intact' | 'damaged' | 'lost' | 'occupied' | 'abandoned'
  department: string
  maintainer: string
  cell: number
  point: Point
  place: string
}

interface Rule {
  code: string
  count: number
  where: 'row' | 'street' | 'main' | 'side' | 'corner' | 'park' | 'water'
  /** Metres between two of a row, and back from the kerb. */
  every?: number
  back?: number
  department: string
  maintainer: string
}

const CITY = ['城市管理执法局', '市政设施养护中心'] as const
const GARDENS = ['园林绿化局', '园林绿化养护公司'] as const
const SANITATION = ['城市管理执法局', '环境卫生中心'] as const
const TRAFFIC = ['公安局交警支队', '交通设施维护中心'] as const
const WATER = ['水利局', '河道管理处'] as const

const rule = (code: string, count: number, where: Rule['where'], [department, maintainer]: readonly [string, string], more: Partial<Rule> = {}): Rule => ({ code, count, where, department, maintainer, ...more })

/** Forty classes; the counts add up to twenty thousand. */
const RULES: readonly Rule[] = [
  rule('0137', 3900, 'row', CITY, { every: 36 }), rule('0402', 3300, 'row', GARDENS, { every: 9, back: 0.8 }), rule('0305', 1650, 'street', SANITATION, { back: 0.6 }),
  rule('0103', 1500, 'street', CITY, { back: -3 }), rule('0102', 1150, 'street', CITY, { back: -4 }), rule('0101', 950, 'street', ['水务局', '水务集团'], { back: -2.5 }),
  rule('0104', 1180, 'street', CITY, { back: -1.2 }), rule('0106', 460, 'main', CITY, { back: 0.4 }), rule('0111', 430, 'street', ['住房和城乡建设局', '燃气集团'], { back: -2 }),
  rule('0110', 210, 'main', ['住房和城乡建设局', '热力公司'], { back: -2 }), rule('0123', 120, 'street', CITY, { back: -2 }), rule('0114', 130, 'park', GARDENS),
  rule('0127', 260, 'street', ['通信管理局', '通信基础设施公司'], { back: 1.2 }), rule('0128', 240, 'street', ['发展和改革委员会', '供电公司'], { back: 1.2 }), rule('0130', 300, 'side', ['发展和改革委员会', '供电公司'], { back: 0.5 }),
  rule('0131', 220, 'side', ['通信管理局', '通信基础设施公司'], { back: 0.5 }), rule('0150', 380, 'corner', ['公安局', '视频监控运维公司']), rule('0139', 190, 'park', CITY),
  rule('0138', 90, 'park', CITY), rule('0146', 210, 'park', ['体育局', '体育设施中心']), rule('0154', 180, 'side', ['发展和改革委员会', '充电设施公司'], { back: 1 }),
  rule('0145', 80, 'street', ['商务局', '便民服务公司'], { back: 1 }), rule('0140', 60, 'main', ['城市管理执法局', '邮政公司'], { back: 1.2 }), rule('0151', 45, 'corner', ['公安局', '辖区派出所']),
  rule('0204', 420, 'main', ['交通运输局', '公共交通集团']), rule('0212', 520, 'corner', ['民政局', '地名标志服务中心']), rule('0220', 240, 'corner', TRAFFIC), rule('0221', 260, 'main', CITY, { back: 0.6 }),
  rule('0217', 260, 'main', TRAFFIC, { back: -1.5 }), rule('0283', 220, 'main', TRAFFIC), rule('0225', 200, 'street', CITY, { back: 0.8 }), rule('0302', 110, 'corner', SANITATION),
  rule('0308', 150, 'side', ['宣传部', '街道办事处'], { back: 1.2 }), rule('0306', 130, 'main', CITY, { back: 1.5 }), rule('0397', 90, 'street', SANITATION, { back: 0.8 }), rule('0407', 320, 'park', GARDENS),
  rule('0404', 140, 'row', GARDENS, { every: 14, back: 0.8 }), rule('0405', 110, 'main', GARDENS, { back: 1 }), rule('0498', 90, 'park', GARDENS), rule('0507', 105, 'water', WATER),
]

const MAIN: ReadonlySet<Kerb['class']> = new Set(['expressway', 'arterial', 'secondary'])

const DENSITY: Record<Zone, number> = { old: 1.5, inner: 1.6, cbd: 2, south_bank: 1.1, north_rail: 0.8, west: 1, university: 0.9, new_town: 0.8, industry: 0.55, fringe: 0.45 }

export function setParts(plan: Plan, fabric: Fabric, kerbs: readonly Kerb[], greens: readonly Green[], countyOf: (cell: number) => string, random: Random): Part[] {
  const share = plan.scale === 'full' ? 1 : 0.06
  const sequences = new Map<string, number>()
  const parts: Part[] = []
  for (const one of RULES) {
    const own = random.fork(one.code)
    const count = Math.max(4, Math.round(one.count * share))
    const { name } = classOf('part', one.code)
    for (const { cell, point, place } of placesFor(fabric, kerbs, greens, one, count, own)) {
      const prefix = `${countyOf(cell).slice(0, 6)}${one.code}`
      const sequence = (sequences.get(prefix) ?? 0) + 1
      sequences.set(prefix, sequence)
      const state = own.weighted<Part['state']>([['intact', 944], ['damaged', 30], ['lost', 7], ['occupied', 12], ['abandoned', 7]])
      parts.push({ code: `${prefix}${String(sequence).padStart(6, '0')}`, classCode: one.code, name, state, department: `绣川市${one.department}`, maintainer: one.maintainer, cell, point, place })
    }
  }
  return parts
}

interface Place {
  cell: number
  point: Point
  place: string
}

function placesFor(fabric: Fabric, kerbs: readonly Kerb[], greens: readonly Green[], one: Rule, count: number, random: Random): Place[] {
  if (one.where === 'park' || one.where === 'water') return placesInParks(fabric, greens, one.where, count, random)
  const fitting = kerbs.filter((kerb) => (one.where === 'main' ? MAIN.has(kerb.class) : one.where === 'side' ? kerb.class === 'local' || kerb.class === 'alley' : kerb.class !== 'alley' && kerb.class !== 'expressway'))
  const weights = fitting.map((kerb) => kerb.length * DENSITY[fabric.cells[kerb.cell]!.zone])
  const sums: number[] = []
  weights.reduce((sum, weight, index) => (sums[index] = sum + weight), 0)
  const places: Place[] = []
  for (let attempt = 0; places.length < count && attempt < count * 12; attempt++) {
    const kerb = fitting[indexAt(sums, random.next() * sums.at(-1)!)]!
    const ring = fabric.mesh.ring(fabric.cells[kerb.cell]!.face)
    const shares = one.where === 'row' ? rowShares(kerb, one.every!, random) : [one.where === 'corner' ? Math.min(0.45, (kerb.reach + 3) / kerb.length) : random.between(0.1, 0.9)]
    for (const share of shares) {
      const point = pointOn(kerb, share, Math.max(one.back ?? 0, 0.5 - kerb.reach))
      if (places.length < count && contains(ring, point)) places.push({ cell: kerb.cell, point, place: MAIN.has(kerb.class) ? '人行道' : '路侧' })
    }
  }
  return places
}

function rowShares(kerb: Kerb, every: number, random: Random): number[] {
  const count = Math.max(1, Math.floor(kerb.length / every))
  const start = random.between(0.3, 0.7)
  return Array.from({ length: Math.min(count, 12) }, (_, index) => (index + start) / count)
}

function indexAt(sums: readonly number[], value: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** In parks anywhere on the ground; by the water along the outer edge of riverside and lakeside parks. */
function placesInParks(fabric: Fabric, greens: readonly Green[], where: 'park' | 'water', count: number, random: Random): Place[] {
  const fitting = greens.filter((green) => (where === 'water' ? /滨江|滨湖|环城/.test(green.name) : green.classCode !== 'G2' && green.areaM2 > 900))
  const places: Place[] = []
  for (let attempt = 0; fitting.length > 0 && places.length < count && attempt < count * 40; attempt++) {
    const green = random.weighted(fitting.slice(0, 400).map((one) => [one, Math.sqrt(one.areaM2)] as const))
    const ring = random.pick(green.rings)
    const box = boxOf(ring)
    const edge = random.pick(ring)
    const point: Point = where === 'water' ? [edge[0] + (green.middle[0] - edge[0]) * 0.004, edge[1] + (green.middle[1] - edge[1]) * 0.004] : [random.between(box.minX, box.maxX), random.between(box.minY, box.maxY)]
    if (!contains(ring, point)) continue
    const cell = cellAround(fabric, green.cell, point)
    if (cell !== undefined) places.push({ cell, point, place: where === 'water' ? '水岸' : '绿地' })
  }
  return places
}

/** The cell a point lies in, looked for from a known cell outwards. */
export function cellAround(fabric: Fabric, start: number, point: Point): number | undefined {
  const seen = new Set([fabric.cells[start]!.face])
  for (const face of seen) {
    if (contains(fabric.mesh.ring(face), point)) return fabric.cellOfFace.get(face)
    if (seen.size > 160) return undefined
    for (const [next] of fabric.mesh.borders(face)) if (fabric.cellOfFace.has(next)) seen.add(next)
  }
  return undefined
}

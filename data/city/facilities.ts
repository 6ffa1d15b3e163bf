/** Public facilities: in parks, on parcels of their own, beside streets; few where the city has neglected its quarters. */
import type { Fabric, FabricCell } from './fabric.ts'
import type { Green } from './greens.ts'
import type { Parcel, Purpose } from './parcels.ts'
import type { Plan } from './plan.ts'
import type { Point } from './plane.ts'
import { distance, interiorPoint } from './polygon.ts'
import type { Random } from './random.ts'
import { type Addresses, type Kerb, placeBeside } from './roadside.ts'
import { isUnderServed } from './zones.ts'

export interface Facility {
  class: string
  name: string
  point: Point
  cell: number
  capacity: number | null
  level: string | null
  owner: string
  attributes: Record<string, string | number>
}

interface Rule {
  class: string
  /** Name after the place's root. */
  suffix: string
  owner: string
  count: number
  /** Least distance between two of them, metres. */
  apart: number
  /** Chance that a neglected quarter gets one where another would. */
  neglected: number
  fits: (cell: FabricCell, purpose: Purpose) => boolean
  streets?: readonly Kerb['class'][]
  capacity?: readonly [number, number]
  level?: string
}

const homes: ReadonlySet<Purpose> = new Set(['towers', 'slabs', 'old_houses', 'village', 'works_housing', 'villas'])
const isHome = (_: FabricCell, purpose: Purpose): boolean => homes.has(purpose)
const isBusy = (cell: FabricCell, purpose: Purpose): boolean => homes.has(purpose) || cell.use === 'commercial' || cell.use === 'public'
const anywhere = (cell: FabricCell): boolean => cell.use !== 'water' && cell.use !== 'transport' && cell.use !== 'open'

const HEALTH = '绣川市卫生健康委员会'
const SANITATION = '绣川市环境卫生中心'
const EDUCATION = '绣川市教育局'
const COMMERCE = '绣川市商务局'
const CIVIL = '绣川市民政局'

const RULES: readonly Rule[] = [
  { class: 'toilet', suffix: '公共厕所', owner: SANITATION, count: 262, apart: 380, neglected: 0.1, fits: isBusy, streets: ['local', 'secondary'], capacity: [8, 26] },
  { class: 'garbage_point', suffix: '垃圾收集点', owner: SANITATION, count: 2400, apart: 62, neglected: 0.55, fits: isHome, streets: ['alley', 'local'], capacity: [4, 10] },
  { class: 'garbage_station', suffix: '垃圾收集站', owner: SANITATION, count: 84, apart: 720, neglected: 0.5, fits: isBusy, streets: ['local', 'alley'], capacity: [8, 30] },
  { class: 'transfer_station', suffix: '垃圾转运站', owner: SANITATION, count: 14, apart: 1900, neglected: 0.8, fits: (cell) => cell.use === 'utility' || cell.use === 'logistics', capacity: [60, 200] },
  { class: 'recycling_point', suffix: '再生资源回收点', owner: COMMERCE, count: 190, apart: 400, neglected: 0.4, fits: isHome, streets: ['alley', 'local'] },
  { class: 'kindergarten', suffix: '幼儿园', owner: EDUCATION, count: 186, apart: 400, neglected: 0.35, fits: isHome, streets: ['local', 'alley'], capacity: [180, 420] },
  { class: 'clinic', suffix: '社区卫生服务中心', owner: HEALTH, count: 62, apart: 880, neglected: 0.3, fits: isBusy, streets: ['local', 'secondary'], capacity: [20, 80] },
  { class: 'market', suffix: '菜市场', owner: COMMERCE, count: 92, apart: 620, neglected: 0.35, fits: isBusy, streets: ['local'], capacity: [40, 220] },
  { class: 'community_service', suffix: '社区服务站', owner: CIVIL, count: 150, apart: 480, neglected: 0.6, fits: isHome, streets: ['local', 'alley'] },
  { class: 'elderly_day_care', suffix: '老年人日间照料中心', owner: CIVIL, count: 104, apart: 560, neglected: 0.25, fits: isHome, streets: ['local', 'alley'], capacity: [20, 60] },
  { class: 'elderly_home', suffix: '养老院', owner: CIVIL, count: 26, apart: 1300, neglected: 0.5, fits: isHome, streets: ['local'], capacity: [80, 320] },
  { class: 'bus_stop', suffix: '公交站', owner: '绣川市公共交通集团', count: 760, apart: 250, neglected: 0.6, fits: anywhere, streets: ['arterial', 'secondary', 'local'] },
  { class: 'fire_station', suffix: '消防救援站', owner: '绣川市消防救援支队', count: 17, apart: 1900, neglected: 0.8, fits: (cell) => cell.use === 'public' || cell.use === 'utility' || cell.use === 'commercial', streets: ['secondary', 'local'], level: '普通站' },
  { class: 'fire_hydrant', suffix: '消火栓', owner: '绣川市水务集团', count: 1500, apart: 105, neglected: 0.75, fits: anywhere, streets: ['arterial', 'secondary', 'local'] },
  { class: 'police', suffix: '派出所', owner: '绣川市公安局', count: 30, apart: 1300, neglected: 0.9, fits: isBusy, streets: ['local', 'secondary'] },
  { class: 'sports_ground', suffix: '健身广场', owner: '绣川市体育局', count: 96, apart: 560, neglected: 0.25, fits: isHome, streets: ['local', 'alley'] },
  { class: 'aed', suffix: '自动体外除颤器', owner: HEALTH, count: 240, apart: 320, neglected: 0.25, fits: isBusy, streets: ['local', 'secondary', 'arterial'] },
]

/** Parcels that are a facility themselves. */
const ON_PARCELS: Partial<Record<Purpose, readonly [string, string, string, number]>> = {
  school_primary: ['school_primary', '小学', EDUCATION, 1280],
  school_middle: ['school_middle', '中学', EDUCATION, 1560],
  hospital: ['hospital', '医院', HEALTH, 620],
}

export function openFacilities(plan: Plan, fabric: Fabric, parcels: readonly Parcel[], greens: readonly Green[], addresses: Addresses, rootAt: (cell: FabricCell) => string, random: Random): Facility[] {
  const facilities: Facility[] = []
  const names = new Map<string, number>()
  const add = (facility: Omit<Facility, 'name'>, suffix: string): void => {
    const base = `${rootAt(fabric.cells[facility.cell]!)}${suffix}`
    const times = (names.get(base) ?? 0) + 1
    names.set(base, times)
    facilities.push({ ...facility, name: times === 1 ? base : `${base}（${times}）` })
  }
  openInParks(plan, greens, add, random)
  for (const parcel of parcels) {
    const kind = ON_PARCELS[parcel.purpose]
    if (!kind || !parcel.ring) continue
    const [facilityClass, suffix, owner, capacity] = kind
    add({ class: facilityClass, point: interiorPoint(parcel.ring), cell: parcel.cell, capacity: Math.round(capacity * random.between(0.6, 1.4)), level: null, owner, attributes: {} }, suffix)
  }
  const share = plan.scale === 'full' ? 1 : 0.07
  for (const rule of RULES) scatter(plan, fabric, parcels, addresses, rule, Math.max(2, Math.round(rule.count * share)), facilities, add, random.fork(rule.class))
  openOffices(fabric, parcels, add)
  return facilities
}

/** Toilets and shelters in parks and squares. */
function openInParks(plan: Plan, greens: readonly Green[], add: (facility: Omit<Facility, 'name'>, suffix: string) => void, random: Random): void {
  for (const green of greens) {
    if (green.classCode === 'G2' || green.access === 'closed') continue
    const isLarge = green.areaM2 > 20_000
    if (isLarge || (green.areaM2 > 7000 && random.chance(0.35))) add({ class: 'toilet', point: green.middle, cell: green.cell, capacity: random.integer(8, 22), level: '二类', owner: SANITATION, attributes: { place: green.name } }, '公园公厕')
    if (green.areaM2 > 2000 && !isUnderServed(plan, green.middle) && random.chance(isLarge ? 0.9 : 0.3)) {
      const level = green.areaM2 >= 50_000 ? '长期固定' : green.areaM2 >= 10_000 ? '中期固定' : '紧急'
      const effective = Math.round(green.areaM2 * 0.55)
      add({ class: 'shelter', point: [green.middle[0] + 6, green.middle[1] + 4], cell: green.cell, capacity: Math.round(effective / (level === '长期固定' ? 4.5 : level === '中期固定' ? 3 : 1)), level, owner: '绣川市应急管理局', attributes: { place: green.name, area_m2: effective } }, '应急避难场所')
    }
  }
}

function openOffices(fabric: Fabric, parcels: readonly Parcel[], add: (facility: Omit<Facility, 'name'>, suffix: string) => void): void {
  let culture = 0
  for (const parcel of parcels) {
    if (!parcel.ring) continue
    const cell = fabric.cells[parcel.cell]!
    if (parcel.purpose === 'culture' && culture++ % 3 === 0) add({ class: 'culture_centre', point: interiorPoint(parcel.ring), cell: parcel.cell, capacity: null, level: null, owner: '绣川市文化和旅游局', attributes: {} }, '文化活动中心')
    if (parcel.purpose === 'government' && cell.block % 5 === 0) add({ class: 'subdistrict_office', point: interiorPoint(parcel.ring), cell: parcel.cell, capacity: null, level: null, owner: '绣川市人民政府', attributes: {} }, '便民服务中心')
  }
}

function scatter(plan: Plan, fabric: Fabric, parcels: readonly Parcel[], addresses: Addresses, rule: Rule, count: number, facilities: readonly Facility[], add: (facility: Omit<Facility, 'name'>, suffix: string) => void, random: Random): void {
  const taken = new Map<string, Point[]>()
  const bucket = (point: Point): [number, number] => [Math.floor(point[0] / rule.apart), Math.floor(point[1] / rule.apart)]
  const keep = (point: Point): void => {
    const code = bucket(point).join()
    taken.set(code, [...(taken.get(code) ?? []), point])
  }
  for (const facility of facilities) if (facility.class === rule.class) keep(facility.point)
  const isFree = (point: Point): boolean => {
    const [column, row] = bucket(point)
    return [-1, 0, 1].every((dx) => [-1, 0, 1].every((dy) => (taken.get(`${column + dx},${row + dy}`) ?? []).every((other) => distance(other, point) >= rule.apart)))
  }
  const order = random.shuffle(parcels.map((_, index) => index))
  let placed = 0
  // Two rounds: a large cell may hold a second one.
  for (const index of [...order, ...order]) {
    if (placed >= count) return
    const parcel = parcels[index]!
    const cell = fabric.cells[parcel.cell]!
    if (!parcel.ring || !rule.fits(cell, parcel.purpose)) continue
    if (rule.neglected < 1 && isUnderServed(plan, cell.middle) && !random.chance(rule.neglected)) continue
    const kerbs = addresses.kerbsOf(parcel.cell).filter((kerb) => !rule.streets || rule.streets.includes(kerb.class))
    if (kerbs.length === 0) continue
    const kerb = random.pick(kerbs)
    const point = placeBeside(fabric, kerb, random, rule.class === 'bus_stop' || rule.class === 'fire_hydrant' ? 0 : kerb.reach * 0.22 + 1.5)
    if (!point || !isFree(point)) continue
    keep(point)
    placed++
    add({ class: rule.class, point, cell: parcel.cell, capacity: rule.capacity ? random.integer(rule.capacity[0], rule.capacity[1]) : null, level: rule.level ?? null, owner: rule.owner, attributes: {} }, rule.suffix)
  }
}

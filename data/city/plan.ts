/** The plan of the city: river, lake, rings, radial roads, railway and borders, drawn by hand as curves and bent by the seed. */
import type { DrawnLine } from './noding.ts'
import type { Line, Point, Ring } from './plane.ts'
import { contains, distance, ringArea } from './polygon.ts'
import type { Random } from './random.ts'

export type Scale = 'full' | 'small'

export interface Plan {
  scale: Scale
  /** Lengths of the small city against the full one. */
  factor: number
  lines: DrawnLine[]
  /** Middle line of the river from the western to the eastern border of the city. */
  riverLine: Line
  river: Ring
  riverside: Ring
  island: Ring | null
  lake: Ring | null
  lakeside: Ring | null
  /** Edges of the moat round the old core, the road outside it and the street inside the wall; null in the small city. */
  moat: { ringRoad: Ring; outer: Ring; inner: Ring; wallStreet: Ring } | null
  railLine: Line
  rail: Ring
  rings: { second: Ring; third: Ring }
  /** Main roads beyond the built-up area. */
  countryRoads: { name: string; nameEn: string; points: Line }[]
  /** Border of the built-up, gridded area, and of the whole city. */
  builtUp: Ring
  city: Ring
}

const BUILT_UP_M2 = 90e6
const CITY_M2 = 400e6
const STEP = 70

/** A closed curve round a centre, counter-clockwise. */
function closedCurve(center: Point, radius: (angle: number) => number, step = STEP): Ring {
  const count = Math.max(24, Math.round((2 * Math.PI * radius(0)) / step))
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * (index + 0.5)) / count
    const r = radius(angle)
    return [center[0] + r * Math.cos(angle), center[1] + r * Math.sin(angle)] as const
  })
}

function offsetLine(line: Line, by: (x: number) => number): Point[] {
  return line.map((point, index) => {
    const before = line[Math.max(0, index - 1)]!
    const after = line[Math.min(line.length - 1, index + 1)]!
    const length = distance(before, after)
    const width = by(point[0])
    return [point[0] - ((after[1] - before[1]) / length) * width, point[1] + ((after[0] - before[0]) / length) * width]
  })
}

/** A smooth curve through points (Catmull-Rom). */
export function smooth(through: Line, step = STEP): Point[] {
  const result: Point[] = []
  for (let index = 0; index + 1 < through.length; index++) {
    const [p0, p1, p2, p3] = [through[Math.max(0, index - 1)]!, through[index]!, through[index + 1]!, through[Math.min(through.length - 1, index + 2)]!]
    const parts = Math.max(2, Math.round(distance(p1, p2) / step))
    for (let part = 0; part < parts; part++) {
      const t = part / parts
      const at = (axis: 0 | 1): number =>
        0.5 * (2 * p1[axis] + (p2[axis] - p0[axis]) * t + (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis]) * t * t + (3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis]) * t * t * t)
      result.push([at(0), at(1)])
    }
  }
  return [...result, through.at(-1)!]
}

/** The stretch of a line from its first point inside a ring to its last, with one point beyond on either side. */
function within(line: Line, ring: Ring): Line {
  const inside = line.map((point) => contains(ring, point))
  const first = inside.indexOf(true)
  const last = inside.lastIndexOf(true)
  return first < 0 ? [] : line.slice(Math.max(0, first - 1), last + 2)
}

/** Draws the plan of a city of about 400 km², 90 km² of it built up; the small one is a sixteenth of that, with fewer features. */
export function drawPlan(random: Random, scale: Scale): Plan {
  const factor = scale === 'full' ? 1 : 0.26
  const full = scale === 'full'
  const at = (x: number, y: number): Point => [x * factor, y * factor]
  const sway = (size: number): number => random.between(-size, size)

  const shift = [sway(0.12), sway(0.2)] as const
  const riverY = (x: number): number => -2060 + 900 * Math.sin(x / 1500 + 3.3 + shift[0]) + 330 * Math.sin(x / 800 + 0.5 + shift[1]) - 0.02 * x
  const riverLine: Point[] = []
  for (let x = -15000; x <= 15000; x += 60 / (full ? 1 : 2)) riverLine.push(at(x, riverY(x)))
  const halfWidth = (x: number): number => (full ? 100 + 24 * Math.sin(x / 1500 + 1) : 42)
  const islandX = -3050
  const bulge = (x: number): number => (full ? 215 * Math.exp(-(((x - islandX) / 560) ** 2)) : 0)
  const belt = full ? 78 : 46
  const northBank = offsetLine(riverLine, (x) => halfWidth(x) + bulge(x))
  const southBank = offsetLine(riverLine, (x) => -halfWidth(x))
  const northRoad = offsetLine(riverLine, (x) => halfWidth(x) + bulge(x) + belt)
  const southRoad = offsetLine(riverLine, (x) => -halfWidth(x) - belt)
  const islandLine = riverLine.filter((point) => Math.abs(point[0] - islandX) < 520)
  const bow = (x: number): number => Math.sqrt(Math.max(0, 1 - ((x - islandX) / 530) ** 2))
  // Between the middle line and the northern bank, with a channel on either side, tapering to both ends.
  const channel = 58
  const middleOf = (x: number): number => (halfWidth(x) + bulge(x)) / 2
  const halfOf = (x: number): number => Math.max(6, middleOf(x) - channel) * bow(x)
  const islandNorth = offsetLine(islandLine, (x) => middleOf(x) + halfOf(x))
  const islandSouth = offsetLine(islandLine, (x) => middleOf(x) - halfOf(x))
  const island = full ? [...islandSouth, ...islandNorth.toReversed()] : null

  const wave = (angle: number, parts: readonly (readonly [number, number, number])[]): number => 1 + parts.reduce((sum, [times, size, phase]) => sum + size * Math.sin(times * angle + phase), 0)
  const phases = Array.from({ length: 12 }, () => sway(0.5))
  const square = (angle: number, half: number): number => half / (Math.abs(Math.cos(angle - 0.07)) ** 5 + Math.abs(Math.sin(angle - 0.07)) ** 5) ** 0.2
  const wall = (angle: number): number => square(angle, 770) * wave(angle, [[3, 0.035, phases[0]!], [5, 0.02, phases[1]!]])
  const second = closedCurve(at(120, -330), (a) => 2470 * factor * wave(a, [[2, 0.07, 0.4 + phases[2]!], [3, 0.05, 1.9 + phases[3]!], [5, 0.018, phases[4]!]]), full ? STEP : 35)
  const third = closedCurve(at(420, -480), (a) => 4240 * factor * wave(a, [[2, 0.09, 0.2 + phases[5]!], [3, 0.045, 0.6 + phases[6]!], [4, 0.02, phases[7]!]]), full ? STEP : 40)
  const lobes = (a: number): number => wave(a, [[1, 0.06, 1.2], [2, 0.1, 0.15 + phases[8]! / 2], [3, 0.055, 0.4 + phases[9]!], [5, 0.028, phases[10]!], [9, 0.014, phases[11]!]])
  const builtUp = scaledTo(BUILT_UP_M2 * factor ** 2, (size) => closedCurve(at(560, -560), (a) => size * lobes(a), full ? STEP : 40))
  const city = scaledTo(CITY_M2 * factor ** 2, (size) => closedCurve(at(300, -200), (a) => size * wave(a, [[2, 0.07, 0.5], [3, 0.04, 2], [6, 0.02, 1], [11, 0.012, 0.3]]), 160))

  const lines: DrawnLine[] = []
  const draw = (line: DrawnLine): void => {
    if (line.points.length > 1) lines.push(line)
  }
  draw({ points: builtUp, class: 'local', closed: true, name: '外环路', nameEn: 'Waihuan Road' })
  draw({ points: within(riverLine, builtUp), class: 'water' })
  for (const bank of [northBank, southBank]) draw({ points: within(bank, builtUp), class: 'bank' })
  draw({ points: within(northRoad, builtUp), class: 'secondary', name: '滨江北路', nameEn: 'Binjiang North Road' })
  draw({ points: within(southRoad, builtUp), class: 'secondary', name: '滨江南路', nameEn: 'Binjiang South Road' })
  if (island) {
    draw({ points: island, class: 'bank', closed: true })
    draw({ points: smooth([at(-3420, 250), at(-3180, -500), at(-3050, -1250), at(-3120, -2000), at(-2900, -2900), at(-2450, -3600), at(-2250, -4300)]), class: 'secondary', name: '洲心大道', nameEn: 'Zhouxin Avenue' })
  }
  draw({ points: second, class: 'arterial', closed: true, name: '二环路', nameEn: 'Second Ring Road' })
  draw({ points: third, class: 'expressway', closed: true, name: '三环快速路', nameEn: 'Third Ring Expressway' })

  const railLine = smooth([at(-13500, 3300), at(-8200, 2850), at(-4300, 2400), at(-1200, 1830), at(900, 1640), at(3000, 1010), at(5200, 560), at(8200, 680), at(13500, 2200)])
  const railSides = [offsetLine(railLine, () => (full ? 24 : 18)), offsetLine(railLine, () => (full ? -24 : -18))]
  for (const side of railSides) draw({ points: within(side, builtUp), class: 'rail' })

  const rings = full ? closedRings(wall) : null
  if (rings) {
    draw({ points: rings.ringRoad, class: 'arterial', closed: true, name: '环城路', nameEn: 'Huancheng Road' })
    draw({ points: rings.outer, class: 'bank', closed: true })
    draw({ points: rings.inner, class: 'bank', closed: true })
    draw({ points: rings.wallStreet, class: 'local', closed: true, name: '顺城街', nameEn: 'Shuncheng Street' })
  }
  const countryRoads: Plan['countryRoads'] = []
  for (const radial of radials(random, full ? (angle) => wall(angle) + 95 : () => 2350)) {
    const points: Point[] = []
    for (let r = radial.from; r < radial.to; r += full ? STEP : 130) {
      const angle = radial.angle + radial.bend * Math.sin(r / radial.wave + radial.phase) * Math.min(1, r / 1800)
      points.push(at(r * Math.cos(angle), r * Math.sin(angle)))
    }
    draw({ points: within(points, builtUp), class: radial.class, name: radial.name, nameEn: radial.nameEn })
    const beyond = points.filter((point) => !contains(builtUp, point) && contains(city, point) && Math.hypot(...point) > 3500 * factor)
    if (beyond.length > 1) countryRoads.push({ name: radial.name, nameEn: radial.nameEn, points: beyond })
  }

  const lakeMiddle: Point = [2010, 2530]
  const shore = (a: number): number => 500 * wave(a, [[2, 0.17, 2.2], [3, 0.1, 0.4], [5, 0.05, 1]])
  const lake = full ? closedCurve(lakeMiddle, shore, 50) : null
  const lakeside = full ? closedCurve(lakeMiddle, (a) => shore(a) + 85, 60) : null
  if (lake && lakeside) {
    draw({ points: lake, class: 'bank', closed: true })
    draw({ points: lakeside, class: 'secondary', closed: true, name: '环湖路', nameEn: 'Huanhu Road' })
    for (const [angle, reach] of [[0.5, 2600], [3.0, 1150], [5.3, 2600]] as const) {
      const from = shore(angle) - 4
      const points: Point[] = []
      for (let r = from; r < reach; r += 60) points.push([lakeMiddle[0] + r * Math.cos(angle), lakeMiddle[1] + r * Math.sin(angle)])
      const stop = points.findIndex((point) => contains(second, point) || !contains(third, point))
      draw({ points: stop < 0 ? points : points.slice(0, stop + 1), class: 'secondary' })
    }
  }
  return {
    scale, factor, lines, riverLine,
    river: [...southBank, ...northBank.toReversed()],
    riverside: [...southRoad, ...northRoad.toReversed()],
    island, lake, lakeside, moat: rings, railLine,
    rail: [...railSides[1]!, ...railSides[0]!.toReversed()],
    rings: { second, third }, countryRoads, builtUp, city,
  }
}

function closedRings(wall: (angle: number) => number): NonNullable<Plan['moat']> {
  const ring = (more: number): Ring => closedCurve([0, 0], (angle) => wall(angle) + more, 45)
  return { ringRoad: ring(126), outer: ring(64), inner: ring(36), wallStreet: ring(0) }
}

function scaledTo(area: number, curve: (size: number) => Ring): Ring {
  const trial = 5000
  return curve(trial * Math.sqrt(area / ringArea(curve(trial))))
}

interface Radial {
  angle: number
  from: number
  to: number
  bend: number
  wave: number
  phase: number
  class: 'arterial' | 'secondary'
  name: string
  nameEn: string
}

/** Radial roads end beyond every border, or begin between the moat and the road round the core. */
const END = 13500
const CORE = -1

/** Roads out of the core; the first four cross in its middle. */
function radials(random: Random, core: (angle: number) => number): Radial[] {
  const degrees: readonly (readonly [number, string, string, number, number])[] = [
    [91, '人民北路', 'Renmin North Road', 0, END],
    [272, '人民南路', 'Renmin South Road', 0, END],
    [-3, '中山东路', 'Zhongshan East Road', 0, END],
    [181, '中山西路', 'Zhongshan West Road', 0, END],
    [36, '迎宾大道', 'Yingbin Avenue', CORE, END],
    [70, '学府大道', 'Xuefu Avenue', 2050, END],
    [122, '凤山路', 'Fengshan Road', CORE, END],
    [153, '绣岭大道', 'Xiuling Avenue', CORE, END],
    [209, '建设大道', 'Jianshe Avenue', CORE, 2560],
    [237, '江滩大道', 'Jiangtan Avenue', CORE, END],
    [289, '兴业大道', 'Xingye Avenue', CORE, END],
    [327, '开发大道', 'Kaifa Avenue', CORE, 4560],
  ]
  return degrees.map(([angle, name, nameEn, from, to]) => ({
    angle: (angle * Math.PI) / 180,
    from: from === CORE ? core((angle * Math.PI) / 180) : from,
    to,
    bend: random.between(0.06, 0.13) * (random.chance(0.5) ? 1 : -1),
    wave: random.between(1500, 2300),
    phase: random.between(-0.6, 0.6),
    class: 'arterial' as const,
    name,
    nameEn,
  }))
}

/** The parks that take a whole quarter: chosen near wanted places, so that they are spread as a city's are. */
import type { Plan } from './plan.ts'
import type { Point } from './plane.ts'
import { distance } from './polygon.ts'

export interface BigPark {
  classCode: string
  name: string
  access: 'open' | 'ticketed'
}

/** Place (metres east and north of the core), class by CJJ/T 85-2017, name. */
const WANTED: readonly (readonly [number, number, string, string, BigPark['access']])[] = [
  [-1500, 900, 'G11', '绣山公园', 'open'],
  [1750, -1150, 'G11', '中央公园', 'open'],
  [1250, 3050, 'G11', '月湖公园', 'open'],
  [-3050, 1250, 'G11', '西苑公园', 'open'],
  [-1500, -3300, 'G11', '南湖公园', 'open'],
  [950, -3500, 'G11', '兰圃公园', 'open'],
  [2700, 1500, 'G11', '迎宾公园', 'open'],
  [-600, 4500, 'G11', '北郊公园', 'open'],
  [-3900, -3300, 'G11', '青溪公园', 'open'],
  [-900, 1350, 'G139', '烈士陵园', 'open'],
  [-3300, 400, 'G131', '绣川动物园', 'ticketed'],
  [-2500, 3300, 'G132', '绣川植物园', 'ticketed'],
  [2300, -3000, 'G135', '欢乐岛游乐公园', 'ticketed'],
  [3300, -1500, 'G139', '体育公园', 'open'],
  [2600, 3600, 'G139', '月湖湿地公园', 'open'],
  [-1900, -900, 'G133', '沁园', 'ticketed'],
  [1000, 1150, 'G139', '儿童公园', 'open'],
  [2350, 300, 'G139', '雕塑公园', 'open'],
]

/** Chooses a quarter of fitting size for each wanted park: the nearest one of 6 to 45 hectares (a sixteenth in the small city). */
export function bigParks(plan: Plan, quarters: readonly { face: number; middle: Point; area: number }[]): Map<number, BigPark> {
  const chosen = new Map<number, BigPark>()
  const wanted = plan.scale === 'full' ? WANTED : [WANTED[0]!, WANTED[4]!, WANTED[13]!]
  const [least, most] = plan.scale === 'full' ? [60_000, 450_000] : [20_000, 260_000]
  for (const [x, y, classCode, name, access] of wanted) {
    const place: Point = [x * plan.factor, y * plan.factor]
    const fitting = quarters.filter((quarter) => quarter.area >= least && quarter.area <= most && !chosen.has(quarter.face))
    const nearest = fitting.reduce<(typeof quarters)[number] | undefined>((best, quarter) => (!best || distance(quarter.middle, place) < distance(best.middle, place) ? quarter : best), undefined)
    if (nearest) chosen.set(nearest.face, { classCode, name, access })
  }
  return chosen
}

/** Facilities that nobody can walk into, as answers, files and reports tell of them. Pure. */
import type { CoverageSummary } from '../contract/coverage.ts'
import { type NotEntered, type NotEnteredCounts, NotEnteredReason } from '../contract/not-entered.ts'
import type { SupplyResult } from '../contract/planning-supply.ts'
import { notEnteredReason } from '../engine/walking/walking-network.ts'
import type { Sheet } from '../files/write.ts'
import type { WalkingSettings } from './walking-queries.ts'

type Tolerances = Pick<WalkingSettings, 'gateToleranceMeters' | 'pointToleranceMeters'>

/** So many are named in an answer, and in a sentence. */
const NAMED = 50
const NAMED_IN_SENTENCE = 5

/** How many of some entries there are for each reason. */
export function countNotEntered(entries: Iterable<number>): NotEnteredCounts {
  const counts: NotEnteredCounts = {}
  for (const entry of entries) {
    const reason = notEnteredReason(entry)
    if (reason) counts[reason] = (counts[reason] ?? 0) + 1
  }
  return counts
}

/**
 * @param entries how each facility is entered, one of `ENTRY`
 * @param counts whether a facility counts; the others are left out
 */
export function notEnteredOf(facilities: readonly { id: string; name: string | null }[], entries: Uint8Array, { gateToleranceMeters, pointToleranceMeters }: Tolerances, counts: (facility: number) => boolean = () => true): NotEntered {
  const shut = [...facilities.keys()].filter((facility) => counts(facility) && notEnteredReason(entries[facility]!) !== undefined)
  return {
    count: shut.length,
    reasons: countNotEntered(shut.map((facility) => entries[facility]!)),
    facilities: shut.slice(0, NAMED).map((facility) => ({ id: facilities[facility]!.id, name: facilities[facility]!.name, reason: notEnteredReason(entries[facility]!)! })),
    gateToleranceMeters, pointToleranceMeters,
  }
}

const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 })

/** Names of some places in a sentence, with the sign that there are more; empty where none has a name. */
export function namesText(names: readonly (string | null)[], count: number): { zh: string; en: string } {
  const named = names.filter((name) => name !== null).slice(0, NAMED_IN_SENTENCE)
  const isCut = named.length < count
  return named.length === 0 ? { zh: '', en: '' } : { zh: `（${named.map((name) => `“${name}”`).join('、')}${isCut ? '等' : ''}）`, en: ` (${named.map((name) => `"${name}"`).join(', ')}${isCut ? ' …' : ''})` }
}

/** What keeps people out, and what mends it. */
export function notEnteredCause(reason: NotEnteredReason, { gateToleranceMeters, pointToleranceMeters }: Tolerances): { zh: string; en: string; mendZh: string; mendEn: string } {
  if (reason === 'scrap') return { zh: '只挨着与主网不连通的路网', en: 'beside a part cut off from the network alone', mendZh: '请补上缺的一段，导入完整的路网（import --as paths）', mendEn: 'Import the network with the piece that is missing (--as paths)' }
  if (reason === 'bridge') return { zh: '只挨着桥或隧道，那里上下不了', en: 'beside a bridge or tunnel alone, where nobody gets off', mendZh: '请导入从地面通到那里的步道（import --as paths）', mendEn: 'Import the paths that lead there on the ground (--as paths)' }
  const [gate, point] = [number(gateToleranceMeters), number(pointToleranceMeters)]
  return { zh: `出入口和边界离步道都超过 ${gate} m（点设施 ${point} m）`, en: `gates and boundary lie farther than ${gate} m from any path (${point} m for places stored as points)`, mendZh: '请导入通到那里的步道（import --as paths）', mendEn: 'Import the paths that lead there (--as paths)' }
}

export interface NotEnteredSaid {
  reason: NotEnteredReason
  count: number
  names: string[]
  zh: string
  en: string
}

/** What an answer has kept; runs from before 2026-11-28 have no reasons: there all lie too far from a path. */
interface KeptNotEntered {
  count: number
  reasons?: NotEnteredCounts | undefined
  facilities: readonly { name: string | null; reason?: NotEnteredReason | undefined }[]
  gateToleranceMeters?: number | undefined
  pointToleranceMeters?: number | undefined
}

/** One sentence for each reason: how many, which, why, and what mends it. */
export function sayNotEntered({ count, reasons, facilities, gateToleranceMeters, pointToleranceMeters }: KeptNotEntered): NotEnteredSaid[] {
  // Older runs did not keep how far a gate may lie: nothing true could be said.
  if (gateToleranceMeters === undefined || pointToleranceMeters === undefined) return []
  const tolerances = { gateToleranceMeters, pointToleranceMeters }
  const counts: NotEnteredCounts = reasons ?? { no_path: count }
  return NotEnteredReason.options.flatMap((reason): NotEnteredSaid[] => {
    const own = counts[reason] ?? 0
    if (own === 0) return []
    const names = facilities.filter((one) => (one.reason ?? 'no_path') === reason).map(({ name }) => name)
    const { zh: zhNames, en: enNames } = namesText(names, own)
    const { zh, en, mendZh, mendEn } = notEnteredCause(reason, tolerances)
    return [{ reason, count: own, names: names.filter((name) => name !== null), zh: `${number(own)} 处设施${zhNames}走不进去，按服务不到任何人计：${zh}。${mendZh}，或在方案里画一条。`, en: `Facilities that nobody can walk into, taken to serve nobody: ${number(own)}${enNames}; ${en}. ${mendEn}, or draw one in a scenario.` }]
  })
}

/** The sentences and the names as a sheet of a workbook. */
export function notEnteredSheet(said: readonly NotEnteredSaid[]): Sheet {
  return {
    name: '走不进去 not entered',
    columns: [{ key: 'count', title: '数量 count' }, { key: 'names', title: '设施 facilities' }, { key: 'zh', title: '说明' }, { key: 'en', title: 'explanation' }],
    rows: said.map(({ count, names, zh, en }) => ({ count, names: names.join('、'), zh, en })),
  }
}

/** What a coverage run on foot says of it; nothing by the straight line. */
export function notEnteredOfCoverage(walking: CoverageSummary['walking']): NotEnteredSaid[] {
  return walking ? sayNotEntered({ ...walking.withoutGate, facilities: walking.withoutGate.examples }) : []
}

/** The same of a supply run. */
export function notEnteredOfSupply(walking: SupplyResult['walking']): NotEnteredSaid[] {
  return walking ? sayNotEntered({ count: walking.withoutGate, reasons: walking.reasonsWithoutGate, facilities: walking.notEntered ?? [], gateToleranceMeters: walking.gateToleranceMeters, pointToleranceMeters: walking.pointToleranceMeters }) : []
}

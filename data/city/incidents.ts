/** Sixty days of incidents that end at the present: daily and weekly rhythm, hot spots, a believable mix and whole histories. */
import type { IncidentSource } from '../../server/contract/incidents.ts'
import { type CaseClass, classOf } from './classes.ts'
import type { Fabric } from './fabric.ts'
import { pointGeometry } from './geometry.ts'
import { publicIdOf, sha256 } from './ids.ts'
import { liveThrough } from './incident-flow.ts'
import { EVENT_RULES, HOUR_WEIGHTS, type Hours, PART_WEIGHTS, SOURCES } from './incident-mix.ts'
import type { Provenance } from './layer-builder.ts'
import { personName } from './names.ts'
import type { Part } from './parts.ts'
import type { Plan } from './plan.ts'
import type { Point } from './plane.ts'
import { distance } from './polygon.ts'
import type { Random } from './random.ts'
import { type Addresses, placeBeside } from './roadside.ts'
import type { IncidentRow, NumberRow } from './rows.ts'
import { isWater } from './zones.ts'

const DAYS = 60
const COUNT = 12_000
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** China Standard Time; it knows no summer time. */
const LOCAL_OFFSET = 8 * HOUR
/** Share of cases that are about a part. */
const PART_SHARE = 0.24
/** Sunday first. */
const WEEKDAY_WEIGHTS = [0.74, 1.12, 1.08, 1.06, 1.05, 1.1, 0.85] as const

export interface Surroundings {
  plan: Plan
  fabric: Fabric
  parts: readonly Part[]
  addresses: Addresses
  codesOf: (cell: number) => { county: string; street: string; community: string; grid: string }
  provenance: Provenance
}

interface Finding {
  kind: 'part' | 'event'
  caseClass: CaseClass
  department: string
  text: string
  cell: number
  point: Point
  part: Part | null
  at: Date
}

export function reportIncidents(around: Surroundings, asOf: Date, random: Random): { incidents: IncidentRow[]; numbers: NumberRow[] } {
  const count = Math.round(COUNT * (around.plan.scale === 'full' ? 1 : 0.05))
  const find = finder(around, random)
  const findings = instants(count, asOf, random).map((day) => find(day, asOf)).sort((a, b) => a.at.getTime() - b.at.getTime())
  const last = new Map<string, number>()
  const take = (series: NumberRow['series'], at: Date): string => {
    const day = new Date(at.getTime() + LOCAL_OFFSET).toISOString().slice(0, 10)
    const next = (last.get(`${series} ${day}`) ?? 0) + 1
    last.set(`${series} ${day}`, next)
    return `${series === 'report' ? 'SL' : 'AJ'}-${day.replaceAll('-', '')}-${String(next).padStart(5, '0')}`
  }
  const incidents = findings.map((finding) => caseOf(finding, around, asOf, take, random))
  giveCaseNumbers(incidents, take)
  const numbers = [...last].map(([code, number]): NumberRow => {
    const [series, day] = code.split(' ') as [NumberRow['series'], string]
    return { series, day, last: number }
  })
  for (const incident of incidents) incident.contentHash = sha256(JSON.stringify({ ...incident, contentHash: '' }))
  return { incidents, numbers }
}

/** Case numbers follow the order of filing, not of reporting. */
function giveCaseNumbers(incidents: readonly IncidentRow[], take: (series: 'case', at: Date) => string): void {
  const filed = incidents.filter((incident) => incident.filedAt !== null).sort((a, b) => a.filedAt!.localeCompare(b.filedAt!))
  for (const incident of filed) incident.caseNumber = take('case', new Date(incident.filedAt!))
}

/** Local midnights, one per incident, busier on working days and a little busier towards the present. */
function instants(count: number, asOf: Date, random: Random): Date[] {
  const today = Math.floor((asOf.getTime() + LOCAL_OFFSET) / DAY) * DAY - LOCAL_OFFSET
  const days = Array.from({ length: DAYS }, (_, index) => {
    const midnight = today - (DAYS - 1 - index) * DAY
    const weekday = new Date(midnight + LOCAL_OFFSET).getUTCDay()
    const passed = index === DAYS - 1 ? (asOf.getTime() - today) / DAY : 1
    return [new Date(midnight), WEEKDAY_WEIGHTS[weekday]! * random.between(0.86, 1.16) * (0.95 + (0.1 * index) / DAYS) * passed] as const
  })
  return Array.from({ length: count }, () => random.weighted(days))
}

function finder(around: Surroundings, random: Random): (midnight: Date, asOf: Date) => Finding {
  const { fabric, parts, addresses } = around
  const hotSpots = chooseHotSpots(around, random)
  const heat = fabric.cells.map((cell) => hotSpots.reduce((sum, { point, strength }) => sum + strength * Math.exp(-((distance(point, cell.middle) / (240 * Math.max(0.5, around.plan.factor))) ** 2)), 1))
  const pickers = new Map(EVENT_RULES.map((rule) => [rule.code, weightedPicker(fabric.cells.map((cell, index) => (isWater(cell.ground) || cell.ground === 'rail' ? 0 : rule.lure(cell) * heat[index]! * Math.sqrt(cell.area / 14_000))))]))
  const byClass = new Map<string, Part[]>()
  for (const part of parts) byClass.set(part.classCode, [...(byClass.get(part.classCode) ?? []), part])
  const partClasses = Object.entries(PART_WEIGHTS).filter(([code]) => byClass.has(code))
  const rules = EVENT_RULES.map((rule) => [rule, rule.weight] as const)
  return (midnight, asOf) => {
    if (random.chance(PART_SHARE)) {
      const code = random.weighted(partClasses)
      const part = random.pick(byClass.get(code)!)
      const caseClass = classOf('part', code)
      return { kind: 'part', caseClass, department: part.maintainer, text: '', cell: part.cell, point: part.point, part, at: timeOf(midnight, 'day', asOf, random) }
    }
    const rule = random.weighted(rules)
    const at = timeOf(midnight, rule.hours, asOf, random)
    for (;;) {
      const cell = pickers.get(rule.code)!(random.next())
      const kerbs = addresses.kerbsOf(cell)
      const point = kerbs.length > 0 ? placeBeside(fabric, random.pick(kerbs), random, random.between(-1.5, 2.5)) : undefined
      if (point) return { kind: 'event', caseClass: classOf('event', rule.code), department: rule.department, text: rule.text, cell, point, part: null, at }
    }
  }
}

/** Markets, stations, night streets: where more is reported than elsewhere. */
function chooseHotSpots({ fabric, plan }: Surroundings, random: Random): { point: Point; strength: number }[] {
  const lively = fabric.cells.filter((cell) => cell.use === 'commercial' || (cell.zone === 'old' && cell.use === 'residential'))
  return Array.from({ length: plan.scale === 'full' ? 26 : 4 }, () => ({ point: random.pick(lively).middle, strength: random.between(4, 16) }))
}

function weightedPicker(weights: readonly number[]): (share: number) => number {
  const sums: number[] = []
  weights.reduce((sum, weight, index) => (sums[index] = sum + weight), 0)
  return (share) => {
    const value = share * sums.at(-1)!
    let [low, high] = [0, sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! <= value) low = middle + 1
      else high = middle
    }
    return low
  }
}

function timeOf(midnight: Date, hours: Hours, asOf: Date, random: Random): Date {
  const weights = HOUR_WEIGHTS[hours]
  for (;;) {
    const hour = random.weighted(weights.map((weight, index) => [index, weight + 0.01] as const))
    const at = new Date(midnight.getTime() + hour * HOUR + Math.floor(random.next() * 3600) * 1000)
    if (at < asOf) return at
  }
}

function caseOf(finding: Finding, around: Surroundings, asOf: Date, take: (series: 'report', at: Date) => string, random: Random): IncidentRow {
  const { caseClass, part, point, cell, at: reportedAt } = finding
  const source = finding.kind === 'part' && random.chance(0.3) ? 'collector' : random.weighted(SOURCES)
  const condition = caseClass.conditions.length > 0 ? random.weighted(caseClass.conditions.map((one, index) => [one, 4 / (index + 1)] as const)) : null
  const reportedBy = reporterOf(source, random)
  const life = liveThrough({ source, reportedBy, reportedAt, department: finding.department, limit: condition?.limit ?? null, conditionOrdinal: condition?.ordinal ?? null }, asOf, random)
  const isLost = !part && (source === 'hotline_12345' || source === 'citizen_app') && random.chance(0.035)
  const codes = isLost ? null : around.codesOf(cell)
  const address = around.addresses.of(cell, point)
  const reportNumber = take('report', reportedAt)
  const raised = random.chance(0.03)
  return {
    publicId: publicIdOf(around.provenance.seed, reportedAt, 'incident', reportNumber),
    contentHash: '',
    reportNumber,
    caseNumber: null,
    classKind: finding.kind,
    classCode: caseClass.code,
    className: caseClass.name,
    largeCode: caseClass.largeCode,
    conditionOrdinal: life.conditionOrdinal,
    severity: raised ? Math.max(1, caseClass.severity - 1) : caseClass.severity,
    severityFrom: raised ? (source === 'collector' ? 'person' : 'source') : 'class',
    state: life.state,
    source,
    sourceReference: source === 'collector' ? null : `${source.slice(0, 3).toUpperCase()}${reportNumber.slice(3)}`,
    reportedBy,
    department: life.department,
    holder: life.holder,
    description: finding.kind === 'part' ? `${caseClass.name}：${condition?.text ?? '异常'}` : `${address}附近，${finding.text}`,
    address,
    placeMethod: isLost ? 'none' : part ? 'part' : source === 'collector' ? 'gps' : source === 'hotline_12345' ? 'address' : source === 'citizen_app' ? 'map' : 'source',
    geometry: isLost ? null : pointGeometry(point),
    countyCode: codes?.county ?? null,
    streetCode: codes?.street ?? null,
    communityCode: codes?.community ?? null,
    gridCode: codes?.grid ?? null,
    partKey: part?.code ?? null,
    occurredAt: new Date(reportedAt.getTime() - Math.floor(random.between(2, 50)) * 60_000).toISOString(),
    reportedAt: reportedAt.toISOString(),
    filedAt: life.filedAt?.toISOString() ?? null,
    dueAt: life.dueAt?.toISOString() ?? null,
    disposedAt: life.disposedAt?.toISOString() ?? null,
    endedAt: life.endedAt?.toISOString() ?? null,
    flow: life.flow,
  }
}

function reporterOf(source: IncidentSource, random: Random): string {
  const who: Record<IncidentSource, () => string> = {
    collector: () => `采集员${personName(random)}`,
    hotline_12345: () => '12345政务服务便民热线',
    citizen_app: () => '市民（随手拍）',
    video_ai: () => '视频智能识别',
    iot: () => '设施监测终端',
    leader: () => '市政府督查室',
    dept_transfer: () => '市住房和城乡建设局',
    media: () => '绣川日报',
    satellite: () => '遥感监测',
    enforcement: () => '综合行政执法支队',
  }
  return who[source]()
}

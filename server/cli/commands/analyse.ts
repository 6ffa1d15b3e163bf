import { barrierText } from '../../contract/barrier-names.ts'
import { CoverageInput, type CoverageRun } from '../../contract/coverage.ts'
import { listBlindSpots, listCoverageUnits } from '../../coverage/coverage.ts'
import { NOT_COUNTED, notCountedLabel, REASON_LABELS } from '../../coverage/labels.ts'
import { notEnteredOfCoverage } from '../../coverage/not-entered.ts'
import { type Command, type CommandIo, UsageError } from '../command.ts'
import { analyseCitySupply, CITY_SUPPLY_USAGE } from './analyse-city-supply.ts'
import { analyseGaps, GAPS_USAGE } from './analyse-gaps.ts'
import { analyseIndicators, INDICATORS_USAGE } from './analyse-indicators.ts'
import { analyseMendsCommand, MENDS_USAGE } from './analyse-mends.ts'
import { analyseRerun, RERUN_USAGE } from './analyse-rerun.ts'
import { analyseReach, REACH_USAGE } from './analyse-reach.ts'
import { analyseSheet, SHEET_USAGE } from './analyse-sheet.ts'
import { analyseSupply, SUPPLY_USAGE } from './analyse-supply.ts'
import { IMPEDANCE_USAGE } from '../impedance-options.ts'
import { answerCoverage, parseCoverageCall } from './coverage-call.ts'

const USAGE = `analyse coverage --city ID (--rule PRESET | --radius METRES [--min-area M2]) [options]

服务半径覆盖率与盲区。 Service-radius coverage and blind spots, straight line, in the city's own measuring system.

  --facility NAME      what serves: green, or a class of facilities: toilet, garbage_point, school_primary …
                       Default: what the rule is about; green without a rule
  --layer NAME …       take facilities from these catalogue layers only; may be repeated
  --rule PRESET        a rule by its code: GARDEN_CITY_2022, CITY_EXAM, POCKET_400, WHO_300, TOILET_300 …, or the city's own
  --radius METRES      a plain radius instead of a rule; --min-area M2 leaves smaller facilities out
  --ruler NAME         straight (default, the scored ruler) or walk: over the walking network, from gates to homes
${IMPEDANCE_USAGE}
  --demand NAME        residential (land area, the official denominator), population, buildings, elders (65+), children (0-14),
                       hospitals (by beds) or schools (by pupils; each counts 1 where not all state theirs).
                       Default: what the rule measures; residential without a rule
  --by LEVEL           also list every county, street, community or cell
  --every-feature      count every feature whatever its class, access or use.
                       This is the default for a plain --radius without --min-area over layers named with --layer
  --qualifying-only    the opposite: only parks (G1) and activity squares (G3) that are open
  --clip-to-city       leave demand outside the city boundary out of the totals; without it all demand counts
  --top N              how many blind spots to list (default 20)
  --json               prints covered, total, ratio, units, blindSpots, sensitivity, passport as JSON and nothing else

The same question over the same data is answered from the store (reused: true).

Examples
  analyse coverage --city demo --rule GARDEN_CITY_2022 --by street
  analyse coverage --city demo --rule TOILET_300
  analyse coverage --city demo --rule GARDEN_CITY_2022 --ruler walk
  analyse coverage --city taipei --facility green --layer urban_green_land --layer permeable_park --radius 300 --demand population --json
  analyse coverage --city taipei --facility toilet --radius 300 --demand population`

/** What is analysed over files alone, without database or server, by its word. */
const ALONE: Readonly<Record<string, (args: string[], io: CommandIo) => Promise<unknown>>> = { reach: analyseReach, supply: analyseSupply }

/** The options of each thing that is analysed. */
const USAGES: Readonly<Record<string, string>> = { coverage: USAGE, rerun: RERUN_USAGE, mends: MENDS_USAGE, indicators: `${INDICATORS_USAGE}\n\n${SHEET_USAGE}`, gaps: GAPS_USAGE, reach: REACH_USAGE, supply: `${CITY_SUPPLY_USAGE}\n\n${SUPPLY_USAGE}` }

/** Supply is analysed over a city's own data, or over a table alone. */
const isOverCity = (words: readonly string[]): boolean => words.some((word) => word === '--city' || word.startsWith('--city='))

/** What is not coverage is not read as it. */
function checkWord(what: string | undefined): void {
  if (what !== undefined && Object.hasOwn(ALONE, what)) throw new UsageError(`say "${what}" before its options: analyse ${what} …`)
  if (what !== 'coverage') throw new UsageError(what === undefined ? 'say what to analyse: analyse coverage …' : `"${what}" cannot be analysed; ${['coverage', 'indicators', 'mends', 'rerun', 'gaps', ...Object.keys(ALONE)].map((word) => `"${word}"`).join(', ')} can`)
}

const percentText = (ratio: number | null) => (ratio === null ? '无 none' : `${(ratio * 100).toFixed(2)} %`)
const amount = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 })
const UNIT_TEXT = { m2: 'm²', people: '人 people', buildings: '栋 buildings', beds: '床 beds', pupils: '学位 pupils', facilities: '处 facilities' }

/** On what network the walk was measured, and what of it could not be walked. */
function printWalk(walking: NonNullable<NonNullable<CoverageRun['summary']>['walking']>, unit: string, io: CommandIo): void {
  io.print(`  路网 network ${amount(walking.nodes)} 结点 nodes, ${amount(walking.edges)} 边 edges, 主网 main part ${percentText(walking.mainShare)}; 直线 straight ${percentText(walking.straight.ratio)}, 仅纸面可达 on paper only ${amount(walking.straight.only)} ${unit}`)
  for (const { zh, en } of notEnteredOfCoverage(walking)) io.print(`  ${zh} ${en}`)
  const told = [[walking.offNetwork, `${unit} 住处旁没有步道：请导入那里的步道 with no path beside the home: import the paths there`], [walking.onScrap, `${unit} 在与主网不连通的路网上：请补上缺的一段 on a part cut off from the network: import the piece that is missing`]] as const
  for (const [count, words] of told) if (count > 0) io.print(`  ${amount(count)} ${words}`)
}

/** What would help where no facility counted at all: a ratio of 0 that comes from missing classes is no finding about the city. */
function hintOf(summary: NonNullable<CoverageRun['summary']>): string | undefined {
  if (summary.facilitiesCounted > 0) return undefined
  const [most] = [...summary.notCounted].sort((a, b) => b.count - a.count)
  if (!most) return '没有可计入的设施。 There are no facilities of this kind; import some first.'
  if (most.reason !== 'class_not_counted' && most.reason !== 'class_unknown') return `没有设施计入（${NOT_COUNTED[most.reason].zh} ${most.count}）。 No facility counts (${NOT_COUNTED[most.reason].en} ${most.count}).`
  return `没有绿地计入：${most.count} 个不是公园绿地（G1）或广场（G3），或未给分类。 No green space counts: ${most.count} are of another class than G1 or G3, or of none. Say the class at import (--map class=COLUMN, or --map class==G1 for all), or count all with --every-feature.`
}

/** `analyse coverage`: the same engine, store and answers as behind the API. */
export const analyseCommand: Command = {
  name: 'analyse',
  summary: '分析：服务半径覆盖率与盲区、补救盲区、绿地指标、管理盲区、路网可达、人均供给  Analyse: service-radius coverage and blind spots, their cheapest mends, green indices, management gaps, reach over a network, supply per person',
  usage: Object.values(USAGES).join('\n\n'),
  usageFor: ([what = '', ...rest]) => (what === 'supply' && isOverCity(rest) ? CITY_SUPPLY_USAGE : what === 'indicators' && rest.includes('--sheet') ? SHEET_USAGE : Object.hasOwn(USAGES, what) ? USAGES[what] : undefined),
  runAlone(args, io) {
    const [what = '', ...rest] = args
    if (what === 'supply' && isOverCity(rest)) return undefined
    return Object.hasOwn(ALONE, what) ? ALONE[what]!(rest, io) : undefined
  },
  async run(args, context, io) {
    if (args[0] === 'supply') return analyseCitySupply(args.slice(1), context, io)
    if (args[0] === 'indicators' && args.includes('--sheet')) return analyseSheet(args.slice(1), context, io)
    if (args[0] === 'indicators') return analyseIndicators(args.slice(1), context, io)
    if (args[0] === 'gaps') return analyseGaps(args.slice(1), context, io)
    if (args[0] === 'rerun') return analyseRerun(args.slice(1), context, io)
    if (args[0] === 'mends') return analyseMendsCommand(args, context, io)
    const call = parseCoverageCall(args, checkWord)
    const run = await answerCoverage(context, call, io)
    const summary = run.summary!
    const { facility, demand } = CoverageInput.parse(run.input)
    const asked = summary.ratios[demand]!
    const units = call.by ? (await listCoverageUnits(context, call.city, run.id, call.by)).units : undefined
    const { blindSpots } = call.top > 0 ? await listBlindSpots(context, call.city, run.id, { afterRank: 0, limit: call.top }) : { blindSpots: [] }
    io.print(`覆盖率 coverage ${percentText(asked.ratio)}  (${amount(asked.covered)} / ${amount(asked.total)} ${UNIT_TEXT[asked.unit]})${summary.target === null ? '' : `  目标 target ${percentText(summary.target)}`}${run.reused ? '  已有结果 from the store' : ''}`)
    for (const [beside, ratio] of Object.entries(summary.ratios)) if (beside !== demand) io.print(`  ${beside} ${percentText(ratio.ratio)}  (${amount(ratio.covered)} / ${amount(ratio.total)} ${UNIT_TEXT[ratio.unit]})`)
    io.print(`  设施 facilities ${summary.facilitiesCounted}${summary.notCounted.map(({ reason, count }) => `, ${notCountedLabel(reason)} ${count}`).join('')}  EPSG:${run.passport!.measureSrid}`)
    if (summary.walking) printWalk(summary.walking, UNIT_TEXT[asked.unit], io)
    const hint = hintOf(summary)
    if (hint) io.print(`  ${hint}`)
    for (const unit of units ?? []) io.print(`  ${unit.code}  ${unit.name ?? '—'}  ${percentText(unit.ratio)}  (${amount(unit.covered)} / ${amount(unit.total)})`)
    io.print(`盲区 blind spots ${summary.blindSpotCount}, ${amount(summary.blindSpotAreaM2)} m²${summary.blindSpotPeople === null ? '' : `, ${amount(summary.blindSpotPeople)} 人 people`}`)
    for (const spot of blindSpots) io.print(`  ${spot.rank}. ${spot.people === null ? '' : `${amount(spot.people)} 人 people, `}${amount(spot.areaM2)} m²  ${[spot.streetName, spot.communityName].filter(Boolean).join(' ')}${spot.nearest ? `  最近 nearest ${spot.nearest.name ?? spot.nearest.id} ${amount(spot.nearest.distanceMeters)} m` : ''}${spot.why ? `  ${REASON_LABELS[spot.why.kind]}${spot.why.barrier ? ` ${barrierText(spot.why.barrier)}` : ''}${spot.why.cause ? ` ${spot.why.cause.name ?? spot.why.cause.id} ${amount(spot.why.cause.distanceMeters)} m${spot.why.cause.areaM2 === null ? '' : `, ${amount(spot.why.cause.areaM2)} m²`}` : ''}${spot.why.walkedMeters === null ? '' : `, 步行 walk ${amount(spot.why.walkedMeters)} m`}` : ''}`)
    return {
      city: call.city,
      run: run.id,
      reused: run.reused,
      facility,
      demand,
      covered: asked.covered,
      total: asked.total,
      ratio: asked.ratio,
      unit: asked.unit,
      target: summary.target,
      ratios: summary.ratios,
      ...(units ? { by: call.by, units } : {}),
      servedAreaM2: summary.servedAreaM2,
      facilitiesCounted: summary.facilitiesCounted,
      notCounted: summary.notCounted,
      ...(hint ? { hint } : {}),
      outsideCity: summary.outsideCity,
      blindSpotCount: summary.blindSpotCount,
      blindSpotAreaM2: summary.blindSpotAreaM2,
      blindSpotPeople: summary.blindSpotPeople,
      blindSpots,
      sensitivity: summary.sensitivity,
      polygonError: summary.polygonError,
      passport: run.passport,
    }
  },
}

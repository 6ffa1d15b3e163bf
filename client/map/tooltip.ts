/** What the tooltip says of what lies under the pointer: plain text, line by line. Pure. */
import { STATE_LABELS } from '../../server/contract/incident-workflow.ts'
import { IncidentState } from '../../server/contract/incidents.ts'
import type { FeatureKind } from '../../server/contract/layers.ts'
import { gapSentence } from '../../server/contract/management-gap-sentences.ts'
import { gapKind, type GapUnit } from '../../server/contract/management-gaps.ts'
import type { SitingResult, SitingSite } from '../../server/contract/planning-siting.ts'
import type { IncidentClass, LiveColumns } from '../stores/incident-columns.ts'
import type { UnitDifference } from '../stores/scenario-difference.ts'
import type { Locale } from '../stores/state.ts'
import { KINDS, PART_STATES, say, TEXTS } from './texts.ts'

export interface TooltipText {
  title: string
  lines: string[]
}

const LEVELS: Readonly<Record<number, { zh: string; en: string }>> = { 1: { zh: '一', en: '1' }, 2: { zh: '二', en: '2' }, 3: { zh: '三', en: '3' } }

const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : '')

/**
 * Class, level and state of an incident by its row.
 * @param classNameOf the class in the reader's language
 */
export function incidentTooltip(columns: LiveColumns, row: number, locale: Locale, classNameOf: (one: IncidentClass) => string): TooltipText {
  const level = LEVELS[columns.severities[row] ?? 3]?.[locale] ?? ''
  const state = IncidentState.options[columns.states[row] ?? 0]
  const named = columns.classes[columns.classIndex[row] ?? -1]
  const facts = [say(TEXTS.level, locale, { level }), ...(state ? [STATE_LABELS[state][locale]] : []), ...(columns.overdue[row] === 1 ? [say(TEXTS.overdue, locale)] : [])]
  return { title: named ? classNameOf(named) : KINDS.incidents[locale], lines: [facts.join(' · ')] }
}

export function groupTooltip(count: number, locale: Locale): TooltipText {
  return { title: say(TEXTS.group, locale, { count: count.toLocaleString(locale) }), lines: [] }
}

/** @param people null when unknown */
export function blindSpotTooltip(rank: number, people: number | null, locale: Locale): TooltipText {
  return { title: `${TEXTS.blindSpot[locale]} ${rank}`, lines: [people === null ? TEXTS.peopleUnknown[locale] : say(TEXTS.people, locale, { count: Math.round(people).toLocaleString(locale) })] }
}

const SERVES: Record<SitingResult['unit'], { zh: string; en: string }> = { people: TEXTS.servesPeople, buildings: TEXTS.servesBuildings, beds: TEXTS.servesBeds, pupils: TEXTS.servesPupils, facilities: TEXTS.servesFacilities }

/** A site by its number and place, whom it serves, and how full it is where it is limited. */
export function siteTooltip({ number, name, communityName, serves, load, capacity }: SitingSite, unit: SitingResult['unit'], locale: Locale): TooltipText {
  const count = (value: number) => value.toLocaleString(locale, { maximumFractionDigits: 0 })
  const served = say(SERVES[unit], locale, { count: count(serves.weight) })
  return { title: [`#${number}`, name ?? communityName].filter(Boolean).join(' '), lines: [served, ...(load === undefined || capacity === undefined ? [] : [say(TEXTS.load, locale, { count: count(load), of: count(capacity) })])] }
}

/** A unit by what changed in it between two versions; `unit` is that of what is served, empty for land in square metres. */
export function unitTooltip({ code, name, change, points, was, is }: UnitDifference, unit: string, locale: Locale): TooltipText {
  const signed = (value: number, digits: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toLocaleString(locale, { maximumFractionDigits: digits })}`
  const percent = (ratio: number | null) => (ratio === null ? '—' : `${(ratio * 100).toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}%`)
  if (points === null) return { title: name ?? code, lines: [TEXTS.noRatio[locale]] }
  return { title: name ?? code, lines: [`${percent(was.ratio)} → ${percent(is.ratio)}`, points === 0 && change === 0 ? TEXTS.noChange[locale] : `${say(TEXTS.points, locale, { count: signed(points, 2) })} · ${signed(change, 0)} ${unit === '' ? 'm²' : unit}`] }
}

/** The kind of a gap, and what its unit says of itself. */
export function gapTooltip(unit: GapUnit, locale: Locale): TooltipText {
  return { title: gapKind(unit.kind)[locale], lines: [gapSentence(unit)[locale]] }
}

/** Name (or code) of a feature, its kind, and the one fact that matters. `measure` is the shown value of a cell with its unit. */
export function featureTooltip(kind: FeatureKind, properties: Readonly<Record<string, unknown>>, locale: Locale, measure?: { value: number | null; unit: string }): TooltipText {
  const name = (locale === 'en' && text(properties['name_en'])) || text(properties['name']) || text(properties['code'])
  const facts: string[] = []
  if (kind === 'parts') facts.push(PART_STATES[text(properties['state'])]?.[locale] ?? text(properties['state']))
  const access = text(properties['access'])
  if (access === 'closed') facts.push(TEXTS.closed[locale])
  if (access === 'ticketed') facts.push(TEXTS.ticketed[locale])
  if (kind === 'buildings' && typeof properties['height'] === 'number') facts.push(say(TEXTS.metres, locale, { count: Math.round(properties['height']) }))
  if (kind === 'population_cells' && typeof properties['population'] === 'number') facts.push(say(TEXTS.people, locale, { count: Math.round(properties['population']).toLocaleString(locale) }))
  if (measure) facts.push(measure.value === null ? TEXTS.noData[locale] : `${measure.value.toLocaleString(locale, { maximumFractionDigits: 2 })} ${measure.unit}`.trim())
  const kindText = KINDS[kind][locale]
  return name === '' ? { title: kindText, lines: facts.filter(Boolean) } : { title: name, lines: [[kindText, ...facts].filter(Boolean).join(' · ')] }
}

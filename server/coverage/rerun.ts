/** 复算: computes a finished run again and holds every number against the stored one; where inputs have changed, says which. */
import type { CityRow } from '../cities/cities.ts'
import { getCity } from '../cities/cities.ts'
import { COVERAGE_ENGINE_VERSION, type CoveragePassport, type CoverageSummary, type Demand } from '../contract/coverage.ts'
import type { RerunChange, RerunResult } from '../contract/planning-rerun.ts'
import type { Db } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { analyse } from './analysis.ts'
import type { AnalysisTools } from './analysis-result.ts'
import { UNIT_LEVELS } from './city-inputs.ts'
import * as queries from './queries.ts'
import { getQuestion, type Question } from './question.ts'
import { findGateChanges, findRowChanges } from './rerun-queries.ts'
import { findWalkingSettings } from './walking-queries.ts'

/** Differences that are told one by one. */
const TOLD = 100

export interface RerunOf {
  city: CityRow
  run: queries.RunRow & { summary: CoverageSummary; passport: CoveragePassport }
  question: Question
}

/** The run to be computed again. @throws AppError not_found; conflict where it has no result; bad_request where its question cannot be asked any more */
export async function getRerun(db: Db, cityKey: string, id: string): Promise<RerunOf> {
  const city = await getCity(db, cityKey)
  const run = await queries.findRun(db, city.cityId, id)
  if (!run) throw new AppError('not_found', `这座城市没有覆盖计算 ${id}，请在最近的计算中选择。City "${cityKey}" has no coverage run ${id}.`)
  const { summary, passport } = run
  if (run.status !== 'finished' || !summary || !passport) throw new AppError('conflict', `覆盖计算尚无结果，无从复算。Coverage run ${id} has no result to compute again: it is ${run.status}.`)
  return { city, run: { ...run, summary, passport }, question: await getQuestion(db, cityKey, run.input) }
}

export type Figures = Map<string, number | null>

/** Every number of a value, by its path. What JSON does to a number is done to both sides. */
export function flattenFigures(value: unknown, path: string, into: Figures = new Map()): Figures {
  if (typeof value === 'number' || value === null) into.set(path, value === null ? null : (JSON.parse(JSON.stringify(value)) as number | null))
  else if (Array.isArray(value)) value.forEach((one, index) => flattenFigures(one, `${path}/${index + 1}`, into))
  else if (typeof value === 'object') for (const [key, one] of Object.entries(value)) flattenFigures(one, `${path}/${key}`, into)
  return into
}

interface Numbers {
  summary: CoverageSummary
  units: readonly { level: string; demand: string; code: string; covered: number; total: number }[]
  spots: readonly { people: number | null; areaM2: number; residentialM2: number }[]
}

function figuresOf({ summary, units, spots }: Numbers): Figures {
  const figures: Figures = new Map()
  flattenFigures(summary, 'summary', figures)
  for (const { level, demand, code, covered, total } of units) flattenFigures({ covered, total }, `units/${demand}/${level}/${code}`, figures)
  spots.forEach(({ people, areaM2, residentialM2 }, index) => flattenFigures({ people, areaM2, residentialM2 }, `blindSpots/${index + 1}`, figures))
  return figures
}

/** The stored numbers of a run. */
async function readNumbers(db: Db, run: RerunOf['run']): Promise<Numbers> {
  const units: { level: string; demand: string; code: string; covered: number; total: number }[] = []
  for (const demand of Object.keys(run.summary.ratios) as Demand[]) {
    for (const level of ['city', ...UNIT_LEVELS] as const) units.push(...(await queries.listUnits(db, run.runId, level, demand)).map(({ code, covered, total }) => ({ level, demand, code, covered, total })))
  }
  return { summary: run.summary, units, spots: await queries.listSpots(db, run.runId, 0, 1_000_000) }
}

/** Compares two sets of figures; what one of them lacks counts as different. */
export function compareFigures(before: Figures, after: Figures): Pick<RerunResult, 'compared' | 'different' | 'differences' | 'isSame'> {
  const names = new Set([...before.keys(), ...after.keys()])
  const different = [...names].filter((name) => !before.has(name) || !after.has(name) || before.get(name) !== after.get(name))
  return {
    compared: names.size, different: different.length, isSame: different.length === 0,
    differences: different.slice(0, TOLD).map((figure) => ({ figure, before: before.get(figure) ?? null, after: after.get(figure) ?? null })),
  }
}

const bandsText = (rule: Question['rule']) => rule && `v${rule.version}: ${rule.bands.map(({ minAreaM2, maxAreaM2, zone, radiusMeters }) => `${minAreaM2}–${maxAreaM2 ?? '∞'} m² ${zone === 'all' ? '' : `${zone} `}→ ${radiusMeters} m`).join('; ')}`

/** Version and rows of a layer, as changes tell them. */
export const versionText = (row: { version: number; rows: number } | undefined): string | null => (row ? `v${row.version}, ${row.rows}` : null)

/** Everything that the run was made from and that is not as it was. */
async function listChanges(db: Db, { city, run, question }: RerunOf): Promise<RerunChange[]> {
  const { passport, summary } = run
  const changes: RerunChange[] = []
  const tell = (what: RerunChange['what'], name: string, before: string | null, after: string | null, rows?: { added: number; ended: number }) => {
    if (before !== after || (rows && rows.added + rows.ended > 0)) changes.push({ what, name, before, after, rowsAdded: rows?.added ?? null, rowsEnded: rows?.ended ?? null })
  }
  tell('engine', 'coverage', passport.engineVersion, COVERAGE_ENGINE_VERSION)
  tell('measure', 'EPSG', String(passport.measureSrid), String(city.measureSrid))
  tell('rule', question.rule?.code ?? passport.rule?.code ?? '', bandsText(passport.rule), bandsText(question.rule))
  if (summary.walking) tell('walking_settings', 'walking_settings', `v${summary.walking.settingsVersion}`, `v${(await findWalkingSettings(db, city.cityId)).version}`)
  const named = ({ kind, layer }: { kind: string; layer: string }) => `${kind} / ${layer}`
  const [then, now] = [new Map(passport.inputs.map((row) => [named(row), row])), new Map(question.inputs.map((row) => [named(row), row]))]
  for (const name of new Set([...then.keys(), ...now.keys()])) {
    const { kind, layer } = (now.get(name) ?? then.get(name))!
    tell('layer', name, versionText(then.get(name)), versionText(now.get(name)), await findRowChanges(db, city.cityId, 'coverage_runs', run.runId, kind, layer))
  }
  if (summary.walking) tell('gates', 'green_entrances', null, null, await findGateChanges(db, city.cityId, 'coverage_runs', run.runId))
  // An edit that neither adds nor ends a row shows in the versions of the kinds alone.
  if (changes.length === 0 && question.key !== run.key) tell('other', 'key', run.key, question.key)
  return changes
}

/** Computes a run again. Writes nothing. @throws AppError; the signal's reason when cancelled */
export async function rerunCoverage(of: RerunOf, tools: AnalysisTools): Promise<RerunResult> {
  const { db } = tools
  const { city, run, question } = of
  const changes = await listChanges(db, of)
  const fresh = await analyse({ city, rule: question.rule, input: question.input, edits: question.edits }, tools)
  const stored = await readNumbers(db, run)
  return { run: run.id, changes, isTimeLimited: false, ...compareFigures(figuresOf(stored), figuresOf(fresh)) }
}

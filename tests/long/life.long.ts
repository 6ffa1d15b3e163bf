import { afterAll, expect, test } from 'vitest'
import { sql } from '../../server/db/sql.ts'
import { openTestDb } from '../helpers/db.ts'
import { playMany } from '../server/incidents/life/run.ts'
import { LIFE } from '../server/incidents/life/table.ts'
import { commitOfMain, given, keepResult } from './result.ts'

const LANES = 4
/** So many sequences reach every step of the standard, or something is wrong with how they are drawn. */
const ENOUGH = 1000
const DAY = 86_400_000

const db = openTestDb()
afterAll(() => db.close())

const byNumber = (counts: Record<string, number>) => Object.fromEntries(Array.from({ length: 26 }, (_, index) => [String(index + 1), counts[String(index + 1)] ?? 0]))
const byCount = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a))

test('the life of a case, played at random', async () => {
  const began = Date.now()
  const commit = commitOfMain()
  const [asked, minutes, seed] = [given('RUNS'), given('MINUTES'), given('SEED')]
  // Each play reads what is left of its own city; without these, ten thousand cities would be read over for each.
  await db.query(sql`create index audit_entries_city_idx on audit_entries (city_id)`)
  await db.query(sql`create index live_events_city_idx on live_events (city_id)`)
  let told = began
  const { tally, links } = await playMany(db, {
    sequences: asked, lanes: LANES, seed, until: minutes === 0 ? Infinity : began + minutes * 60_000,
    onSequence: ({ sequences, steps }) => {
      if (Date.now() < told + 60_000) return
      told = Date.now()
      console.info(`${sequences} of ${asked} sequences, ${steps} steps, ${Math.round((told - began) / 1000)} s`)
    },
  })
  const refused = Object.values(tally.refusals).reduce((sum, count) => sum + count, 0)
  const { sequences, commands, steps, races, retries, bulks, flowRows } = tally
  const lengths = tally.lengths.sort((a, b) => a - b)
  const quantile = (share: number): number => lengths[Math.min(lengths.length - 1, Math.floor(share * lengths.length))] ?? 0
  const stepsByTransition = byNumber(tally.byTransition)
  const neverTaken = { transitions: Object.keys(stepsByTransition).filter((number) => stepsByTransition[number] === 0), actions: Object.keys(LIFE).filter((action) => !tally.byAction[action]) }
  if (sequences >= ENOUGH) expect(neverTaken).toEqual({ transitions: [], actions: [] })
  // A sample is told and not kept: it would take the place of a run that proves more.
  await keepResult(`life-${db.engine}`, sequences >= ENOUGH ? commit : undefined, {
    engine: db.engine, seed, lanes: LANES, asked, sequences, actionsPerSequence: { least: quantile(0), median: quantile(0.5), ninetiethPercentile: quantile(0.9), most: quantile(1) }, commands, actions: steps + refused, steps, refused, races,
    retries, bulks, flowRows, linksOfLog: links, seconds: Math.round((Date.now() - began) / 1000),
    stepsByTransition, stepsByAction: byCount(tally.byAction), neverTaken, refusals: byCount(tally.refusals), statesAtTheEnd: byCount(tally.endings),
  })
  expect(sequences).toBeGreaterThan(0)
}, DAY)

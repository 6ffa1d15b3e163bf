import { afterAll, expect, test } from 'vitest'
import { openTestDb } from '../helpers/db.ts'
import { playMany } from '../server/incidents/life/run.ts'
import { LIFE } from '../server/incidents/life/table.ts'
import { given, keepResult } from './result.ts'

const LANES = 4
const DAY = 86_400_000

const db = openTestDb()
afterAll(() => db.close())

const byNumber = (counts: Record<string, number>) => Object.fromEntries(Array.from({ length: 26 }, (_, index) => [String(index + 1), counts[String(index + 1)] ?? 0]))
const byCount = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a))

test('the life of a case, played at random', async () => {
  const began = Date.now()
  const [asked, minutes, seed] = [given('RUNS'), given('MINUTES'), given('SEED')]
  let told = began
  const { tally, links } = await playMany(db, {
    sequences: asked, commands: 14, lanes: LANES, seed, until: minutes === 0 ? Infinity : began + minutes * 60_000,
    onSequence: ({ sequences, steps }) => {
      if (Date.now() < told + 60_000) return
      told = Date.now()
      console.info(`${sequences} of ${asked} sequences, ${steps} steps, ${Math.round((told - began) / 1000)} s`)
    },
  })
  const refused = Object.values(tally.refusals).reduce((sum, count) => sum + count, 0)
  const { sequences, commands, steps, races, retries, bulks, flowRows } = tally
  await keepResult(`life-${db.engine}`, {
    engine: db.engine, seed, lanes: LANES, asked, sequences, commands, actions: steps + refused, steps, refused, races, retries, bulks, flowRows, linksOfLog: links, seconds: Math.round((Date.now() - began) / 1000),
    stepsByTransition: byNumber(tally.byTransition), stepsByAction: byCount(tally.byAction), neverTaken: Object.keys(LIFE).filter((action) => !tally.byAction[action]), refusals: byCount(tally.refusals), statesAtTheEnd: byCount(tally.endings),
  })
  expect(sequences).toBeGreaterThan(0)
}, DAY)

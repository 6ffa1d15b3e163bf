import { afterAll, expect, test } from 'vitest'
import { openTestDb } from '../../../helpers/db.ts'
import { playMany } from './run.ts'
import { LIFE } from './table.ts'

const db = openTestDb()
afterAll(() => db.close())

/** `LIFE_SEED` and `LIFE_SEQUENCES` play others, and more. */
const SEED = Number(process.env['LIFE_SEED'] ?? 20_261_127)
const SEQUENCES = Number(process.env['LIFE_SEQUENCES'] ?? (db.engine === 'embedded' ? 20 : 60))

test(`whatever people of all posts do to cases in whatever order, every answer, case, clock, flow row, live event and link of the log is as the books kept beside say (seed ${SEED})`, async () => {
  const { tally, links } = await playMany(db, { sequences: SEQUENCES, lanes: 4, seed: SEED })
  console.info(`seed ${SEED}: ${tally.sequences} sequences, ${tally.commands} commands, ${tally.steps} steps, refused ${JSON.stringify(tally.refusals)}, ${links} links of the log`)
  expect(tally.sequences).toBe(SEQUENCES)
  expect(Object.keys(tally.byAction).length).toBeGreaterThan(Object.keys(LIFE).length / 3)
  // A rest that never came would prove nothing of rests.
  if (process.env['LIFE_SEED'] === undefined) expect(tally.byAction).toMatchObject({ suspend: expect.any(Number) as number, resume: expect.any(Number) as number })
}, 600_000)

import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openPostgres } from '../../server/db/postgres.ts'
import { prepareDatabase } from '../../server/db/prepare.ts'
import { aDataFolder } from '../helpers/data-folder.ts'
import { anOwnPostgres, findPostgresBinaries } from '../helpers/own-postgres.ts'
import { killEmbedded, type Outcome } from '../server/incidents/life/killed-embedded.ts'
import { killPostgres, type Target } from '../server/incidents/life/killed-postgres.ts'
import { commitOfMain, given, keepResult } from './result.ts'

const DAY = 86_400_000
const SIZE = { between: 40, workers: 6 }
const engine = process.env['LONG_ENGINE'] ?? 'postgres'

/** What was told is compared with what is there row by row, and a run in which anything is missing, doubled or half done fails; the counts of both stand side by side. */
const account = ({ told, found }: Outcome, began: number) => ({
  cases: told.cases.length, stepsAcknowledged: told.steps, flowRowsFound: found.flowRows, photosAcknowledged: told.photos, photosFound: found.photos, repeated: told.repeated, doneThoughUnanswered: told.replayed, linksOfLog: found.links, seconds: Math.round((Date.now() - began) / 1000),
})

/** A program and a database of its own for each target. */
async function onPostgres(targets: readonly Target[]): Promise<Record<string, unknown>> {
  const server = await anOwnPostgres(findPostgresBinaries() ?? '')
  const folder = await mkdtemp(path.join(os.tmpdir(), 'xiucheng-killed-'))
  const db = openPostgres({ connectionString: server.url, onError: () => {} })
  try {
    await prepareDatabase(db)
    const began = Date.now()
    return account(await killPostgres(server, db, folder, { ...SIZE, kills: given('KILLS'), seed: given('SEED'), targets }), began)
  } finally {
    await db.close()
    await server.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

test.runIf(engine === 'postgres')('the program, and in another run the database, killed at random while people work', async () => {
  const commit = commitOfMain()
  const program = await onPostgres(['program'])
  const database = await onPostgres(['server', 'backend'])
  await keepResult('kills-postgres', commit, { engine, seed: given('SEED'), kills: given('KILLS'), workers: SIZE.workers, program, database })
  expect(program['stepsAcknowledged']).toBeGreaterThan(0)
}, DAY)

async function onEmbedded(target: 'program' | 'engine'): Promise<Record<string, unknown>> {
  const folder = await aDataFolder()
  try {
    const began = Date.now()
    return account(await killEmbedded(folder, { ...SIZE, between: 15, kills: given('KILLS'), seed: given('SEED'), targets: [target] }), began)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test.runIf(engine === 'embedded')('the program, and in another run the engine alone, killed at random while people work', async () => {
  const commit = commitOfMain()
  const program = await onEmbedded('program')
  const database = await onEmbedded('engine')
  await keepResult('kills-embedded', commit, { engine, seed: given('SEED'), kills: given('KILLS'), workers: SIZE.workers, program, database })
  expect(program['stepsAcknowledged']).toBeGreaterThan(0)
}, DAY)

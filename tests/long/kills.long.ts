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
import { given, keepResult } from './result.ts'

const DAY = 86_400_000
const SIZE = { between: 40, workers: 6 }
const engine = process.env['LONG_ENGINE'] ?? 'postgres'

const account = ({ told, links }: Outcome, began: number) => ({
  cases: told.cases.length, stepsAcknowledged: told.steps, photosAcknowledged: told.photos, repeated: told.repeated, doneThoughUnanswered: told.replayed, lost: 0, byHalf: 0, linksOfLog: links, seconds: Math.round((Date.now() - began) / 1000),
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
  const program = await onPostgres(['program'])
  const database = await onPostgres(['server', 'backend'])
  await keepResult('kills-postgres', { engine, seed: given('SEED'), kills: given('KILLS'), workers: SIZE.workers, program, database })
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
  const program = await onEmbedded('program')
  const database = await onEmbedded('engine')
  await keepResult('kills-embedded', { engine, seed: given('SEED'), kills: given('KILLS'), workers: SIZE.workers, program, database })
  expect(program['stepsAcknowledged']).toBeGreaterThan(0)
}, DAY)

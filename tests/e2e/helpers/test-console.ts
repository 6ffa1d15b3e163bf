import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Console, startConsole } from './console.ts'

/**
 * A console with the demo city for a journey: on a fresh database of the server in TEST_DATABASE_URL, else on the embedded engine.
 * E2E_ORIGIN names one that runs already, E2E_DATABASE_URL a database that holds the demo city already; both are left as they are.
 */
export async function openTestConsole(environment: Record<string, string> = {}): Promise<Console> {
  const origin = process.env['E2E_ORIGIN']
  if (origin) return { origin, output: () => '', stop: async () => {} }
  const prepared = process.env['E2E_DATABASE_URL']
  const server = process.env['TEST_DATABASE_URL']
  if (prepared || !server) return startConsole({ databaseUrl: prepared, environment })
  const name = `xiucheng_e2e_${randomBytes(5).toString('hex')}`
  await administer(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const drop = () => administer(server, `drop database if exists ${name} with (force)`)
  try {
    const started = await startConsole({ databaseUrl: url.href, environment })
    return {
      ...started,
      stop: async () => {
        await started.stop()
        await drop()
      },
    }
  } catch (error) {
    await drop()
    throw error
  }
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/**
 * A process to be killed: the application over a database, which takes a caller at his word.
 * A line on its standard input kills the embedded engine alone and opens it again; the end of the input ends the process.
 */
import { once } from 'node:events'
import type { Principal } from '../../../../server/access/principal.ts'
import { createApp } from '../../../../server/app.ts'
import { readConfig } from '../../../../server/config.ts'
import { openDatabase } from '../../../../server/db/open.ts'
import { aContext } from '../../../helpers/api.ts'

const [dataDirectory = '', port = '0', databaseUrl = ''] = process.argv.slice(2)

const config = readConfig({ NODE_ENV: 'test', RATE_LIMIT_PER_MINUTE: '1000000', DATA_DIR: dataDirectory, DATABASE_URL: databaseUrl })
const db = await openDatabase(config, () => {}, 'server to be killed')
const context = aContext(db, { config })
const app = createApp({
  ...context,
  identify: async (request) => {
    const header = request.headers['x-test-principal']
    return typeof header === 'string' ? (JSON.parse(Buffer.from(header, 'base64url').toString()) as Principal) : context.identify(request)
  },
})
const server = app.listen(Number(port), '127.0.0.1')
await once(server, 'listening')
process.stdin.on('data', () => {
  if ('embedded' in db) void (db as Awaited<ReturnType<typeof import('../../../../server/db/embedded.ts').openEmbedded>>).embedded.restart('killed by a test')
})
process.stdin.on('end', () => process.exit(0))
process.stdout.write('ready\n')

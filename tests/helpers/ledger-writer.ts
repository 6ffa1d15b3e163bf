/**
 * A process to be killed: opens an embedded database, says what it holds, then writes row after row and says each number
 * once its commit was acknowledged. `early` says it before the commit, which the test of the test must notice.
 */
import { openEmbedded } from '../../server/db/embedded.ts'
import { makeLedgerTable, readLedger, writeLedgerRow } from './ledger.ts'

const [dataDirectory = '', mode = 'honest'] = process.argv.slice(2)

const db = await openEmbedded({ dataDirectory, durable: mode !== 'not-durable', program: 'ledger writer' })
await makeLedgerTable(db)
const rows = await readLedger(db)
process.stdout.write(`${JSON.stringify({ rows })}\n`)
let n = rows.reduce((highest, row) => Math.max(highest, row.n), 0)
for (;;) {
  n += 1
  if (mode === 'early') process.stdout.write(`${JSON.stringify({ acknowledged: n })}\n`)
  if (mode === 'early' && n % 5 === 0) await new Promise(() => {})
  await writeLedgerRow(db, n)
  if (mode !== 'early') process.stdout.write(`${JSON.stringify({ acknowledged: n })}\n`)
}

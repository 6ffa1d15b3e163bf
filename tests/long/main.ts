/** `npm run long -- life|kills [options]`: the proofs that take too long for every change. What came of a run that held is written to `tests/long/results`. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs } from 'node:util'

const ROOT = path.join(import.meta.dirname, '../..')
const USAGE = `npm run long -- life [--runs 10000] [--minutes 0] [--seed 20261127]
npm run long -- kills [--kills 20] [--seed 20261127]
On PostgreSQL with TEST_DATABASE_URL (kills: with the server's binaries), else on the embedded engine; kills --engine embedded|postgres chooses.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '10000' }, minutes: { type: 'string', default: '0' }, seed: { type: 'string', default: '20261127' }, kills: { type: 'string', default: '20' }, engine: { type: 'string', default: 'postgres' },
  },
})
const [what = ''] = positionals
const isNumber = (text: string) => /^\d+$/.test(text)
if (!['life', 'kills'].includes(what) || ![values.runs, values.minutes, values.seed, values.kills].every(isNumber) || !['postgres', 'embedded'].includes(values.engine)) {
  console.error(USAGE)
  process.exit(2)
}

const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'long', `tests/long/${what}.long.ts`], {
  cwd: ROOT, stdio: 'inherit', env: { ...process.env, LONG_RUNS: values.runs, LONG_MINUTES: values.minutes, LONG_SEED: values.seed, LONG_KILLS: values.kills, LONG_ENGINE: values.engine },
})
child.on('exit', (code) => (process.exitCode = code ?? 1))

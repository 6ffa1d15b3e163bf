/** `npm run bench [-- NAME …] [--json FILE] [options of a bench]`: compares, prints a table, then the same as JSON. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Bench, type Measured, measure, type Trial } from './bench.ts'

/** Each bench is a file beside this one that exports `bench`, or `trial`. */
const NAMES = ['coverage', 'tiles', 'live', 'queues', 'network', 'loop', 'siting', 'what-if'] as const

async function load(name: string): Promise<{ bench?: Bench; trial?: Trial }> {
  const file = path.join(import.meta.dirname, `${name}.ts`)
  if (!existsSync(file)) return {}
  const module: unknown = await import(pathToFileURL(file).href)
  return module as { bench?: Bench; trial?: Trial }
}

/** Columns padded to the widest cell; numbers to the right. */
function table(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_cell, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => row.map((cell, column) => (/^[\d.]/.test(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ')).join('\n')
}

const words = process.argv.slice(2)
const jsonAt = words.indexOf('--json')
const jsonFile = jsonAt >= 0 ? words[jsonAt + 1] : undefined
const rest = words.filter((_word, index) => jsonAt < 0 || (index !== jsonAt && index !== jsonAt + 1))
const asked = rest.filter((word) => (NAMES as readonly string[]).includes(word))
const options = rest.filter((word) => !asked.includes(word))
const unknown = rest.find((word) => !word.startsWith('--') && !asked.includes(word) && rest[rest.indexOf(word) - 1]?.startsWith('--') !== true)

if (unknown) {
  console.error(`There is no bench "${unknown}". Choose from: ${NAMES.join(', ')}.`)
  process.exit(2)
}

const measured: Measured[] = []
const trials: { name: string; isMet: boolean; report: unknown }[] = []
for (const name of asked.length > 0 ? asked : NAMES) {
  const { bench, trial } = await load(name)
  if (trial) {
    const outcome = await trial.run(options, (line) => console.log(line))
    if ('refused' in outcome) console.error(`${name}: ${outcome.refused}`)
    else trials.push({ name, ...outcome })
  }
  if (!bench) continue
  const prepared = await bench.prepare(options)
  if ('refused' in prepared) {
    console.error(`${name}: ${prepared.refused}`)
    continue
  }
  try {
    for (const comparison of prepared.comparisons) {
      console.error(`${name}: ${comparison.name} …`)
      measured.push(await measure(name, comparison))
    }
  } finally {
    await prepared.close()
  }
}

if (measured.length > 0) {
  const header = ['bench', 'what', 'size', 'control', 'ms', 'subject', 'ms', 'ratio', 'spread', 'goal', 'verdict']
  console.log(
    table([
      header,
      ...measured.map((row) => {
        const noisy = row.verdict === 'too noisy'
        return [row.bench, row.name, row.size, row.controlName, row.controlMs.toFixed(1), row.subjectName, row.subjectMs.toFixed(1), noisy ? '-' : row.ratio.toFixed(3), row.controlSpread.toFixed(2), row.goal ?? '-', row.verdict]
      }),
    ]),
  )
}
const report = JSON.stringify({ node: process.version, at: new Date().toISOString(), measured, trials }, null, 2)
if (jsonFile) await writeFile(jsonFile, `${report}\n`)
else console.log(report)
process.exitCode = measured.some((row) => row.verdict === 'answers differ' || row.verdict === 'missed') || trials.some(({ isMet }) => !isMet) ? 1 : 0

/**
 * What-if in the browser: the time from a message to the worker until its result, over a fixed set of moves on the demo city, by both rulers.
 * The console is started as a user starts it (E2E_ORIGIN names one that runs already) and its own worker is asked, in headless Chromium.
 */
import type { Page } from 'playwright-core'
import { findChromium, openBrowser } from '../e2e/helpers/browser.ts'
import { listPersonas, personaOf, sitDown } from '../e2e/helpers/desks.ts'
import { openTestConsole } from '../e2e/helpers/test-console.ts'
import type { Trial } from './bench.ts'

const GOAL_MS = 100
const [COLUMNS, ROWS] = [12, 8]
/** Corners of the lattice that shapes are moved over: the demo city's built-up middle. */
const [WEST, SOUTH, EAST, NORTH] = [113.405, 31.335, 113.465, 31.375]
const RULERS = [
  { name: 'straight line, residential land', question: { rule: 'GARDEN_CITY_2022' }, kinds: ['park'] },
  { name: 'straight line, people', question: { rule: 'GARDEN_CITY_2022', demand: 'population' }, kinds: ['park'] },
  { name: 'on foot', question: { rule: 'GARDEN_CITY_2022', ruler: 'walk' }, kinds: ['park', 'path', 'footbridge'] },
] as const

type Kind = (typeof RULERS)[number]['kinds'][number]
type Position = [number, number]
const ID = '01975000-0000-7000-8000-000000000001'

/** A shape at each place of the lattice, row by row, as a hand drags it. */
function movesOf(kind: Kind): unknown[] {
  return Array.from({ length: COLUMNS * ROWS }, (_value, at) => {
    const x = WEST + ((EAST - WEST) * (at % COLUMNS)) / (COLUMNS - 1)
    const y = SOUTH + ((NORTH - SOUTH) * Math.floor(at / COLUMNS)) / (ROWS - 1)
    const ring: Position[] = [[x, y], [x + 0.0019, y], [x + 0.0019, y + 0.0014], [x, y + 0.0014], [x, y]]
    if (kind === 'park') return { id: ID, kind: 'facility', name: '', geometry: { type: 'Polygon', coordinates: [ring] } }
    return { id: ID, kind: 'path', name: '', isCrossing: kind === 'footbridge', line: [[x, y], [x + 0.0012, y + 0.0004], [x + 0.0021, y + 0.0016]] }
  })
}

/** Address of the console's own worker: seen when a scenario is opened. */
async function findWorker(page: Page, origin: string): Promise<string> {
  const started = page.waitForEvent('worker', { predicate: (worker) => worker.url().includes('what-if-worker'), timeout: 120_000 })
  const reply = await page.request.post(`${origin}/api/v1/cities/demo/scenarios`, { data: { title: 'bench', question: RULERS[0].question, edits: [] }, headers: { origin } })
  const { scenario } = (await reply.json()) as { scenario: { id: string } }
  await page.goto(`${origin}/?city=demo&tool=scenario&scn=${scenario.id}/1`)
  return (await started).url()
}

interface Times {
  loadMs: number
  beginMs: number[]
  moveMs: Record<string, number[]>
}

/** Asks a worker of its own in the page: the ground, states, then every move when the one before is answered. */
function timeMoves(page: Page, worker: string, question: unknown, moves: Record<string, unknown[]>): Promise<Times> {
  return page.evaluate(
    async (given) => {
      const reply = await fetch('/api/v1/cities/demo/what-if-ground', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(given.question) })
      const ground: unknown = await reply.json()
      if (!reply.ok) throw new Error(JSON.stringify(ground))
      const thread = new Worker(given.worker, { type: 'module' })
      const ask = (request: object): Promise<number> =>
        new Promise((resolve, reject) => {
          const startedAt = performance.now()
          thread.addEventListener('message', ({ data }: MessageEvent<{ error?: string }>) => (data.error === undefined ? resolve(performance.now() - startedAt) : reject(new Error(data.error))), { once: true })
          thread.postMessage({ ...request, number: 1 })
        })
      const loadMs = await ask({ kind: 'load', ground })
      const beginMs: number[] = []
      const moveMs: Record<string, number[]> = {}
      for (const [kind, of] of Object.entries(given.moves)) {
        beginMs.push(await ask({ kind: 'begin', edits: of.slice(0, 1) }), await ask({ kind: 'begin', edits: [] }))
        moveMs[kind] = []
        for (const edit of of) moveMs[kind].push(await ask({ kind: 'move', edit }))
      }
      thread.terminate()
      return { loadMs, beginMs, moveMs }
    },
    { worker, question, moves },
  )
}

function spreadOf(times: readonly number[]): { p50: number; p95: number; worst: number } {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!
  return { p50: at(0.5), p95: at(0.95), worst: sorted.at(-1)! }
}

export const trial: Trial = {
  name: 'what-if',
  async run(_words, say) {
    if (findChromium() === undefined) return { refused: 'No Chromium was found; install it or name it in CHROMIUM.' }
    const started = await openTestConsole()
    const browser = await openBrowser()
    try {
      const desk = await sitDown(browser, started.origin, personaOf(await listPersonas(started.origin), 'planner-01'), { path: '/' })
      // Functions are handed to the page as text; the names that the compiler gives them mean nothing there.
      await desk.page.addInitScript({ content: 'globalThis.__name = (one) => one' })
      const worker = await findWorker(desk.page, started.origin)
      say(`what-if: from the message to its result in the browser, ${COLUMNS * ROWS} moves each over the demo city (goal: 95 in 100 within ${GOAL_MS} ms)`)
      const rows: { ruler: string; moved: string; p50: number; p95: number; worst: number; isMet: boolean }[] = []
      const states: { ruler: string; loadMs: number; beginMs: number[] }[] = []
      for (const { name, question, kinds } of RULERS) {
        const { loadMs, beginMs, moveMs } = await timeMoves(desk.page, worker, question, Object.fromEntries(kinds.map((kind) => [kind, movesOf(kind)])))
        for (const [moved, times] of Object.entries(moveMs)) {
          const row = { ruler: name, moved, ...spreadOf(times), isMet: spreadOf(times).p95 <= GOAL_MS }
          rows.push(row)
          say(`  ${name.padEnd(32)} ${moved.padEnd(11)} p50 ${row.p50.toFixed(1).padStart(6)}  p95 ${row.p95.toFixed(1).padStart(6)}  worst ${row.worst.toFixed(1).padStart(7)} ms  ${row.isMet ? 'met' : 'missed'}`)
        }
        states.push({ ruler: name, loadMs, beginMs })
        say(`  ${name.padEnd(32)} ground taken up ${loadMs.toFixed(0)} ms, a state ${beginMs.map((ms) => ms.toFixed(0)).join(', ')} ms`)
      }
      return { report: { goalMs: GOAL_MS, rows, states }, isMet: rows.every(({ isMet }) => isMet) }
    } finally {
      await browser.close()
      await started.stop()
    }
  },
}

/**
 * `npm run bench -- loop [--people 50] [--cases 10000] [--seconds 60] [--think 2] [--whole]`: people at their workbenches play cases through the
 * closed loop against a server process of its own, with simulator, clock watch, jobs and open live feeds. `--whole` begins with every case just
 * reported and goes on until none is open. Afterwards: nothing acknowledged is missing, nothing happened twice, the log is unbroken.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { v7 as uuidv7 } from 'uuid'
import { Random } from '../../data/city/random.ts'
import { verifyAudit } from '../../server/audit/verify.ts'
import { getCity } from '../../server/cities/cities.ts'
import { insertCity } from '../../server/cities/queries.ts'
import type { Db } from '../../server/db/db.ts'
import { sql } from '../../server/db/sql.ts'
import { syncReference } from '../../server/startup/services.ts'
import { startServer } from '../helpers/program.ts'
import { layOutAreas } from '../server/incidents/cast.ts'
import { aLayer } from '../server/incidents/reporting.ts'
import type { Trial } from './bench.ts'
import { checkLoop } from './loop-check.ts'
import { openFeeds, type Phase, runPhase, table } from './loop-phase.ts'
import { type Person, signIn, Tally, type Town } from './loop-person.ts'
import { fillWithOpenCases, hire } from './loop-town.ts'
import { openThrowAway } from './throw-away.ts'

const GOAL_MS = 150
/** Seconds of thinking, ever less: how much the server bears. */
const RAMP = [1, 0.5, 0.25, 0.1]
const RAMP_SECONDS = 12
/** The demo's simulator lives in a city of this key. */
const CITY_KEY = 'demo'

interface Options {
  people: number
  cases: number
  seconds: number
  think: number
  isWhole: boolean
}

function optionsOf(words: readonly string[]): Options | string {
  const number = (name: string, usual: number) => {
    const at = words.indexOf(`--${name}`)
    return at < 0 ? usual : Number(words[at + 1])
  }
  const options = { people: number('people', 50), cases: number('cases', 10_000), seconds: number('seconds', 60), think: number('think', 2), isWhole: words.includes('--whole') }
  return [options.people, options.cases, options.seconds, options.think].every((value) => value > 0) ? options : '--people, --cases, --seconds and --think want numbers above nothing.'
}

async function prepare(db: Db, { people, cases, isWhole }: Options): Promise<{ cityId: number; staff: Awaited<ReturnType<typeof hire>> }> {
  await syncReference(db)
  await insertCity(db, { id: uuidv7(), key: CITY_KEY, nameZh: '测速市', nameEn: 'Bench City', measureSrid: 4547, measureName: 'CGCS2000 / 3-degree Gauss-Kruger CM 114E', timeZone: 'Asia/Shanghai' })
  await db.query(sql`update cities set is_demo = true where key = ${CITY_KEY}`)
  const city = await getCity(db, CITY_KEY)
  await layOutAreas(db, city, await aLayer(db, city, 'areas', 'administrative_areas'))
  const staff = await hire(db, city.cityId, people)
  await fillWithOpenCases(db, city, cases, isWhole ? 'fresh' : 'even', new Date())
  for (const table of ['incidents', 'incident_flow', 'case_clocks']) await db.exec(`vacuum analyze ${table}`)
  return { cityId: city.cityId, staff }
}

function somePhotos(): Promise<Buffer[]> {
  return Promise.all(Array.from({ length: 40 }, (_, number) => sharp({ create: { width: 320, height: 240, channels: 3, background: { r: number * 6, g: 90, b: 120 } } }).jpeg().toBuffer()))
}

async function countOpen(db: Db, cityId: number): Promise<number> {
  const rows = await db.query<{ count: number }>(sql`
    select count(*)::int as count from incidents where city_id = ${cityId} and report_number like 'SL-LOOP-%' and state not in ('not_filed', 'closed', 'closed_special', 'void')`)
  return rows[0]?.count ?? 0
}

async function play(db: Db, url: string, dataDirectory: string, options: Options, say: (line: string) => void): Promise<{ report: unknown; isMet: boolean }> {
  const { cityId, staff } = await prepare(db, options)
  const server = startServer({ DATABASE_URL: url, DATA_DIR: dataDirectory, DEMO: 'on', SIMULATOR: 'on', RATE_LIMIT_PER_MINUTE: '1000000', LOG_LEVEL: 'warn' })
  try {
    const base = (await server.says(/Xiucheng is ready: (http:\/\/127\.0\.0\.1:\d+)/))[1] ?? ''
    const dice = new Random('loop')
    const town: Town = { base, cityKey: CITY_KEY, staff, photos: await somePhotos(), random: () => dice.next() }
    const people: Person[] = []
    for (const worker of staff.workers) people.push(await signIn(town, worker))
    const feeds = await openFeeds(town, people)
    say(`${people.length} people signed in, ${options.cases} cases, ${feeds.count} live feeds open; server process ${server.child.pid}, up to 10 database connections`)

    const setting = { db, town, people, serverPid: server.child.pid ?? 0 }
    const total = new Tally()
    await runPhase(setting, { name: 'warm-up', thinkSeconds: Math.min(0.5, options.think), seconds: 8 }, total)
    const phases: Phase[] = []
    const until = options.isWhole ? async () => (await countOpen(db, cityId)) === 0 : undefined
    const first = await runPhase(setting, { name: `${options.think} s of thinking`, thinkSeconds: options.think, seconds: options.isWhole ? 6 * 3600 : options.seconds, until }, total)
    phases.push(first)
    if (!options.isWhole) {
      for (const thinkSeconds of RAMP.filter((seconds) => seconds < options.think)) {
        const phase = await runPhase(setting, { name: `${thinkSeconds} s of thinking`, thinkSeconds, seconds: RAMP_SECONDS }, total)
        phases.push(phase)
        if (phase.step.p95 >= GOAL_MS || phase.errors > 0) break
      }
    }
    feeds.close()
    say(table(phases))
    const sustained = phases.filter((phase) => phase.step.p95 < GOAL_MS && phase.errors === 0).reduce((best, phase) => Math.max(best, phase.stepsPerSecond), 0)
    say(`highest rate sustained (p95 < ${GOAL_MS} ms, no errors): ${sustained === 0 ? 'none' : `${sustained.toFixed(1)} steps a second`}`)

    const check = await checkLoop(db, cityId, total.acknowledged)
    const audit = await verifyAudit(db, dataDirectory, { from: null, to: null })
    say(`${total.acknowledged.length} steps acknowledged in all, ${total.conflicts} told that another was quicker, ${check.dispatches} dispatches in ${check.cases} cases; faults: ${check.faults.length}`)
    say(`log: ${audit.entries} entries in ${audit.chains} chains, ${audit.isWhole ? 'unbroken' : `broken: ${JSON.stringify(audit.broken)}`}`)
    for (const line of [...check.faults.slice(0, 10), ...[...total.errors].map(([code, count]) => `error ${code}: ${count} times`), ...total.errorWords]) say(line)
    const warned = server.error().trim()
    if (warned) say(`the server said:\n${warned.slice(0, 2000)}`)
    const isMet = first.step.p95 < GOAL_MS && total.errors.size === 0 && check.faults.length === 0 && audit.isWhole
    say(isMet ? `met: p95 of a transition ${first.step.p95.toFixed(0)} ms < ${GOAL_MS} ms at ${first.stepsPerSecond.toFixed(1)} steps a second, nothing lost, nothing doubled` : 'NOT met')
    return { isMet, report: { options, phases, sustained, conflicts: total.conflicts, errors: Object.fromEntries(total.errors), check: { ...check, faults: check.faults.slice(0, 50) }, audit } }
  } finally {
    server.child.kill('SIGTERM')
    await server.ended
  }
}

export const trial: Trial = {
  name: 'loop',
  async run(words, say) {
    const options = optionsOf(words)
    if (typeof options === 'string') return { refused: options }
    const { db, url, drop } = await openThrowAway(4)
    const dataDirectory = await mkdtemp(path.join(tmpdir(), 'xiucheng-loop-'))
    try {
      if (url === undefined) return { refused: 'It needs DATABASE_URL: the server and the measuring process share a PostgreSQL server.' }
      return await play(db, url, dataDirectory, options, say)
    } finally {
      await drop()
      await rm(dataDirectory, { recursive: true, force: true })
    }
  },
}

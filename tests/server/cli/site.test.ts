import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../../server/cli/main.ts'
import { runCli } from '../../helpers/program.ts'

const TRIAL = process.env['TRIAL_DATA']
const why = TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'
const STORES = path.join(TRIAL ?? '', 'known/facility-location-sf')
const DISTANCES = path.join(STORES, 'SF_network_distance_candidateStore_16_censusTract_205_new.csv')
const PEOPLE = path.join(STORES, 'SF_demand_205_centroid_uniform_weight.csv')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-site-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text)

interface Answer extends Record<string, unknown> {
  sites: string[]
  objective: number
  bound: number
  gap: number
  perSite: { site: string; weight: number }[]
  error: { code: string; message: string }
  issues: { code: string; demands: string[]; weight: number }[]
}

/** The command within this process, with what it printed; no database is named anywhere. */
async function site(...words: string[]): Promise<{ code: number; out: string; error: string; json: Answer }> {
  let out = ''
  let error = ''
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text), isTerminal: false }
  const code = await runCommandLine(['site', ...words], { DATA_DIR: '/nowhere/at/all' }, streams, new AbortController().signal, folder)
  return { code, out, error, json: words.includes('--json') ? (JSON.parse(out) as Answer) : ({} as Answer) }
}

const ROAD = ['--costs', 'road.csv', '--cost-column', 'metres', '--site-column', 'plot', '--demand-column', 'village', '--weight-column', 'people']
const ROWS = [
  ['P1', 'A', 0, 5], ['P1', 'B', 10, 1], ['P1', 'C', 30, 4],
  ['P2', 'A', 15, 5], ['P2', 'B', 5, 1], ['P2', 'C', 15, 4],
  ['P10', 'A', 30, 5], ['P10', 'B', 20, 1], ['P10', 'C', 0, 4],
] as const
const table = (rows: readonly (readonly (string | number)[])[]) => ['plot,village,metres,people', ...rows.map((row) => row.join(','))].join('\n')

describe.skipIf(!TRIAL)(`the stores of San Francisco${why}`, () => {
  const ask = (method: string, ...more: string[]) => site('--method', method, '--costs', DISTANCES, '--cost-column', 'distance', '--site-column', 'name', '--demand-column', 'DestinationName', '--weight-column', 'demand', '--p', '4', '--radius', '5000', '--json', ...more)
  const proven = { gap: 0, isProven: true, stoppedBy: 'proven' }

  test('set covering takes eight', async () => {
    const { json } = await ask('lscp')
    expect(json).toMatchObject({ objective: 8, bound: 8, unserved: { count: 0 }, unusedOptions: ['--p'], ...proven })
    expect(json.sites).toHaveLength(8)
  })

  test('four cover 875,247 of 955,113', async () => {
    const { json } = await ask('mclp')
    expect(json).toMatchObject({ objective: 875_247, bound: 875_247, totalWeight: 955_113, unserved: { count: 21, weight: 79_866 }, ...proven })
    expect(json.sites).toEqual(['Store_2', 'Store_11', 'Store_12', 'Store_15'])
  })

  test('p-median', async () => {
    const { json } = await ask('p-median')
    expect(json).toMatchObject(proven)
    expect(json.objective.toFixed(4)).toBe('2848268129.7145')
    expect(json.sites).toEqual(['Store_2', 'Store_11', 'Store_12', 'Store_15'])
  })

  test('p-center', async () => {
    const { json } = await ask('p-center')
    expect(json).toMatchObject(proven)
    expect(json.objective.toFixed(6)).toBe('7403.063811')
    expect(json.sites).toEqual(['Store_7', 'Store_11', 'Store_13', 'Store_15'])
  })

  test('the same with the people from a table of their own', async () => {
    const words = ['--costs', DISTANCES, '--cost-column', 'distance', '--site-column', 'name', '--demand-column', 'DestinationName', '--weights', PEOPLE, '--weights-demand-column', 'NAME', '--weight-column', 'POP2000']
    expect((await site('--method', 'mclp', ...words, '--p', '4', '--radius', '5000', '--json')).json).toMatchObject({ objective: 875_247, isProven: true })
  })

  test('as a program of its own, with one line of JSON and nothing else', async () => {
    const { code, out, error } = await runCli(['site', '--method', 'mclp', '--costs', DISTANCES, '--cost-column', 'distance', '--site-column', 'name', '--demand-column', 'DestinationName', '--weight-column', 'demand', '--p', '4', '--radius', '5000', '--json'], { DATA_DIR: '/nowhere/at/all' })
    expect({ code, error, lines: out.trimEnd().split('\n').length }).toEqual({ code: 0, error: '', lines: 1 })
    expect(JSON.parse(out)).toMatchObject({ objective: 875_247 })
  })
})

describe('a table of one’s own', () => {
  beforeAll(() => write('road.csv', table(ROWS)))

  test('the fast answer has a bound too, and the curve says what each further site adds', async () => {
    const { json, code } = await site('--method', 'mclp', ...ROAD, '--p', '1', '--radius', '10', '--fast', '--curve', '3', '--json')
    expect(code).toBe(0)
    expect(json).toMatchObject({ objective: 6, sites: ['P1'], curve: [{ p: 1, site: 'P1', objective: 6 }, { p: 2, site: 'P10', objective: 10 }] })
    expect(json.bound).toBeGreaterThanOrEqual(6)
  })

  test('existing sites serve and are not counted', async () => {
    expect((await site('--method', 'p-median', ...ROAD, '--p', '1', '--existing', 'P10', '--json')).json).toMatchObject({ sites: ['P1'], existing: ['P10'], objective: 10 })
  })

  test('a budget and capacities from a table of sites', async () => {
    write('plots.csv', 'plot,price,room\nP1,9,3\nP2,4,5\nP10,4,4\n')
    expect((await site('--method', 'mclp', ...ROAD, '--radius', '10', '--budget', '8', '--sites', 'plots.csv', '--site-cost-column', 'price', '--json')).json).toMatchObject({ sites: ['P2', 'P10'], objective: 5 })
    expect((await site('--method', 'mclp', ...ROAD, '--radius', '15', '--p', '1', '--sites', 'plots.csv', '--capacity-column', 'room', '--json')).json).toMatchObject({ sites: ['P2'], objective: 5, isProven: true })
  })

  test('the order of the rows decides nothing', async () => {
    write('turned.csv', table([...ROWS].reverse()))
    const turned = ROAD.map((word) => (word === 'road.csv' ? 'turned.csv' : word))
    for (const method of ['mclp', 'p-median', 'p-center']) {
      const words = ['--method', method, '--p', '2', '--radius', '10', '--json']
      const [one, other] = [await site(...words, ...ROAD), await site(...words, ...turned)]
      expect({ ...other.json, seconds: 0 }).toEqual({ ...one.json, seconds: 0 })
    }
  })

  test('semicolons, Windows line ends and quotes are read alike', async () => {
    const plain = table(ROWS)
    write('semicolons.csv', plain.replaceAll(',', ';').replaceAll('\n', '\r\n'))
    write('quoted.csv', plain.replaceAll('P10', '"P10"'))
    const words = ['--method', 'mclp', '--p', '2', '--radius', '10', '--json']
    const expected = { ...(await site(...words, ...ROAD)).json, seconds: 0 }
    for (const name of ['semicolons.csv', 'quoted.csv']) expect({ ...(await site(...words, ...ROAD.map((word) => (word === 'road.csv' ? name : word)))).json, seconds: 0 }).toEqual(expected)
  })

  test('reads as a table for people', async () => {
    const { out, code } = await site('--method', 'mclp', ...ROAD, '--p', '1', '--radius', '10')
    expect(code).toBe(0)
    expect(out).toMatch(/覆盖权重 covered weight {2}6 \/ 10/)
    expect(out).toMatch(/已证明最优 proven optimal/)
    expect(out).toMatch(/次选 runner-up P10/)
    expect(out).toMatch(/未服务 unserved 1 \(4\)/)
  })
})

describe('what cannot be taken is told with its place', () => {
  const refused = async (rows: readonly (readonly (string | number)[])[], ...more: string[]) => {
    write('faulty.csv', table(rows))
    const outcome = await site('--method', 'p-median', ...ROAD.map((word) => (word === 'road.csv' ? 'faulty.csv' : word)), '--p', '1', ...more)
    expect(outcome.code).toBe(1)
    return outcome.error
  }

  test('a column that is not there, with those that are', async () => {
    write('road.csv', table(ROWS))
    const { code, error } = await site('--method', 'p-median', ...ROAD.map((word) => (word === 'metres' ? 'minutes' : word)), '--p', '1')
    expect(code).toBe(1)
    expect(error).toMatch(/no column "minutes" \(--cost-column\)\. There are: plot, village, metres, people/)
  })

  test('cells that are no number, empty, or negative, by row', async () => {
    const error = await refused([['P1', 'A', 'far', 5], ['P1', 'B', '', 5], ['P1', 'C', -3, 5], ['P2', 'A', 1, 5]])
    expect(error).toMatch(/faulty.csv cannot be used: 3 faults/)
    expect(error).toMatch(/row 2, metres: .*"far" is not a number/)
    expect(error).toMatch(/row 3, metres: 为空。 is empty/)
    expect(error).toMatch(/row 4, metres: .*-3 is below zero/)
  })

  test('a pair that is there twice, and a weight that contradicts itself', async () => {
    expect(await refused([['P1', 'A', 1, 5], ['P2', 'A', 2, 5], ['P1', 'A', 3, 5]])).toMatch(/row 4: P1 → A 重复 is there twice: 第 2 行 row 2/)
    expect(await refused([['P1', 'A', 1, 5], ['P2', 'A', 2, 6]])).toMatch(/row 3: 需求点 demand "A" 的 people 前后不一 differs: 6.*row 2: 5/)
  })

  test('a row with more cells than the heading', async () => {
    write('faulty.csv', `${table(ROWS)}\nP1,D,1,2,3\n`)
    expect((await site('--method', 'p-median', ...ROAD.map((word) => (word === 'road.csv' ? 'faulty.csv' : word)), '--p', '1')).error).toMatch(/row 11: The row has 5 cells, the heading 4/)
  })

  test('islands by name, with --json as data', async () => {
    write('faulty.csv', table([['P1', 'A', 1, 5], ['P2', 'B', 1, 7]]))
    write('weights.csv', 'village,people\nA,5\nB,7\nC,3\n')
    const words = ['--method', 'p-median', '--costs', 'faulty.csv', '--cost-column', 'metres', '--site-column', 'plot', '--demand-column', 'village', '--weights', 'weights.csv', '--weight-column', 'people', '--p', '2']
    const { json, code } = await site(...words, '--json')
    expect(code).toBe(1)
    expect(json).toMatchObject({ error: { code: 'bad_request' }, issues: [{ code: 'islands', demands: ['C'], weight: 3 }] })
    expect((await site(...words)).error).toMatch(/1 demands \(weight 3\).*\n {2}C/)
  })

  test('a demand without a weight, a site nobody knows, a file that is not there', async () => {
    write('road.csv', table(ROWS))
    write('weights.csv', 'village,people\nA,5\nB,7\n')
    expect((await site('--method', 'p-median', ...ROAD, '--weights', 'weights.csv', '--p', '1')).error).toMatch(/1 have no people in weights.csv: C/)
    expect((await site('--method', 'p-median', ...ROAD, '--existing', 'P7', '--p', '1')).error).toMatch(/no site "P7"; sites are P1, P2, P10/)
    expect((await site('--method', 'p-median', ...ROAD.map((word) => (word === 'road.csv' ? 'gone.csv' : word)), '--p', '1')).error).toMatch(/no file .*gone.csv/)
  })

  test.each([
    [['--method', 'best', ...ROAD], /lscp, mclp, p-median, p-center/],
    [['--method', 'mclp', ...ROAD, '--p', '2'], /--radius is missing/],
    [['--method', 'p-median', ...ROAD], /--p is missing/],
    [['--method', 'p-median', ...ROAD, '--p', 'two'], /--p wants a whole number, not "two"/],
    [['--method', 'mclp', ...ROAD, '--radius', '10', '--budget', '3'], /--budget needs --site-cost-column/],
  ])('wrong words: %j', async (words, sentence) => {
    const { code, error } = await site(...words)
    expect(code).toBe(2)
    expect(error).toMatch(sentence)
  })

  test('more sites than there are, and none at all', async () => {
    expect((await site('--method', 'p-median', ...ROAD, '--p', '9')).error).toMatch(/9 new sites are asked for, but there are only 3 candidates/)
    expect((await site('--method', 'p-median', ...ROAD, '--p', '0')).error).toMatch(/whole number above 0; it is 0/)
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../../server/cli/main.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-supply-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const COLUMNS = ['--cost-column', 'metres', '--demand-column', 'home', '--supply-column', 'park', '--weight-column', 'people', '--capacity-column', 'm2']

/** Three homes and two parks: 2000 m² shared by 100 + 300, 5400 m² by 300 + 600 within 500 m. */
const TABLE = `home,park,metres,people,elders,m2
甲,北园,200,100,40,2000
甲,南园,900,100,40,5400
乙,北园,400,300,0,2000
乙,南园,100,300,0,5400
丙,南园,500,600,60,5400
`

/** Runs the command with an environment that no command with a database could start in. */
async function analyse(table: string | Buffer, ...options: string[]) {
  const file = path.join(folder, 'costs.csv')
  writeFileSync(file, table)
  let out = ''
  let error = ''
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text), isTerminal: false }
  const code = await runCommandLine(['analyse', 'supply', '--costs', 'costs.csv', ...options], { PORT: 'many' }, streams, new AbortController().signal, folder)
  return { code, out, error }
}

const json = (out: string): unknown => JSON.parse(out)

describe('analyse supply', () => {
  test('figures of a table, as worked by hand', async () => {
    const { code, out } = await analyse(TABLE, ...COLUMNS, '--within', '500', '--standard', '6', '--json')
    expect(code).toBe(0)
    expect(json(out)).toMatchObject({
      within: 500, pairs: 5, pairsInReach: 4, repeatedPairs: 0, group: 'people', groups: [],
      // 2000 / 400 = 5; 5400 / 900 = 6; the second home has both
      demands: [{ demand: '甲', people: 100, value: 5 }, { demand: '乙', people: 300, value: 11 }, { demand: '丙', people: 600, value: 6 }],
      supplies: [{ supply: '北园', peopleInReach: 400, perPersonInReach: 5 }, { supply: '南园', peopleInReach: 900, perPersonInReach: 6 }],
      summary: {
        people: 1000, capacity: 7400, mean: 7.4, median: 6, least: 5, greatest: 11, below: { standard: 6, people: 100, share: 0.1 },
        // 1 − (0.1 · 500 + 0.6 · (500 + 4100) + 0.3 · (4100 + 7400)) / 7400 = 1 − 6260 / 7400
        gini: expect.closeTo(1140 / 7400, 12) as number,
        conservation: { supplied: 7400, received: 7400, relativeDifference: 0, isConserved: true }, outOfReach: { demands: 0, people: 0, share: 0 }, unused: { supplies: [], capacity: 0 },
      },
      method: { nameEn: 'two-step floating catchment area' },
    })
  })

  test('zones and Gaussian weigh as they say', async () => {
    // Park 1: 100 + 300 / 2 = 250 → 8; park 2: 300 + 600 / 2 = 600 → 9
    const zones = await analyse(TABLE, ...COLUMNS, '--kernel', 'stepped', '--zones', '300,500', '--zone-weights', '1,0.5', '--json')
    expect(json(zones.out)).toMatchObject({ within: 500, demands: [{ value: 8 }, { value: 13 }, { value: 4.5 }] })
    const gaussian = await analyse(TABLE, ...COLUMNS, '--kernel', 'gaussian', '--within', '500', '--json')
    expect(json(gaussian.out)).toMatchObject({ demands: [{ isOutOfReach: false }, {}, { demand: '丙', value: 0, isOutOfReach: true }], summary: { outOfReach: { demands: 1, people: 600, share: 0.6 }, conservation: { isConserved: true } } })
  })

  test('groups are demands of their own, or look at what all people share', async () => {
    const own = await analyse(TABLE, ...COLUMNS, '--weight-column', 'elders', '--within', '500', '--json')
    expect(json(own.out)).toMatchObject({ group: 'people', demands: [{ value: 5 }, { value: 11 }, { value: 6 }], groups: [{ group: 'elders', demands: [{ value: 50 }, { value: 140 }, { value: 90 }], summary: { people: 100, mean: 74 } }] })
    const shared = await analyse(TABLE, ...COLUMNS.with(7, 'elders'), '--shared-by', 'people', '--within', '500', '--json')
    // 40 elders with 5, 60 with 6
    expect(json(shared.out)).toMatchObject({ sharedBy: 'people', group: 'elders', demands: [{ value: 5 }, { value: 11 }, { value: 6 }], summary: { people: 100, mean: 5.6, conservation: { supplied: 7400 } }, groups: [] })
  })

  test('who reaches nothing and what nobody reaches stand in rows of their own; of a repeated pair the least cost counts', async () => {
    const { code, out, error } = await analyse('home\tpark\tmetres\tpeople\tm2\nA\tP\t900\t10\t100\nA\tP\t20\t10\t100\nB\t\t\t30\t\n\tQ\t\t\t7\n', ...COLUMNS, '--within', '500', '--json')
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(json(out)).toMatchObject({ repeatedPairs: 1, demands: [{ demand: 'A', value: 10 }, { demand: 'B', value: 0, isOutOfReach: true }], summary: { outOfReach: { demands: 1, people: 30, share: 0.75 }, unused: { supplies: ['Q'], capacity: 7 }, gini: 0.75, conservation: { supplied: 100 } } })
  })

  test('people without people, or shares of nothing, are no value and not 0', async () => {
    const { out } = await analyse('home,park,metres,people,m2\nA,P,1,0,5\n', ...COLUMNS, '--within', '500', '--standard', '8', '--json')
    expect(json(out)).toMatchObject({ summary: { people: 0, mean: null, median: null, gini: null, lorenz: null, below: { people: 0, share: null }, outOfReach: { share: null }, unused: { supplies: ['P'], capacity: 5 }, conservation: { supplied: 0, relativeDifference: null } } })
  })

  test('prints the figures and the worst served, in both languages', async () => {
    const { code, out } = await analyse(iconv.encode(TABLE, 'gb18030'), ...COLUMNS, '--within', '500', '--standard', '6', '--top', '1')
    expect(code).toBe(0)
    expect(out).toContain('人均供给 supply per person 7.4  中位数 median 6')
    expect(out).toContain('低于标准 below 6: 100 人 people (10.00 %)')
    expect(out).toContain('守恒 conservation: 供给 supplied 7,400 = 获得 received 7,400  相对差 relative difference 0.0e+0')
    expect(out).toMatch(/\n {4}甲 {2}5 {2}100 人 people\n$/)
  })
})

describe('tables that cannot be used', () => {
  const bad = async (table: string, ...options: string[]) => {
    const { code, out, error } = await analyse(table, ...(options.length > 0 ? options : COLUMNS), '--within', '500')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    return error
  }

  test('a missing column is named with those there are', async () => {
    expect(await bad(TABLE, ...COLUMNS.with(1, 'meters'))).toContain('costs.csv has no column "meters" (--cost-column). There are: home, park, metres, people, elders, m2.')
  })

  test('every fault is told with its row and column', async () => {
    const error = await bad('home,park,metres,people,m2\nA,P,-5,10,100\nA,P,near,ten,100\n,P,5,,100\nB,P,,20,\nA,Q,3,10,1e999\n')
    expect(error).toContain('costs.csv cannot be used: 7 faults.')
    for (const fault of ['行 row 2, metres: -5 小于 0。 -5 is below zero', '行 row 3, metres: “near” 不是数。 "near" is not a number', '行 row 3, people: “ten” 不是数', '行 row 4, home: 为空。 is empty', '行 row 5, metres: 为空', '行 row 5, m2: 为空', '行 row 6, m2: “1e999” 不是数']) expect(error).toContain(fault)
  })

  test('people or capacities that differ between rows of one demand or supply contradict each other', async () => {
    const error = await bad('home,park,metres,people,m2\nA,P,1,10,100\nA,Q,2,11,100\nB,P,2,5,90\n')
    expect(error).toContain('行 row 3, people: “A” 在第 2 行为 10，此处为 11。 "A" has 10 in row 2 and 11 here')
    expect(error).toContain('row 4, m2: “P” 在第 2 行为 100')
  })

  test('many faults are counted, the first ten told', async () => {
    const error = await bad(`home,park,metres,people,m2\n${'A,P,-1,1,1\n'.repeat(5000)}`)
    expect(error).toContain('5000 faults')
    expect(error.match(/row \d+/g)).toHaveLength(10)
    expect(error).toContain('4990 more')
  })

  test('no rows, no file, an unbalanced quote', async () => {
    expect(await bad('home,park,metres,people,m2\n')).toContain('only the heading, no rows')
    expect(await bad('')).toMatch(/empty/)
    expect(await bad(TABLE, '--costs', 'none.csv', ...COLUMNS)).toContain('There is no file')
    expect(await bad('home,park,metres,people,m2\n"A,P,1,1,1\n')).toMatch(/cannot be read after row/)
  })

  test('people so few that their share cannot be written as a number', async () => {
    expect(await bad('home,park,metres,people,m2\nA,P,1,1e-320,1e10\n')).toContain('too small a part of one person')
  })
})

test.each([
  [['--within', '0'], /within 0: more than zero is due/],
  [['--within', 'far'], /--within wants a number, not "far"/],
  [[], /--within is missing/],
  [['--within', '5', '--kernel', 'cubic'], /--kernel wants one of step, stepped, gaussian/],
  [['--kernel', 'stepped', '--zones', '100,200', '--zone-weights', '1'], /--zones has 2 and --zone-weights 1 numbers/],
  [['--kernel', 'stepped', '--zones', '200,100', '--zone-weights', '1,0.5'], /up to 100 after 200: zones ascend/],
  [['--kernel', 'stepped', '--zones', '100,200', '--zone-weights', '1,0.5', '--within', '500'], /contradict each other/],
  [['--within', '5', '--zones', '100'], /belong to --kernel stepped/],
  [['--within', '5', '--standard=-1'], /--standard is below zero/],
  [['--within', '5', 'more'], /"more" is one word too many/],
])('wrong words %j are answered with a sentence and exit code 2', async (options, why) => {
  const { code, error } = await analyse(TABLE, ...COLUMNS, ...options)
  expect(code).toBe(2)
  expect(error).toMatch(why)
})

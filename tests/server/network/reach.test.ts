import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommandLine } from '../../../server/cli/main.ts'
import type { ReachAnswer } from '../../../server/network/reach.ts'

const TRIAL = process.env['TRIAL_DATA']
const folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-reach-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The command line in this process; a database could only be opened in a folder that must not come to be. */
async function reach(...words: string[]) {
  const data = path.join(folder, 'no-database')
  let [out, error] = ['', '']
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text), isTerminal: false }
  const code = await runCommandLine(['analyse', 'reach', ...words], { DATA_DIR: data }, streams, new AbortController().signal, folder)
  expect(existsSync(data)).toBe(false)
  return { code, out, error }
}

async function answer(...words: string[]): Promise<ReachAnswer> {
  const { code, out, error } = await reach(...words, '--json')
  expect({ code, error }).toEqual({ code: 0, error: '' })
  return JSON.parse(out) as ReachAnswer
}

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text)
  return name
}

const COLUMNS = ['--source-column', 'u', '--target-column', 'v', '--length-column', 'm']
let files = 0
const of = (...rows: string[]) => ['--edges', file(`edges-${(files += 1)}.csv`, `u,v,m\n${rows.join('\n')}\n`), ...COLUMNS]

describe('reach over a file of edges', () => {
  const town = of('a,b,100', 'b,c,50.5', 'c,a,400', '甲,乙,20')

  test('counts, finds the farthest, and the way to another node', async () => {
    expect(await answer(...town, '--from', 'a', '--to', 'c', '--within', '150.5,100')).toEqual({
      directed: false,
      nodes: 5,
      edges: 4,
      components: 2,
      largestComponent: 3,
      from: [{ node: 'a', componentNodes: 3 }],
      reached: 3,
      within: [{ distance: 100, nodes: 2 }, { distance: 150.5, nodes: 3 }],
      farthest: { node: 'c', distance: 150.5 },
      to: { node: 'c', distance: 150.5, from: 'a', reason: null },
    })
  })

  test('from several starts each node counts for the nearest, in whatever order they are named', async () => {
    const list = [{ node: 'a', distance: 0, from: 'a' }, { node: '乙', distance: 0, from: '乙' }, { node: '甲', distance: 20, from: '乙' }, { node: 'b', distance: 100, from: 'a' }]
    expect((await answer(...town, '--from', 'a', '--from', '乙', '--within', '100', '--list')).list).toEqual(list)
    expect((await answer(...town, '--from', '乙', '--from', 'a', '--from', 'a', '--within', '100', '--list')).list).toEqual(list)
  })

  test('says of a node without a way why there is none', async () => {
    expect((await answer(...town, '--from', 'a', '--to', '甲')).to).toEqual({ node: '甲', distance: null, from: null, reason: 'other_component' })
    expect((await answer(...town, '--directed', '--from', '乙', '--to', '甲')).to).toMatchObject({ distance: null, reason: 'one_way' })
    expect((await reach(...town, '--from', 'a', '--to', '甲')).out).toContain('不可达：在路网的另一连通部分')
  })

  test('reads the properties of GeoJSON as columns, whatever their geometries', async () => {
    const feature = (u: number, v: number, m: number, geometry: unknown) => ({ type: 'Feature', properties: { u, v, m }, geometry })
    const edges = file('edges.geojson', JSON.stringify({ type: 'FeatureCollection', features: [feature(1, 2, 10, { type: 'LineString', coordinates: [[24.9, 60.1], [24.9, 60.2]] }), feature(2, 3, 5, null), feature(3, 4, 1, { type: 'LineString', coordinates: [[24.9, 60.1]] })] }))
    expect((await answer('--edges', edges, ...COLUMNS, '--from', '1')).farthest).toEqual({ node: '4', distance: 16 })
  })

  test.each([
    ['a column that is not there', [...of('a,b,1').slice(0, 2), '--source-column', 'from', '--target-column', 'v', '--length-column', 'm', '--from', 'a'], 'The file has no column "from". It has: u, v, m.'],
    ['a length that is no number', [...of('a,b,1', 'b,c,far'), '--from', 'a'], 'Row 2: the length "far" in column "m" is not a number. Mend the row, or name another column with --length-column; it has: u, v, m.'],
    ['a length that is missing', [...of('a,b,'), '--from', 'a'], 'Row 1: the length null in column "m" is not a number.'],
    ['a decimal comma', [...of('a,b,"1,5"'), '--from', 'a'], 'Write decimals with a point.'],
    ['a length below zero', [...of('a,b,1', 'b,c,-1'), '--from', 'a'], 'Row 2: the length -1 in column "m" is below zero.'],
    ['an edge without an end', [...of('a,,1'), '--from', 'a'], 'Row 1 names no node in column "v".'],
    ['a row of too many cells', [...of('a,b,1,2'), '--from', 'a'], 'Row 1: The row has 4 cells, the heading 3'],
    ['a node that is not there', [...of('north,b,1', 'south,b,1'), '--from', 'nort'], '--from nort: the network has no such node. Nearest by name: north, south, b.'],
    ['a target that is not there', [...of('a,b,1'), '--from', 'a', '--to', 'z'], '--to z: the network has no such node.'],
    ['a heading without rows', [...of(), '--from', 'a'], '.csv holds no edge: one row for each edge is due'],
    ['a file that is not there', ['--edges', 'none.csv', ...COLUMNS, '--from', 'a'], 'There is no file'],
  ])('tells %s with its place and the way to mend it', async (_what, words, sentence) => {
    const { code, error } = await reach(...words)
    expect({ code, error: error.includes(sentence) ? sentence : error }).toEqual({ code: 1, error: sentence })
    expect(error).not.toMatch(/^\s+at /m)
  })

  test('tells of an empty file, and of a node number that JSON cannot hold', async () => {
    expect((await reach('--edges', file('empty.csv', ''), ...COLUMNS, '--from', 'a')).error).toBe('The file is empty.\n')
    const edges = file('long.geojson', '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"u":12345678901234567890,"v":2,"m":1}}]}')
    expect((await reach('--edges', edges, ...COLUMNS, '--from', '2')).error).toContain('write nodes as text')
    const properties = file('other.geojson', '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"from":1}}]}')
    expect((await reach('--edges', properties, ...COLUMNS, '--from', '2')).error).toBe('第 1 行没有列“u”。Row 1 has no column "u". It has: from.\n')
  })

  test.each([
    ['without a start', town, '--from is missing'],
    ['with a distance that is none', [...town, '--from', 'a', '--within', '300,far'], '--within wants distances'],
    ['with a word too many', [...town, '--from', 'a', 'b'], '"b" is one word too many'],
    ['without a column', ['--edges', 'edges.csv', '--from', 'a'], '--source-column is missing'],
  ])('a call %s is a wrong usage', async (_what, words, sentence) => {
    const { code, error } = await reach(...words)
    expect(code).toBe(2)
    expect(error).toContain(sentence)
    expect(error).toContain('analyse reach --edges FILE')
  })
})

describe.skipIf(!TRIAL)(`published networks${TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'}`, () => {
  const helsinki = ['--edges', path.join(TRIAL ?? '', 'helsinki/osmnx_network_paths.geojson'), '--source-column', 'u', '--target-column', 'v', '--length-column', 'length', '--within', '300,500,800,1000']

  test.each([
    ['4580802352', [85, 230, 743, 1463], 2769.187182, '581077290', 1165.414938],
    ['581077290', [180, 322, 825, 1519], 3212.441716, '5405088469', 2071.277742],
    ['5405088469', [156, 239, 933, 1881], 3025.399755, '4580802352', 1625.835644],
  ])('Helsinki on foot from %s', async (from, counts, farthest, to, distance) => {
    const found = await answer(...helsinki, '--from', from, '--to', to)
    expect(found).toMatchObject({ nodes: 12_337, edges: 27_160, components: 211, largestComponent: 11_317, from: [{ node: from, componentNodes: 11_317 }], reached: 11_317 })
    expect(found.within.map(({ nodes }) => nodes)).toEqual(counts)
    expect(found.farthest.distance).toBeCloseTo(farthest, 6)
    expect(found.to!.distance).toBeCloseTo(distance, 6)
  })

  test('Helsinki with its one-way streets, which a walker does not mind', async () => {
    expect((await answer(...helsinki, '--from', '5405088469', '--directed')).within.map(({ nodes }) => nodes)).toEqual([expect.any(Number), expect.any(Number), 930, 1858])
  })

  test('the answers of pgRouting’s own documentation', async () => {
    const place = path.join(TRIAL!, 'known/driving-distance')
    const expected = JSON.parse(readFileSync(path.join(place, 'expected.json'), 'utf8')) as Record<string, Record<string, number>>
    for (const [name, from, directed] of [['directed_from_11_within_3', '11', true], ['undirected_from_11_within_3', '11', false], ['undirected_from_16_within_3', '16', false]] as const) {
      const { list } = await answer('--edges', path.join(place, 'edges.csv'), '--source-column', 'source', '--target-column', 'target', '--length-column', 'cost', '--reverse-length-column', 'reverse_cost', ...(directed ? ['--directed'] : []), '--from', from, '--within', '3', '--list')
      expect({ [name]: Object.fromEntries(list!.map(({ node, distance }) => [node, distance])) }).toEqual({ [name]: expected[name] })
    }
  })
})

/**
 * The walking network: one search from all gates against pgRouting's driving distance from one virtual source that joins them
 * (on a PostgreSQL server with pgRouting, DATABASE_URL), and how time grows with the network.
 */
import { createHash } from 'node:crypto'
import type { Db } from '../../server/db/db.ts'
import { sql } from '../../server/db/sql.ts'
import { buildGraph, bytesOfGraph, type NetworkGraph } from '../../server/engine/network/graph.ts'
import { type NetworkSources, positionsAtNodes } from '../../server/engine/network/positions.ts'
import { NetworkSearch, type NodeLabels } from '../../server/engine/network/search.ts'
import type { Bench, Comparison } from './bench.ts'
import { makeStreetGrid, type StreetGrid } from './street-grid.ts'
import { openThrowAway } from './throw-away.ts'

const LIMIT_METERS = 500
const GATE_SHARE = 0.05
/** Corners on a side: 99,856 nodes; then 400,689 and 1,600,225 nodes with 4 million edges. */
const SIDES = { city: 316, region: 633, country: 1265 }
/** Four times the network. */
const MOST_TIMES = 6
const AS_FAST_AS = 5
const SAME_METERS = 1e-6
const CHUNK = 50_000

function sourcesOf(graph: NetworkGraph, gates: Uint32Array): NetworkSources {
  const nodes = [...new Set(gates)].map((gate) => graph.nodeOfInput[gate]!)
  return { ...positionsAtNodes(graph, nodes), owner: Uint32Array.from(nodes, (_node, gate) => gate) }
}

/** Count and hash of the settled nodes, as the input numbers them. */
function hashOf(settled: Uint32Array): string {
  return `${settled.length} ${createHash('sha256').update(settled.sort()).digest('hex').slice(0, 8)}`
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6)

/** Edges into a table of pgRouting's form: both ways, and a node of its own that leads to every gate at no cost. */
async function storeEdges(db: Db, { edges, gates }: StreetGrid): Promise<number> {
  await db.exec('create table bench_edges (id bigserial primary key, source bigint not null, target bigint not null, cost float8 not null, reverse_cost float8 not null)')
  for (let at = 0; at < edges.from.length; at += CHUNK) {
    const part = (array: Uint32Array | Float64Array) => Array.from(array.subarray(at, at + CHUNK))
    await db.query(sql`insert into bench_edges (source, target, cost, reverse_cost) select s, t, c, c from unnest(${part(edges.from)}::bigint[], ${part(edges.to)}::bigint[], ${part(edges.costForward)}::float8[]) as e(s, t, c)`)
  }
  const virtual = edges.nodeCount
  await db.query(sql`insert into bench_edges (source, target, cost, reverse_cost) select ${virtual}::bigint, gate, 0, -1 from unnest(${[...new Set(gates)]}::bigint[]) as g(gate)`)
  await db.exec('analyze bench_edges')
  return virtual
}

/** Why pgRouting cannot be measured here; undefined where it can. */
async function openPeer(): Promise<{ db: Db; version: string; drop(): Promise<void> } | { refused: string }> {
  if (!process.env['DATABASE_URL']) return { refused: 'pgRouting is not compared: DATABASE_URL names no PostgreSQL server (the embedded engine has no pgRouting).' }
  const { db, drop } = await openThrowAway(2)
  const [available] = await db.query<{ version: string }>(sql`select default_version as version from pg_available_extensions where name = 'pgrouting'`)
  if (!available) {
    await drop()
    return { refused: 'pgRouting is not compared: the server has none (Debian: apt-get install postgresql-15-pgrouting).' }
  }
  await db.exec('create extension pgrouting')
  return { db, version: available.version, drop }
}

/** Every settled node at the very distance that pgRouting gives it. @throws Error naming the first that differs */
function checkDistances(graph: NetworkGraph, { distance }: NodeLabels, rows: readonly { node: number; cost: number }[]): void {
  for (const { node, cost } of rows) {
    const ours = distance[graph.nodeOfInput[node]!]!
    if (Math.abs(ours - cost) > SAME_METERS) throw new Error(`node ${node} is ${cost} m off by pgRouting and ${ours} m by the engine`)
  }
}

async function againstPeer(db: Db, version: string): Promise<Comparison[]> {
  const grid = makeStreetGrid(SIDES.city, GATE_SHARE, 1)
  console.error('network: storing the edges …')
  const virtual = await storeEdges(db, grid)
  const graph = buildGraph(grid.edges)
  const search = new NetworkSearch(graph)
  const sources = sourcesOf(graph, grid.gates)
  const peerRows = () => db.query<{ node: number; cost: number }>(sql`select node, agg_cost as cost from pgr_drivingdistance('select id, source, target, cost, reverse_cost from bench_edges', ${virtual}::bigint, ${LIMIT_METERS}::float8, true) where node <> ${virtual}`, { timeoutMs: 600_000 })
  checkDistances(graph, search.run(sources, LIMIT_METERS), await peerRows())
  const count = async () => {
    // Counted in the database, so that nothing but the search and its edges is measured.
    const [row] = await db.query<{ settled: number }>(sql`select count(*)::int as settled from pgr_drivingdistance('select id, source, target, cost, reverse_cost from bench_edges', ${virtual}::bigint, ${LIMIT_METERS}::float8, true) where node <> ${virtual}`, { timeoutMs: 600_000 })
    return { result: String(row!.settled) }
  }
  const size = `${graph.inputNode.length} nodes, ${graph.edgeFrom.length} edges, ${sources.edge.length} gates, ${LIMIT_METERS} m`
  const control = { name: `pgRouting ${version}, one virtual source`, run: count }
  return [
    { name: 'reach of all gates', size, control, subject: { name: 'engine', run: async () => ({ result: String(search.run(sources, LIMIT_METERS).touched.length) }) }, atMost: 1 / AS_FAST_AS },
    {
      name: 'the same, network built each time',
      size,
      control,
      subject: {
        name: 'build + engine',
        run: async () => {
          const built = buildGraph(grid.edges)
          return { result: String(new NetworkSearch(built).run(sourcesOf(built, grid.gates), LIMIT_METERS).touched.length) }
        },
      },
    },
  ]
}

function aNetwork(side: number) {
  const grid = makeStreetGrid(side, GATE_SHARE, 2)
  const graph = buildGraph(grid.edges)
  const search = new NetworkSearch(graph)
  const sources = sourcesOf(graph, grid.gates)
  search.run(sources, LIMIT_METERS)
  return {
    size: `${graph.inputNode.length} nodes, ${graph.edgeFrom.length} edges, ${megabytes(bytesOfGraph(graph))} + ${megabytes(search.bytes)} MB`,
    search: async () => void search.run(sources, LIMIT_METERS),
    build: async () => void buildGraph(grid.edges),
  }
}

/** Time of the larger network against that of the one a quarter of its size, in turn. */
function growth(): Comparison[] {
  const [small, large] = [aNetwork(SIDES.region), aNetwork(SIDES.country)]
  const size = `${small.size} → ${large.size}`
  return [
    { name: 'four times the network: search', size, control: { name: 'a quarter', run: small.search }, subject: { name: 'the whole', run: large.search }, atMost: MOST_TIMES },
    { name: 'four times the network: build', size, control: { name: 'a quarter', run: small.build }, subject: { name: 'the whole', run: large.build }, atMost: MOST_TIMES },
  ]
}

/** What takes a fraction of a millisecond is done many times over. */
const TIMES = 100

function repeat(work: () => void): void {
  for (let time = 0; time < TIMES; time += 1) work()
}

/** One gate more over the labels of all the others, against all anew: what a dragged gate costs. */
function oneMore(): Comparison {
  const grid = makeStreetGrid(SIDES.city, GATE_SHARE / 20, 3)
  const graph = buildGraph(grid.edges)
  const all = sourcesOf(graph, grid.gates)
  const before = { edge: all.edge.subarray(1), fraction: all.fraction.subarray(1), owner: all.owner.subarray(1) }
  const gate = { edge: all.edge.subarray(0, 1), fraction: all.fraction.subarray(0, 1), owner: all.owner.subarray(0, 1) }
  const search = new NetworkSearch(graph)
  const reach = search.run(before, LIMIT_METERS)
  const base = { distance: reach.distance.slice(), owner: reach.owner.slice() }
  const settled = (labels: NodeLabels, also?: NodeLabels) => Uint32Array.from(graph.inputNode.filter((_input, node) => labels.distance[node] !== Infinity || (also !== undefined && also.distance[node] !== Infinity)))
  const whole = hashOf(settled(search.run(all, LIMIT_METERS)))
  if (hashOf(settled(search.run(gate, LIMIT_METERS, base), base)) !== whole) throw new Error('a gate more does not end at the search from all gates')
  return {
    name: 'one gate more over the others',
    size: `${graph.inputNode.length} nodes, ${all.edge.length} gates`,
    control: { name: `all anew, ${TIMES} times`, run: async () => repeat(() => search.run(all, LIMIT_METERS)) },
    subject: { name: `the one, ${TIMES} times`, run: async () => repeat(() => search.run(gate, LIMIT_METERS, base)) },
    atMost: 0.01,
  }
}

export const bench: Bench = {
  name: 'network',
  async prepare() {
    const peer = await openPeer()
    if ('refused' in peer) console.error(`network: ${peer.refused}`)
    return {
      comparisons: [...('refused' in peer ? [] : await againstPeer(peer.db, peer.version)), oneMore(), ...growth()],
      close: async () => {
        if (!('refused' in peer)) await peer.drop()
      },
    }
  },
}

import path from 'node:path'
import { type EdgeFileOptions, readEdgeFile } from '../../network/edge-file.ts'
import { findReach, type ReachAnswer, type ReachQuestion } from '../../network/reach.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

export const REACH_USAGE = `analyse reach --edges FILE --source-column NAME --target-column NAME --length-column NAME --from NODE … [options]

路网可达：从若干节点步行可达的节点数、最远点与两点距离。只读文件，不用数据库。
What can be reached on foot over a network given as a file of edges: nodes within distances, the farthest one, the distance to another.
Works on the file alone, without database or server. Distances are in the unit of the length column.

  --edges FILE         one row for each edge: CSV, GeoJSON (properties are the columns) or any other format that import reads
  --source-column NAME, --target-column NAME, --length-column NAME   the columns with an edge's two nodes and its length
  --reverse-length-column NAME   length of the way back; with it a length below zero closes its way, as pgRouting writes it
  --directed           edges lead from source to target only; without it walkers go both ways, whatever the traffic does
  --from NODE          where to start; may be repeated: each node then counts for the nearest start
  --to NODE            also tells the distance to this node, and why where there is no way
  --within D,D,…       distances to count nodes within (≤), the start included
  --list               also lists every node within the greatest distance, with its distance and its nearest start
  --encoding NAME, --file-layer NAME   as for import
  --json               prints the answer as JSON and nothing else

Examples
  analyse reach --edges paths.geojson --source-column u --target-column v --length-column length --from 4580802352 --within 300,500,800 --json
  analyse reach --edges edges.csv --source-column source --target-column target --length-column cost --reverse-length-column reverse_cost --directed --from 11 --within 3 --list`

interface Call {
  file: string
  edges: EdgeFileOptions
  question: ReachQuestion
}

function distancesOf(text: string | undefined): number[] {
  if (text === undefined) return []
  return text
    .split(',')
    .map((part) => {
      const distance = Number(part)
      if (part.trim() === '' || !Number.isFinite(distance) || distance < 0) throw new UsageError(`--within 要不小于零、以逗号分隔的距离，如 300,500。The option --within wants distances of zero or more with commas between them, as 300,500, not "${text}"`)
      return distance
    })
    .sort((a, b) => a - b)
}

function parseCall(args: string[]): Call {
  const { values, positionals } = readOptions(args, {
    edges: { type: 'string' },
    'source-column': { type: 'string' },
    'target-column': { type: 'string' },
    'length-column': { type: 'string' },
    'reverse-length-column': { type: 'string' },
    directed: { type: 'boolean', default: false },
    from: { type: 'string', multiple: true },
    to: { type: 'string' },
    within: { type: 'string' },
    list: { type: 'boolean', default: false },
    encoding: { type: 'string' },
    'file-layer': { type: 'string' },
  })
  if (positionals.length > 0) throw new UsageError(`“${positionals[0]}”是多出来的词；多个起点请重复 --from。The word "${positionals[0]}" is one word too many; repeat --from for several starts`)
  if (!values.from?.length) throw new UsageError('缺少 --from：请给出起点。The option --from is missing: name a node to start from')
  return {
    file: required(values.edges, '--edges'),
    edges: {
      sourceColumn: required(values['source-column'], '--source-column'),
      targetColumn: required(values['target-column'], '--target-column'),
      lengthColumn: required(values['length-column'], '--length-column'),
      reverseLengthColumn: values['reverse-length-column'],
      isDirected: values.directed,
      encoding: values.encoding,
      fileLayer: values['file-layer'],
    },
    question: { from: values.from.map((node) => node.trim()), to: values.to?.trim(), within: distancesOf(values.within), isListed: values.list },
  }
}

const count = (value: number) => value.toLocaleString('en-US')
const length = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 6 })
const NO_WAY = {
  other_component: '不可达：在路网的另一连通部分 cannot be reached: it lies in another connected part of the network',
  one_way: '不可达：只有反方向的单行路 cannot be reached: one-way edges lead the other way only',
}

function print(io: CommandIo, answer: ReachAnswer, isDirected: boolean): void {
  io.print(`路网 network  ${count(answer.nodes)} 节点 nodes, ${count(answer.edges)} 边 edges${isDirected ? '（单向 directed）' : ''}, ${count(answer.components)} 连通部分 components, 最大 largest ${count(answer.largestComponent)} 节点 nodes`)
  for (const start of answer.from) io.print(`起点 from ${start.node}  所在部分 its component ${count(start.componentNodes)} 节点 nodes`)
  const rows = [
    ...answer.within.map(({ distance, nodes }) => [`${length(distance)} 以内 within`, `${count(nodes)} 节点 nodes`]),
    ['可达 reached', `${count(answer.reached)} 节点 nodes`],
    ['最远 farthest', `${length(answer.farthest.distance)}  节点 node ${answer.farthest.node}`],
  ]
  if (answer.to) rows.push([`至 to ${answer.to.node}`, answer.to.reason ? NO_WAY[answer.to.reason] : `${length(answer.to.distance!)}${answer.from.length > 1 ? `  起点 from ${answer.to.from}` : ''}`])
  for (const [label, value] of rows) io.print(`  ${label}  ${value}`)
  for (const row of answer.list ?? []) io.print(`  ${row.node}  ${length(row.distance)}${answer.from.length > 1 ? `  起点 from ${row.from}` : ''}`)
}

/** `analyse reach`: the network engine over a file. */
export async function analyseReach(args: string[], io: CommandIo): Promise<ReachAnswer & { directed: boolean }> {
  const call = parseCall(args)
  const file = await readEdgeFile(path.resolve(io.workingDirectory, call.file), call.edges, io.signal, (rows) => io.progress(50, `${count(rows)} 行 rows`))
  const answer = findReach(file, call.question)
  print(io, answer, call.edges.isDirected)
  return { directed: call.edges.isDirected, ...answer }
}

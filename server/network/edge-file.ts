/** A network from a file of edges: any table or layer that the importers read, whose columns name two nodes and a length. */
import path from 'node:path'
import { stat } from 'node:fs/promises'
import { readSource } from '../../data/importers/reader.ts'
import type { SourceRow } from '../../data/importers/source-rows.ts'
import type { NetworkEdges } from '../engine/network/graph.ts'
import { AppError } from '../errors.ts'
import { toAppError } from '../imports/read-rows.ts'

export interface EdgeFileOptions {
  sourceColumn: string
  targetColumn: string
  lengthColumn: string
  /** Length of the way back, as pgRouting's `reverse_cost`; with it, a length below zero closes its way. */
  reverseLengthColumn?: string | undefined
  /** Edges are walked from source to target only; the way back is open where `reverseLengthColumn` gives it. */
  isDirected: boolean
  encoding?: string | undefined
  fileLayer?: string | undefined
}

export interface EdgeFile {
  edges: NetworkEdges
  /** Name of each node, as the file writes it. */
  names: string[]
  nodeOfName: ReadonlyMap<string, number>
}

const PROGRESS_ROWS = 20_000

function bad(message: string): AppError {
  return new AppError('bad_request', message)
}

function cellOf(row: SourceRow, column: string): unknown {
  if (!(column in row.properties)) throw bad(`第 ${row.row} 行没有列“${column}”。Row ${row.row} has no column "${column}". It has: ${Object.keys(row.properties).join(', ') || 'none'}.`)
  return row.properties[column]
}

function nameOf(row: SourceRow, column: string): string {
  const cell = cellOf(row, column)
  if (typeof cell === 'number' && Number.isInteger(cell) && !Number.isSafeInteger(cell)) throw bad(`第 ${row.row} 行：列“${column}”的节点 ${cell} 位数超过 JSON 数字的精度，请把节点写成文本。Row ${row.row}: the node ${cell} in column "${column}" has more digits than a JSON number can hold; write nodes as text ("${column}": "…").`)
  const name = typeof cell === 'number' || typeof cell === 'string' ? String(cell).trim() : ''
  if (name === '') throw bad(`第 ${row.row} 行的列“${column}”没有节点：每条边两端都要有节点（数字或文本）。Row ${row.row} names no node in column "${column}"${cell === null || cell === '' ? '' : ` (${JSON.stringify(cell).slice(0, 80)})`}. Every edge needs a node at both ends, a number or a text.`)
  return name
}

function lengthOf(row: SourceRow, column: string, mayBeClosed: boolean): number {
  const cell = cellOf(row, column)
  const length = typeof cell === 'number' ? cell : typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : Number.NaN
  if (!Number.isFinite(length)) {
    const comma = typeof cell === 'string' && /^\s*\d+,\d+\s*$/.test(cell) ? ' Write decimals with a point.' : ''
    throw bad(`第 ${row.row} 行：列“${column}”的长度不是数字，请改正，或用 --length-column 另指一列。Row ${row.row}: the length ${JSON.stringify(cell)} in column "${column}" is not a number.${comma} Mend the row, or name another column with --length-column; it has: ${Object.keys(row.properties).join(', ')}.`)
  }
  if (length >= 0) return length
  if (!mayBeClosed) throw bad(`第 ${row.row} 行：列“${column}”的长度 ${length} 小于零，请改正；如表示此向不通（pgRouting 的 cost、reverse_cost），请用 --reverse-length-column 指明回程的列。Row ${row.row}: the length ${length} in column "${column}" is below zero. Mend the row; where that closes the way, as in pgRouting's cost and reverse_cost, name the column of the way back with --reverse-length-column.`)
  return Infinity
}

/**
 * Reads a file of edges. Walkers go both ways unless the edges are directed.
 * @throws AppError naming the row, the column and how to mend it
 */
export async function readEdgeFile(file: string, options: EdgeFileOptions, signal: AbortSignal, progress: (rows: number) => void): Promise<EdgeFile> {
  const facts = await stat(file).catch(() => undefined)
  if (!facts?.isFile()) throw new AppError('not_found', `没有文件 ${file}。There is no file ${file}.`)
  const columns = [options.sourceColumn, options.targetColumn, options.lengthColumn, ...(options.reverseLengthColumn === undefined ? [] : [options.reverseLengthColumn])]
  const names: string[] = []
  const nodeOfName = new Map<string, number>()
  const nodeOf = (name: string) => {
    let node = nodeOfName.get(name)
    if (node === undefined) {
      node = names.length
      names.push(name)
      nodeOfName.set(name, node)
    }
    return node
  }
  const from: number[] = []
  const to: number[] = []
  const forward: number[] = []
  const backward: number[] = []
  const take = (row: SourceRow) => {
    // Only the columns count; a course that is wrong or missing is no matter.
    const fault = row.problems.find(({ severity, field }) => severity === 'refused' && field !== 'geometry')
    if (fault) throw bad(`Row ${row.row}: ${fault.message}`)
    const [source, target] = [nameOf(row, options.sourceColumn), nameOf(row, options.targetColumn)]
    const there = lengthOf(row, options.lengthColumn, options.reverseLengthColumn !== undefined)
    const back = options.reverseLengthColumn !== undefined ? lengthOf(row, options.reverseLengthColumn, true) : options.isDirected ? Infinity : there
    const shorter = Math.min(there, back)
    // Closed both ways it joins nothing.
    if (shorter === Infinity) return
    from.push(nodeOf(source))
    to.push(nodeOf(target))
    forward.push(options.isDirected ? there : shorter)
    backward.push(options.isDirected ? back : shorter)
  }
  let rows = 0
  try {
    for await (const line of readSource(file, { fileName: path.basename(file), encoding: options.encoding, fileLayer: options.fileLayer, signal })) {
      if ('header' in line) {
        const known = line.header.fields.map(({ name }) => name)
        const missing = known.length > 0 ? columns.find((column) => !known.includes(column)) : undefined
        if (missing !== undefined) throw bad(`文件没有列“${missing}”。The file has no column "${missing}". It has: ${known.join(', ')}.`)
        continue
      }
      take(line.data)
      rows += 1
      if (rows % PROGRESS_ROWS === 0) progress(rows)
    }
  } catch (error) {
    throw toAppError(error)
  }
  if (from.length === 0) throw bad(`${path.basename(file)} 没有边：每条边一行，须有两端节点和长度三列。The file ${path.basename(file)} holds no edge${rows > 0 ? ' that is open either way' : ''}: one row for each edge is due, with columns for its two nodes and its length.`)
  const costForward = Float64Array.from(forward)
  return {
    edges: { nodeCount: names.length, from: Uint32Array.from(from), to: Uint32Array.from(to), costForward, ...(options.isDirected ? { costBackward: Float64Array.from(backward) } : {}) },
    names,
    nodeOfName,
  }
}

/** Rows between reading and storing: on disk, so that a large file costs no memory and the transaction need not wait for the reader. */
import { once } from 'node:events'
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { PreparedRow } from '../../data/importers/prepare.ts'

export type SpooledRow = Omit<PreparedRow, 'problems'> & { joinKey: string | null }

export class Spool {
  private readonly file: string
  private readonly stream: WriteStream
  private readonly ids = new Map<string, number>()
  private readonly hashes = new Map<string, number>()
  private missingIds = 0
  private repeatedIds = 0
  count = 0

  constructor(file: string) {
    this.file = file
    this.stream = createWriteStream(file)
  }

  async append(row: SpooledRow): Promise<void> {
    this.count++
    if (row.id === null) this.missingIds++
    else if (this.ids.has(row.id)) this.repeatedIds++
    else this.ids.set(row.id, row.row)
    if (!this.stream.write(`${JSON.stringify(row)}\n`)) await once(this.stream, 'drain')
  }

  async close(): Promise<void> {
    this.stream.end()
    await once(this.stream, 'close')
  }

  /** Whether every row carries an identifier of its own. */
  get hasUniqueIds(): boolean {
    return this.count > 0 && this.missingIds === 0 && this.repeatedIds === 0
  }

  /** The first row that carried this identifier. */
  firstRowOf(id: string): number | undefined {
    return this.ids.get(id)
  }

  /** All rows in file order, each with its key within the layer: the identifier, or the hash of the row with a number behind repeats. */
  async *rows(): AsyncGenerator<SpooledRow & { sourceKey: string }> {
    const byId = this.hasUniqueIds
    this.hashes.clear()
    for await (const line of createInterface({ input: createReadStream(this.file), crlfDelay: Infinity })) {
      const row = JSON.parse(line) as SpooledRow
      yield { ...row, sourceKey: byId && row.id !== null ? row.id : this.repeatableKey(row.sourceHash) }
    }
  }

  private repeatableKey(hash: string): string {
    const times = (this.hashes.get(hash) ?? 0) + 1
    this.hashes.set(hash, times)
    return times === 1 ? hash : `${hash}#${times}`
  }
}

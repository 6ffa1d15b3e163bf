import path from 'node:path'
import { FileRefused } from '../../data/importers/file-refused.ts'
import type { ReaderLimits } from '../../data/importers/limits.ts'
import { readSource } from '../../data/importers/reader.ts'
import type { SourceHeader, SourceRow } from '../../data/importers/source-rows.ts'

export interface ReadOutcome {
  header: SourceHeader | null
  rows: SourceRow[]
  /** Sentence of the refusal of the whole file, or of its first refused row; null when everything was read. */
  refusal: string | null
}

/** Reads a file to its end, whatever becomes of it. */
export async function readWhole(file: string, options: { fileLayer?: string; encoding?: string; limits?: Partial<ReaderLimits>; fileName?: string } = {}): Promise<ReadOutcome> {
  const outcome: ReadOutcome = { header: null, rows: [], refusal: null }
  try {
    for await (const line of readSource(file, { fileName: options.fileName ?? path.basename(file), ...options })) {
      if ('header' in line) outcome.header = line.header
      else outcome.rows.push(line.data)
    }
    outcome.refusal = outcome.rows.flatMap((row) => row.problems).find((problem) => problem.severity === 'refused')?.message ?? null
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    outcome.refusal = error.message
  }
  return outcome
}

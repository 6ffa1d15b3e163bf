/** The parent's side of reading: starts the child, hands its rows on, turns its refusals into sentences for people. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runChild } from './child-process.ts'
import { FileRefused } from './file-refused.ts'
import { type ReaderLimits, READER_LIMITS } from './limits.ts'
import type { SourceHeader, SourceLine, SourceRow } from './source-rows.ts'
import type { ReadTask } from './tasks.ts'

export interface ReadOptions {
  fileName: string
  encoding?: string | null | undefined
  fileLayer?: string | null | undefined
  everyLayer?: boolean | undefined
  limits?: Partial<ReaderLimits> | undefined
  signal?: AbortSignal | undefined
}

/**
 * Reads a file of any supported format in a child process with time and memory limits.
 * The header comes first, then the rows in file order; faults of single rows stand in their `problems`.
 * @throws FileRefused when the file as a whole cannot be taken. @throws ChildFailure when the child passed its limits.
 */
export async function* readSource(file: string, options: ReadOptions): AsyncGenerator<{ header: SourceHeader } | { data: SourceRow }> {
  const limits = { ...READER_LIMITS, ...options.limits }
  const scratch = await mkdtemp(path.join(tmpdir(), 'xiucheng-read-'))
  const task: ReadTask = {
    task: 'read',
    file: path.resolve(file),
    fileName: options.fileName,
    scratch,
    encoding: options.encoding ?? null,
    fileLayer: options.fileLayer ?? null,
    everyLayer: options.everyLayer ?? false,
    limits,
  }
  try {
    for await (const line of runChild(task, limits, options.signal)) {
      const parsed = JSON.parse(line) as SourceLine
      if ('refused' in parsed) throw new FileRefused(parsed.refused.code, parsed.refused.message)
      yield parsed
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

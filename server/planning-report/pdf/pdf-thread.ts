import { Worker } from 'node:worker_threads'
import { AppError } from '../../errors.ts'
import type { Report } from '../model.ts'

/** A report takes some two seconds; one that takes so long never ends. */
const LIMIT_MS = 60_000
/** Reports written at once; each holds its fonts and maps in memory. */
const MOST_AT_ONCE = 2
let running = 0

/**
 * Writes a report in a thread of its own: maps and fonts keep a processor busy for a while.
 * @throws AppError busy where enough are being written, unavailable where it takes too long
 */
export async function writePdfInThread(report: Report): Promise<Uint8Array> {
  if (running >= MOST_AT_ONCE) throw new AppError('unavailable', '正在生成别的报告，请稍后再试。Other reports are being written; try again in a moment.')
  running += 1
  const worker = new Worker(new URL('./pdf-worker.mjs', import.meta.url), { name: 'report', execArgv: [], workerData: report })
  let limit: NodeJS.Timeout | undefined
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      limit = setTimeout(() => reject(new AppError('unavailable', '报告没有在限时内完成。The report was not finished in time.')), LIMIT_MS)
      worker.once('message', (bytes: Uint8Array) => resolve(bytes))
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the thread of the report ended with code ${code}`)))
    })
  } finally {
    clearTimeout(limit)
    running -= 1
    await worker.terminate()
  }
}

/**
 * The anchor: ends of chains and daily roots, appended to a file outside the database. Whoever rewrites the log in the database, heads
 * and roots and all, cannot make it agree with what the anchor says; copy the file to where its administrator cannot write.
 */
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, readdir } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { syncFolder } from '../db/data-folder-manifest.ts'
import type { Db } from '../db/db.ts'
import { listHeads, type RootRow } from './chain-queries.ts'
import { closeDays, firstOpenDay } from './roots.ts'

export const ANCHOR_FOLDER = 'audit-anchor'

const AnchorLine = z.union([
  z.object({ at: z.string(), domain: z.string(), day: z.string(), sequence: z.number().int(), hash: z.string() }),
  z.object({ at: z.string(), day: z.string(), root: z.string(), previousRoot: z.string() }),
])
export type AnchorLine = z.infer<typeof AnchorLine>

/** One file a month, so that old ones can be put away. */
function fileOf(dataDirectory: string, at: Date): string {
  return path.join(dataDirectory, ANCHOR_FOLDER, `${at.toISOString().slice(0, 7)}.ndjson`)
}

async function append(dataDirectory: string, at: Date, lines: readonly AnchorLine[]): Promise<void> {
  if (lines.length === 0) return
  const file = fileOf(dataDirectory, at)
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const isNew = !existsSync(file)
  const handle = await open(file, 'a', 0o600)
  try {
    await handle.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (isNew) syncFolder(path.dirname(file))
}

/** Every line of the anchor, oldest first. A last line cut short by a stop is left out; any other that cannot be read is told. */
export async function* readAnchor(dataDirectory: string): AsyncGenerator<{ file: string; number: number; line: AnchorLine | undefined }> {
  const folder = path.join(dataDirectory, ANCHOR_FOLDER)
  if (!existsSync(folder)) return
  for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.ndjson')).sort()) {
    let number = 0
    for await (const text of createInterface({ input: createReadStream(path.join(folder, name)) })) {
      number++
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch {
        // Said with the line's number by whoever reads.
        parsed = undefined
      }
      yield { file: name, number, line: AnchorLine.safeParse(parsed).data }
    }
  }
}

export interface Anchoring {
  /** Closes days that are over and notes what is new since the last time. @returns the roots that were made. */
  note(at: Date): Promise<RootRow[]>
}

/** Notes ends and roots, each once. */
export function createAnchoring(db: Db, dataDirectory: string): Anchoring {
  const noted = new Map<string, number>()
  return {
    async note(at) {
      const roots = await closeDays(db, firstOpenDay(at), at)
      const days = { from: firstOpenDay(at), to: null }
      const lines: AnchorLine[] = roots.map((root) => ({ at: at.toISOString(), day: root.day, root: root.rootHash, previousRoot: root.previousRoot }))
      const heads = await listHeads(db, days)
      for (const head of heads) {
        if (noted.get(`${head.day} ${head.domain}`) === head.lastSequence) continue
        lines.push({ at: at.toISOString(), domain: head.domain, day: head.day, sequence: head.lastSequence, hash: head.lastHash })
      }
      await append(dataDirectory, at, lines)
      // Days that are closed are not asked for again.
      noted.clear()
      for (const head of heads) noted.set(`${head.day} ${head.domain}`, head.lastSequence)
      return roots
    },
  }
}

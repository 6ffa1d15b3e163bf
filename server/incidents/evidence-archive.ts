/** The photos of cases as a backup carries them: each file of each row, streamed out and back in under its SHA-256. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from '../config.ts'
import type { ArchiveFiles } from '../db/archive-files.ts'
import { AppError } from '../errors.ts'
import { listArchivedNames } from './evidence-queries.ts'
import { checkEvidenceName, type EvidenceStorage, incomingFolder, MissingFile, openEvidenceStorage } from './evidence-storage.ts'

const PAGE = 500

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex')
}

async function readIfThere(storage: EvidenceStorage, name: string): Promise<Buffer | null> {
  try {
    return await storage.read(name)
  } catch (error) {
    if (error instanceof MissingFile) return null
    throw error
  }
}

/** The photos that this installation keeps. Those in S3-compatible storage are left out of a backup: that storage has versions and copies of its own. */
export function openEvidenceArchive(config: Config, storage: EvidenceStorage = openEvidenceStorage(config)): ArchiveFiles {
  return {
    leftOut: config.MEDIA_S3_ENDPOINT ? `photos in the bucket "${config.MEDIA_S3_BUCKET}" at ${config.MEDIA_S3_ENDPOINT}` : null,

    async *list(tx) {
      for (let after = 0; ; ) {
        const rows = await listArchivedNames(tx, after, PAGE)
        for (const { mediaId, originalPath, originalSha256, shownPath, thumbnailPath } of rows) {
          after = mediaId
          yield { name: originalPath, sha256: originalSha256 }
          yield { name: shownPath, sha256: null }
          yield { name: thumbnailPath, sha256: null }
        }
        if (rows.length < PAGE) return
      }
    },

    open: (name) => storage.stream(checkEvidenceName(name)),

    async begin() {
      const folder = incomingFolder(config)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return path.join(folder, uuidv7())
    },

    async keep(name, file, sha256) {
      checkEvidenceName(name)
      if ((await sha256OfFile(file)) !== sha256) throw new AppError('internal', `The photo ${name} did not reach the disk as the backup has it; nothing was kept.`)
      const there = await readIfThere(storage, name)
      if (there === null) {
        await storage.keep(name, file, sha256)
        return true
      }
      await rm(file, { force: true })
      if (createHash('sha256').update(there).digest('hex') !== sha256) throw new AppError('conflict', `There is another photo under the name ${name} already. Restore into a DATA_DIR of its own; nothing was changed.`)
      return false
    },

    remove: (name) => storage.remove(name),
  }
}

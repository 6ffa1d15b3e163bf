/** Where photos are kept: a folder of this machine, or storage that speaks S3. Names are ours, so that no path comes in from outside. */
import { chmod, mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { Config } from '../config.ts'
import { openObjectStorage } from './evidence-object-storage.ts'

export interface StoredFile {
  name: string
  modifiedAt: Date
}

export interface EvidenceStorage {
  /** Keeps a file for good under a name; it is moved away from where it lies. When this answers, the bytes have reached the disk. */
  keep(name: string, file: string, sha256: string): Promise<void>
  /** @throws MissingFile */
  read(name: string): Promise<Buffer>
  /** The bytes one after the other; null when there is no such file. */
  stream(name: string): Promise<Readable | null>
  list(): AsyncIterable<StoredFile>
  remove(name: string): Promise<void>
}

/** A photo that has a row is not where it is kept. */
export class MissingFile extends Error {}

const NAME = /^[0-9a-f]{2}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(original|shown|thumbnail)$/

export type EvidenceRole = 'original' | 'shown' | 'thumbnail'

/** Name of a photo's file: its id under a folder of its last digits, so that no folder grows without end. */
export function evidenceName(publicId: string, role: EvidenceRole): string {
  return `${publicId.slice(-2)}/${publicId}.${role}`
}

/** @throws TypeError for a name that this program did not give. */
export function checkEvidenceName(name: string): string {
  if (!NAME.test(name)) throw new TypeError(`not a name of evidence: ${JSON.stringify(name)}`)
  return name
}

/** Folder in which uploads lie until they are kept. */
export function incomingFolder(config: Pick<Config, 'dataDirectory'>): string {
  return path.join(config.dataDirectory, 'media', 'incoming')
}

/** Writes what the system may still hold in memory of a file, or of a folder's list of names. */
async function reachDisk(target: string): Promise<void> {
  const handle = await open(target, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Photos in `DATA_DIR/media`. Order of a write: file to disk, renamed, folder to disk; the row comes after. */
function openFolderStorage(config: Pick<Config, 'dataDirectory'>): EvidenceStorage {
  const root = path.join(config.dataDirectory, 'media', 'kept')
  const placeOf = (name: string): string => path.join(root, checkEvidenceName(name))
  return {
    async keep(name, file) {
      const place = placeOf(name)
      const folder = path.dirname(place)
      const made = await mkdir(folder, { recursive: true, mode: 0o700 })
      await chmod(file, 0o400)
      await reachDisk(file)
      await rename(file, place)
      await reachDisk(folder)
      if (made !== undefined) for (let parent = path.dirname(folder); parent.startsWith(path.dirname(made)); parent = path.dirname(parent)) await reachDisk(parent)
    },
    async read(name) {
      try {
        return await readFile(placeOf(name))
      } catch (error) {
        if (isMissing(error)) throw new MissingFile(`There is no file ${name}.`, { cause: error })
        throw error
      }
    },
    async stream(name) {
      try {
        return (await open(placeOf(name), 'r')).createReadStream()
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },
    async *list() {
      let folder
      try {
        folder = await opendir(root, { recursive: true })
      } catch (error) {
        if (isMissing(error)) return
        throw error
      }
      for await (const entry of folder) {
        if (!entry.isFile()) continue
        const place = path.join(entry.parentPath, entry.name)
        yield { name: path.relative(root, place).split(path.sep).join('/'), modifiedAt: (await stat(place)).mtime }
      }
    },
    async remove(name) {
      await rm(placeOf(name), { force: true })
    },
  }
}

/** The storage that the configuration names. */
export function openEvidenceStorage(config: Config): EvidenceStorage {
  return config.MEDIA_S3_ENDPOINT ? openObjectStorage(config) : openFolderStorage(config)
}

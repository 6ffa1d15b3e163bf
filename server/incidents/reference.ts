/** The class schemes of parts and events with their filing conditions: read from `data/reference/classes-*.json`, kept in the database by version. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { LIMIT_UNITS } from './clocks.ts'
import {
  type CaseScheme, type ConditionRow, endConditions, findSchemeVersion, insertConditions, listLastOrdinals, listLiveConditions, listSchemes, lockSchemes,
  replaceClasses, upsertLargeClasses, upsertScheme,
} from './reference-queries.ts'

const FOLDER = path.join(import.meta.dirname, '../../data/reference')

const Kind = z.enum(['part', 'event'])

/** The form of a class file. */
export const ClassFile = z.object({
  scheme: z.object({ id: z.string(), titleZh: z.string(), titleEn: z.string(), source: z.string(), verified: z.boolean(), version: z.number().int().min(1) }),
  notes: z.record(z.string(), z.string()),
  largeClasses: z.array(z.object({ kind: Kind, code: z.string().regex(/^\d{2}$/), nameZh: z.string().min(1), nameEn: z.string().min(1) })),
  classes: z.array(
    z.object({
      kind: Kind,
      code: z.string().regex(/^\d{4,5}$/),
      largeCode: z.string().regex(/^\d{2}$/),
      nameZh: z.string().min(1),
      nameEn: z.string().min(1),
      isLocalExtension: z.boolean(),
      defaultSeverity: z.union([z.literal(1), z.literal(2), z.literal(3)]),
      conditions: z.array(z.object({ conditionZh: z.string().min(1), limitAmount: z.number().int().min(1), limitUnit: z.enum(LIMIT_UNITS), closingZh: z.string().min(1) })),
    }),
  ),
})
export type ClassFile = z.infer<typeof ClassFile>

/** The class files that come with the program. */
export async function readClassFiles(folder = FOLDER): Promise<ClassFile[]> {
  const names = (await readdir(folder)).filter((name) => /^classes-[a-z0-9.-]+\.json$/.test(name)).sort()
  return Promise.all(names.map(async (name) => ClassFile.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8')))))
}

/** Hash by which a version of a scheme is known again. */
export function hashClassFile(file: ClassFile): string {
  return createHash('sha256').update(JSON.stringify(file)).digest('hex')
}

const contentOf = (row: Omit<ConditionRow, 'ordinal'>): string => JSON.stringify([row.kind, row.classCode, row.conditionZh, row.closingZh, row.limitAmount, row.limitUnit])

async function replaceConditions(tx: Queryable, file: ClassFile): Promise<void> {
  const wanted = file.classes.flatMap((row) => row.conditions.map((condition) => ({ kind: row.kind, classCode: row.code, ...condition })))
  const held = await listLiveConditions(tx, file.scheme.id)
  const wantedContents = new Set(wanted.map(contentOf))
  const heldContents = new Set(held.map(contentOf))
  await endConditions(tx, file.scheme.id, held.filter((row) => !wantedContents.has(contentOf(row))))
  const last = new Map((await listLastOrdinals(tx, file.scheme.id)).map((row) => [`${row.kind}:${row.classCode}`, row.last]))
  const added = wanted
    .filter((row) => !heldContents.has(contentOf(row)))
    .map((row) => {
      const ordinal = (last.get(`${row.kind}:${row.classCode}`) ?? 0) + 1
      last.set(`${row.kind}:${row.classCode}`, ordinal)
      return { ...row, ordinal }
    })
  await insertConditions(tx, file.scheme, added)
}

/** Writes a version of a scheme: classes and conditions it no longer names end, those it has kept keep their ordinals. The caller holds `lockSchemes`. */
export async function writeClassFile(tx: Queryable, file: ClassFile, contentHash: string): Promise<void> {
  await upsertScheme(tx, file.scheme, contentHash)
  await upsertLargeClasses(tx, file.scheme.id, file.largeClasses)
  await replaceClasses(tx, file.scheme.id, file.classes)
  await replaceConditions(tx, file)
}

async function syncClassFile(db: Db, file: ClassFile): Promise<boolean> {
  const { scheme } = file
  const contentHash = hashClassFile(file)
  return db.transaction(async (tx) => {
    await lockSchemes(tx)
    const held = await findSchemeVersion(tx, scheme.id)
    // What the city edited or imported is its own: a start leaves it alone.
    if (held?.isLocal || held?.contentHash === contentHash) return false
    if (held && held.version > scheme.version) throw new AppError('conflict', `The database holds version ${held.version} of the class scheme ${scheme.id}, this program brings version ${scheme.version}. Start the newer program.`)
    if (held?.contentHash && held.version === scheme.version) {
      throw new AppError('conflict', `The class scheme ${scheme.id} was changed without a new version: rows of version ${scheme.version} are in use by cases. Raise "version" in its file, or restore the file.`)
    }
    await writeClassFile(tx, file, contentHash)
    return true
  })
}

/**
 * Brings the class schemes of the program's files into the database; a second call changes nothing.
 * A condition that a new version drops or changes is ended, not deleted, and its ordinal is never given again.
 * @returns how many schemes were written.
 * @throws AppError conflict when a file changed without a new scheme version, or is older than what the database holds.
 */
export async function syncCaseClasses(db: Db, files?: readonly ClassFile[]): Promise<number> {
  let written = 0
  for (const file of files ?? (await readClassFiles())) if (await syncClassFile(db, file)) written++
  return written
}

/** Every scheme with its live classes and conditions. */
export function listCaseClasses(db: Queryable): Promise<CaseScheme[]> {
  return listSchemes(db)
}

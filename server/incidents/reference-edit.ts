/** New versions of class schemes: from a spreadsheet, or one class at a time; each with who changed what, in the history and the log. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CaseClassDetail, type CaseClassEdit, type ClassChanges, type ClassContent, type ClassImportOptions, type ClassImportReport, MOST_SHEET_ISSUES } from '../contract/reference.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { type ChangedClass, type ClassContents, compareClasses, summaryOf } from './class-changes.ts'
import { readClassSheet } from './class-sheet.ts'
import { readClassTable } from './class-table.ts'
import { ClassFile, hashClassFile, writeClassFile } from './reference.ts'
import {
  type ClassVersion, countOpenCases, insertClassChanges, insertClassVersion, listClassChanges, listHeldClasses, listVersions, updateConditionSources, updateSchemeLocal,
} from './reference-edit-queries.ts'
import { type CaseScheme, findSchemeVersion, listSchemes, lockSchemes } from './reference-queries.ts'

/** More of a scheme than this share ends only when the caller says so: a sheet of one department is not the whole scheme. */
const MOST_ENDED_SHARE = 0.3
const LISTED_CHANGES = 100

async function findScheme(db: Queryable, id: string): Promise<CaseScheme | undefined> {
  return (await listSchemes(db)).find((one) => one.id === id)
}

async function contentsOf(db: Queryable, schemeId: string): Promise<ClassContents> {
  return new Map((await listHeldClasses(db, schemeId)).map(({ key, content }) => [key, content]))
}

function refuseStale(held: number, seen: number): never {
  throw new AppError('stale', `类别标准已是第 ${held} 版，您看到的是第 ${seen} 版，请刷新后再改。The scheme is at version ${held}, you saw ${seen}; look again before changing it.`)
}

interface Change {
  action: 'importCaseClasses' | 'editCaseClass' | 'endCaseClass'
  file: ClassFile
  changes: ClassChanges
  changed: readonly ChangedClass[]
  reason: string
  /** Where the classes of the change stand written; undefined where none is written. */
  written?: { classes: readonly { kind: string; code: string }[]; source: string; verified: boolean }
}

async function writeVersion(tx: Queryable, principal: Principal, { action, file, changes, changed, reason, written }: Change, at: Date): Promise<void> {
  const { scheme } = file
  await writeClassFile(tx, file, hashClassFile(file))
  if (written) await updateConditionSources(tx, scheme.id, written.classes, written.source, written.verified)
  await updateSchemeLocal(tx, scheme.id)
  await insertClassVersion(tx, { schemeId: scheme.id, version: scheme.version, source: scheme.source, verified: scheme.verified, changedById: principal.accountId, changedBy: principal.name, at: at.toISOString(), summary: `${reason}（${summaryOf(changes)}）`, changes })
  await insertClassChanges(tx, scheme.id, scheme.version, changed)
  await recordAudit(tx, principal, null, { domain: 'reference', action, objectKind: 'class_scheme', objectId: scheme.id, details: { version: scheme.version, reason, ...changes } }, at)
}

/**
 * Takes a table as a new version of a scheme; the same table again changes nothing. A dry run reports refused rows instead of throwing.
 * @throws AppError bad_request with every refused row in `errors`; conflict when most of the scheme would end without `replace`; stale.
 */
export async function importClassTable(db: Db, principal: Principal, schemeId: string, file: string, options: ClassImportOptions, at: Date): Promise<ClassImportReport> {
  const rows = await readClassTable(file)
  return db.transaction(async (tx) => {
    await lockSchemes(tx)
    const held = await findScheme(tx, schemeId)
    const version = held?.version ?? 0
    if (options.version !== undefined && options.version !== version) refuseStale(version, options.version)
    const { largeClasses, classes, issues } = readClassSheet(rows, { largeClasses: held?.largeClasses ?? [], classes: held?.classes ?? [] })
    const refused = issues.filter(({ severity }) => severity === 'refused')
    if (refused.length > 0 && !options.dryRun) {
      throw new AppError('bad_request', `${refused.length} 行不能用，没有写入任何内容；第一处：第 ${refused[0]?.row} 行，${refused[0]?.message} ${refused.length} row${refused.length === 1 ? '' : 's'} refused, nothing was written.`, {
        errors: refused.slice(0, MOST_SHEET_ISSUES).map(({ row, column, message }) => ({ path: column === null ? `row.${row}` : `row.${row}.${column}`, message })),
      })
    }
    const { source, verified } = options
    const scheme = { id: schemeId, titleZh: options.titleZh ?? held?.titleZh ?? schemeId, titleEn: options.titleEn ?? held?.titleEn ?? schemeId, source, verified, version: version + 1 }
    const wanted = new Map(classes.map(({ kind, code, ...one }): [string, ClassContent] => [`${kind}:${code}`, { ...one, source, verified }]))
    const { changes, changed } = compareClasses(await contentsOf(tx, schemeId), wanted, false)
    const needsReplace = held !== undefined && changes.classesEnded.length > MOST_ENDED_SHARE * held.classes.length
    if (needsReplace && !options.replace && !options.dryRun) {
      throw new AppError('conflict', `表格没有列出现有 ${held.classes.length} 个小类中的 ${changes.classesEnded.length} 个，它们将终止；确属整表替换请加 --replace（replace）。The table leaves out ${changes.classesEnded.length} of the ${held.classes.length} classes, which would end; say --replace (replace) if it is the whole scheme.`)
    }
    const isSameHead = held?.source === source && held.verified === verified && held.titleZh === scheme.titleZh && held.titleEn === scheme.titleEn
    const isChanged = changed.length > 0 || !isSameHead
    if (isChanged && !options.dryRun) {
      await writeVersion(tx, principal, { action: 'importCaseClasses', file: ClassFile.parse({ scheme, notes: {}, largeClasses, classes }), changes, changed, reason: `导入：${source}`, written: { classes, source, verified } }, at)
    }
    return {
      schemeId, version: isChanged && !options.dryRun ? version + 1 : version, isChanged, dryRun: options.dryRun, refusedRows: new Set(refused.map(({ row }) => row)).size, needsReplace, classes: classes.length,
      conditions: classes.reduce((sum, one) => sum + one.conditions.length, 0), changes, issues: issues.slice(0, MOST_SHEET_ISSUES), issueCount: issues.length,
    }
  })
}

export interface ClassAddress {
  schemeId: string
  kind: 'part' | 'event'
  code: string
}

function checkContent(held: CaseScheme, { kind, code }: ClassAddress, content: CaseClassEdit): void {
  if (!code.startsWith(content.largeCode)) throw new AppError('bad_request', '小类代码须以大类代码开头。A class code begins with that of its large class.', { errors: [{ path: 'body.content.largeCode', message: `has to be the first digits of ${code}` }] })
  if (!held.largeClasses.some((one) => one.kind === kind && one.code === content.largeCode)) throw new AppError('bad_request', `没有大类 ${content.largeCode}。There is no large class ${content.largeCode}.`, { errors: [{ path: 'body.content.largeCode', message: '不是本标准的大类。Is not a large class of the scheme' }] })
  const repeated = content.conditions.findIndex((one, index) => content.conditions.findIndex((other) => other.conditionZh === one.conditionZh) !== index)
  if (repeated >= 0) throw new AppError('bad_request', `立案条件“${content.conditions[repeated]?.conditionZh}”重复。A filing condition stands twice.`, { errors: [{ path: `body.content.conditions.${repeated}.conditionZh`, message: `"${content.conditions[repeated]?.conditionZh}" stands twice` }] })
}

async function changeClass(db: Db, principal: Principal, address: ClassAddress, action: Change['action'], request: { version: number; reason: string }, content: CaseClassEdit | null, at: Date) {
  const { schemeId, kind, code } = address
  return db.transaction(async (tx) => {
    await lockSchemes(tx)
    const held = await findScheme(tx, schemeId)
    if (!held) throw new AppError('not_found', `没有类别标准 ${schemeId}。There is no class scheme ${schemeId}.`)
    if (held.version !== request.version) refuseStale(held.version, request.version)
    const others = held.classes.filter((one) => one.kind !== kind || one.code !== code)
    if (!content && others.length === held.classes.length) throw new AppError('not_found', `${schemeId} 没有小类 ${kind}:${code}。There is no class ${kind}:${code} in ${schemeId}.`)
    if (content) checkContent(held, address, content)
    const before = await contentsOf(tx, schemeId)
    const key = `${kind}:${code}`
    const after = new Map(before)
    // Where a class without conditions comes from is kept with its scheme.
    if (content) after.set(key, content.conditions.length > 0 ? content : { ...content, source: held.source, verified: held.verified })
    else after.delete(key)
    const { changes, changed } = compareClasses(before, after, true)
    if (changed.length === 0) return { schemeId, version: held.version, changes }
    const verified = held.verified && (content === null || content.conditions.length === 0 || content.verified)
    const file = ClassFile.parse({
      scheme: { id: held.id, titleZh: held.titleZh, titleEn: held.titleEn, source: held.source, verified, version: held.version + 1 },
      notes: {}, largeClasses: held.largeClasses, classes: content ? [...others, { kind, code, ...content }] : others,
    })
    await writeVersion(tx, principal, { action, file, changes, changed, reason: request.reason, ...(content ? { written: { classes: [{ kind, code }], source: content.source, verified: content.verified } } : {}) }, at)
    return { schemeId, version: file.scheme.version, changes }
  })
}

/** Writes one class with its conditions. @throws AppError `not_found`, `stale`, `bad_request`. */
export function editCaseClass(db: Db, principal: Principal, address: ClassAddress, request: { version: number; reason: string; content: CaseClassEdit }, at: Date) {
  return changeClass(db, principal, address, 'editCaseClass', request, request.content, at)
}

/** Ends a class for new cases. @throws AppError `not_found`, `stale`. */
export function endCaseClass(db: Db, principal: Principal, address: ClassAddress, request: { version: number; reason: string }, at: Date) {
  return changeClass(db, principal, address, 'endCaseClass', request, null, at)
}

/** One class, ended ones too, with its history. @throws AppError not_found */
export async function getCaseClass(db: Queryable, { schemeId, kind, code }: ClassAddress): Promise<CaseClassDetail> {
  const scheme = await findSchemeVersion(db, schemeId)
  const held = scheme && (await listHeldClasses(db, schemeId, { kind, code }))[0]
  if (!held) throw new AppError('not_found', `${schemeId} 没有小类 ${kind}:${code}。There is no class ${kind}:${code} in ${schemeId}.`)
  return { schemeId, version: scheme.version, kind, code, content: held.content, endedAt: held.endedAt, ...(await countOpenCases(db, schemeId, kind, code)), history: await listClassChanges(db, schemeId, kind, code, LISTED_CHANGES) }
}

/** Versions made here, newest first. @throws AppError not_found */
export async function listClassVersions(db: Queryable, schemeId: string, before: number | undefined, limit: number): Promise<{ versions: ClassVersion[] }> {
  if (!(await findSchemeVersion(db, schemeId))) throw new AppError('not_found', `没有类别标准 ${schemeId}。There is no class scheme ${schemeId}.`)
  return { versions: await listVersions(db, schemeId, before, limit) }
}

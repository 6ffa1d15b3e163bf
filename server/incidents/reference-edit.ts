/** New versions of class schemes: from a spreadsheet, or one class at a time; each with who changed what, in the history and the log. */
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/audit.ts'
import type { CaseClassEdit, ClassChanges, ClassImportOptions, ClassImportReport } from '../contract/reference.ts'
import type { Db, Queryable } from '../db/db.ts'
import { AppError } from '../errors.ts'
import { readClassSheet } from './class-sheet.ts'
import { readClassTable } from './class-table.ts'
import { ClassFile, hashClassFile, writeClassFile } from './reference.ts'
import { type ClassVersion, insertClassVersion, listVersions, updateSchemeLocal } from './reference-edit-queries.ts'
import { type CaseScheme, findSchemeVersion, listSchemes, lockSchemes } from './reference-queries.ts'

/** More of a scheme than this share ends only when the caller says so: a sheet of one department is not the whole scheme. */
const MOST_ENDED_SHARE = 0.3

/** Thrown inside the transaction of a dry run, so that nothing stays. */
class DryRunEnd extends Error {}

const keyOf = (one: { kind: string; code: string }): string => `${one.kind}:${one.code}`
const wordsOf = (one: { conditionZh: string; closingZh: string; limitAmount: number; limitUnit: string }): string => JSON.stringify([one.conditionZh, one.closingZh, one.limitAmount, one.limitUnit])

function compare(before: CaseScheme | undefined, after: ClassFile): ClassChanges {
  const held = new Map((before?.classes ?? []).map((one) => [keyOf(one), one]))
  const wanted = new Map(after.classes.map((one) => [keyOf(one), one]))
  const isSame = (a: CaseScheme['classes'][number], b: ClassFile['classes'][number]) => a.nameZh === b.nameZh && a.nameEn === b.nameEn && a.defaultSeverity === b.defaultSeverity && a.isLocalExtension === b.isLocalExtension && a.largeCode === b.largeCode
  const conditions = (one: { conditions: Parameters<typeof wordsOf>[0][] } | undefined) => new Set((one?.conditions ?? []).map(wordsOf))
  let conditionsAdded = 0
  let conditionsEnded = 0
  const changed: string[] = []
  for (const [key, one] of wanted) {
    const [now, then] = [conditions(one), conditions(held.get(key))]
    const added = [...now].filter((words) => !then.has(words)).length
    const ended = [...then].filter((words) => !now.has(words)).length
    conditionsAdded += added
    conditionsEnded += ended
    const other = held.get(key)
    if (other && (added + ended > 0 || !isSame(other, one))) changed.push(key)
  }
  const ended = [...held.values()].filter((one) => !wanted.has(keyOf(one)))
  return { classesAdded: [...wanted.keys()].filter((key) => !held.has(key)), classesChanged: changed, classesEnded: ended.map(keyOf), conditionsAdded, conditionsEnded: conditionsEnded + ended.reduce((sum, one) => sum + one.conditions.length, 0) }
}

const isEmpty = (changes: ClassChanges): boolean => changes.classesAdded.length + changes.classesChanged.length + changes.classesEnded.length === 0

function summaryOf(changes: ClassChanges): string {
  return `小类 +${changes.classesAdded.length} ~${changes.classesChanged.length} −${changes.classesEnded.length}，条件 +${changes.conditionsAdded} −${changes.conditionsEnded}`
}

async function findScheme(db: Queryable, id: string): Promise<CaseScheme | undefined> {
  return (await listSchemes(db)).find((one) => one.id === id)
}

interface Change {
  action: 'importCaseClasses' | 'editCaseClass' | 'endCaseClass'
  file: ClassFile
  changes: ClassChanges
  reason: string
}

async function writeVersion(tx: Queryable, principal: Principal, { action, file, changes, reason }: Change, at: Date): Promise<void> {
  const { scheme } = file
  await writeClassFile(tx, file, hashClassFile(file))
  await updateSchemeLocal(tx, scheme.id)
  await insertClassVersion(tx, { schemeId: scheme.id, version: scheme.version, source: scheme.source, verified: scheme.verified, changedById: principal.accountId, changedBy: principal.name, at: at.toISOString(), summary: `${reason}（${summaryOf(changes)}）`, changes })
  await recordAudit(tx, principal, null, { domain: 'reference', action, objectKind: 'class_scheme', objectId: scheme.id, details: { version: scheme.version, reason, ...changes } }, at)
}

/**
 * Takes a table as a new version of a scheme; the same table again changes nothing.
 * @throws AppError bad_request with every refused row in `errors`; conflict when most of the scheme would end without `replace`.
 */
export async function importClassTable(db: Db, principal: Principal, schemeId: string, file: string, options: ClassImportOptions, at: Date): Promise<ClassImportReport> {
  const rows = await readClassTable(file)
  let report: ClassImportReport | undefined
  const work = async (tx: Queryable) => {
    await lockSchemes(tx)
    const held = await findScheme(tx, schemeId)
    const version = (await findSchemeVersion(tx, schemeId))?.version ?? 0
    const { largeClasses, classes, issues } = readClassSheet(rows, { largeClasses: held?.largeClasses ?? [], classes: held?.classes ?? [] })
    const refused = issues.filter(({ severity }) => severity === 'refused')
    if (refused.length > 0) {
      throw new AppError('bad_request', `${refused.length} 行不能用，没有写入任何内容；第一处：第 ${refused[0]?.row} 行，${refused[0]?.message} ${refused.length} row${refused.length === 1 ? '' : 's'} refused, nothing was written.`, { errors: refused.map(({ row, message }) => ({ path: `row.${row}`, message })) })
    }
    const wanted: ClassFile = {
      scheme: { id: schemeId, titleZh: options.titleZh ?? held?.titleZh ?? schemeId, titleEn: options.titleEn ?? held?.titleEn ?? schemeId, source: options.source, verified: options.verified, version: version + 1 },
      notes: {}, largeClasses, classes,
    }
    const changes = compare(held, wanted)
    if (held && !options.replace && changes.classesEnded.length > MOST_ENDED_SHARE * held.classes.length) {
      throw new AppError('conflict', `表格没有列出现有 ${held.classes.length} 个小类中的 ${changes.classesEnded.length} 个，它们将终止；确属整表替换请加 --replace（replace）。The table leaves out ${changes.classesEnded.length} of the ${held.classes.length} classes, which would end; say --replace (replace) if it is the whole scheme.`)
    }
    const isChanged = !isEmpty(changes)
    if (isChanged) await writeVersion(tx, principal, { action: 'importCaseClasses', file: ClassFile.parse(wanted), changes, reason: `导入：${options.source}` }, at)
    report = {
      schemeId, version: isChanged ? version + 1 : version, isChanged, dryRun: options.dryRun, classes: classes.length, conditions: classes.reduce((sum, one) => sum + one.conditions.length, 0), changes, issues,
    }
    if (options.dryRun) throw new DryRunEnd()
  }
  try {
    await db.transaction(work)
  } catch (error) {
    if (!(error instanceof DryRunEnd)) throw error
  }
  if (!report) throw new TypeError('an import of classes ended without a report')
  return report
}

export interface ClassAddress {
  schemeId: string
  kind: 'part' | 'event'
  code: string
}

async function changeClass(db: Db, principal: Principal, { schemeId, kind, code }: ClassAddress, action: Change['action'], request: { version: number; reason: string }, content: CaseClassEdit | null, at: Date) {
  return db.transaction(async (tx) => {
    await lockSchemes(tx)
    const held = await findScheme(tx, schemeId)
    if (!held) throw new AppError('not_found', `没有类别标准 ${schemeId}。There is no class scheme ${schemeId}.`)
    if (held.version !== request.version) throw new AppError('stale', `类别标准已是第 ${held.version} 版，您看到的是第 ${request.version} 版，请刷新后再改。The scheme is at version ${held.version}, you saw ${request.version}; look again before changing it.`)
    const others = held.classes.filter((one) => one.kind !== kind || one.code !== code)
    if (!content && others.length === held.classes.length) throw new AppError('not_found', `${schemeId} 没有小类 ${kind}:${code}。There is no class ${kind}:${code} in ${schemeId}.`)
    if (content && !code.startsWith(content.largeCode)) throw new AppError('bad_request', '小类代码须以大类代码开头。A class code begins with that of its large class.', { errors: [{ path: 'body.content.largeCode', message: `has to be the first digits of ${code}` }] })
    if (content && !held.largeClasses.some((one) => one.kind === kind && one.code === content.largeCode)) throw new AppError('bad_request', `没有大类 ${content.largeCode}。There is no large class ${content.largeCode}.`, { errors: [{ path: 'body.content.largeCode', message: 'is not a large class of the scheme' }] })
    const repeated = content?.conditions.find((one, index) => content.conditions.findIndex((other) => other.conditionZh === one.conditionZh) !== index)
    if (repeated) throw new AppError('bad_request', `立案条件“${repeated.conditionZh}”重复。A filing condition stands twice.`, { errors: [{ path: 'body.content.conditions', message: `"${repeated.conditionZh}" stands twice` }] })
    const file = ClassFile.parse({
      scheme: { id: held.id, titleZh: held.titleZh, titleEn: held.titleEn, source: held.source, verified: held.verified, version: held.version + 1 },
      notes: {}, largeClasses: held.largeClasses, classes: content ? [...others, { kind, code, ...content }] : others,
    })
    const changes = compare(held, file)
    if (isEmpty(changes)) return { schemeId, version: held.version, changes }
    await writeVersion(tx, principal, { action, file, changes, reason: request.reason }, at)
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

/** Versions made here, newest first. @throws AppError not_found */
export async function listClassVersions(db: Queryable, schemeId: string, before: number | undefined, limit: number): Promise<{ versions: ClassVersion[] }> {
  if (!(await findSchemeVersion(db, schemeId))) throw new AppError('not_found', `没有类别标准 ${schemeId}。There is no class scheme ${schemeId}.`)
  return { versions: await listVersions(db, schemeId, before, limit) }
}

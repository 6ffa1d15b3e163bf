/**
 * Classes, filing conditions, limits and closing conditions under versions: imported from a spreadsheet or edited one class at a time.
 * Conditions that cases were filed under are ended, never removed; their ordinals are never given again.
 */
import { z } from 'zod'
import { LimitUnit } from './clocks.ts'
import { endpoint } from './endpoint.ts'

const SchemeId = z.string().regex(/^[A-Za-z0-9.-]{1,60}$/)
const Kind = z.enum(['part', 'event'])
const Instant = z.iso.datetime({ offset: true })
/** Lengths in characters; a spreadsheet is held to them too. */
export const CLASS_TEXT_LIMITS = { name: 60, nameEn: 120, words: 500, source: 1000 } as const
export const MOST_CONDITIONS = 50
const Words = (most: number) => z.string().trim().min(1).max(most).regex(/^[^\p{Cc}]*$/u, 'holds control characters')

/** How many faults of a table are told one by one. */
export const MOST_SHEET_ISSUES = 500

export const ClassSheetIssue = z.object({
  /** As the spreadsheet numbers its rows. */
  row: z.number().int(),
  /** Heading of the column; null where the whole row is meant. */
  column: z.string().nullable(),
  severity: z.enum(['refused', 'flagged']),
  code: z.string(),
  message: z.string(),
  sample: z.string().nullable(),
})
export type ClassSheetIssue = z.infer<typeof ClassSheetIssue>

export const ClassChanges = z.object({
  classesAdded: z.array(z.string()),
  classesChanged: z.array(z.string()),
  classesEnded: z.array(z.string()),
  conditionsAdded: z.number().int(),
  conditionsEnded: z.number().int(),
})
export type ClassChanges = z.infer<typeof ClassChanges>

export const ClassImportOptions = z.object({
  /** Where the table comes from: standard, city, date. */
  source: Words(CLASS_TEXT_LIMITS.source),
  titleZh: Words(120).optional(),
  titleEn: Words(120).optional(),
  /** Somebody held the table against the original. */
  verified: z.boolean().default(false),
  /** Looks through the table and says what it would do; rows that cannot be used are told in the report. */
  dryRun: z.boolean().default(false),
  /** Says that classes the table does not name may end even where they are most of the scheme. */
  replace: z.boolean().default(false),
  /** Version of the scheme that was looked at; another is answered 409 `stale`. Left out: whatever it is. */
  version: z.number().int().min(0).optional(),
})
export type ClassImportOptions = z.infer<typeof ClassImportOptions>

export const ClassImportReport = z.object({
  schemeId: z.string(),
  /** The version the scheme has afterwards; the same table again leaves it. */
  version: z.number().int(),
  isChanged: z.boolean(),
  dryRun: z.boolean(),
  /** Rows that cannot be used; only a dry run tells of them here, an import is refused with them. */
  refusedRows: z.number().int(),
  /** The table leaves out so much of the scheme that only `replace` lets it through. */
  needsReplace: z.boolean(),
  classes: z.number().int(),
  conditions: z.number().int(),
  changes: ClassChanges,
  /** At most 500; `issueCount` says how many there are. */
  issues: z.array(ClassSheetIssue),
  issueCount: z.number().int(),
})
export type ClassImportReport = z.infer<typeof ClassImportReport>

/** POST multipart/form-data: `file` (XLSX or CSV) and `options` (JSON of ClassImportOptions). A refused row refuses the whole table; `errors` names each. */
export const importCaseClasses = endpoint({
  name: 'importCaseClasses',
  access: 'reference.edit',
  summary: 'Take a table of classes, filing conditions and limits as a new version of a scheme',
  method: 'POST',
  path: '/case-classes/:scheme/imports',
  status: 201,
  params: z.object({ scheme: SchemeId }),
  reply: ClassImportReport,
})

const Condition = z.object({ conditionZh: Words(CLASS_TEXT_LIMITS.words), closingZh: Words(CLASS_TEXT_LIMITS.words), limitAmount: z.number().int().min(1).max(1000), limitUnit: LimitUnit })

export const CaseClassEdit = z.object({
  nameZh: Words(CLASS_TEXT_LIMITS.name),
  nameEn: Words(CLASS_TEXT_LIMITS.nameEn),
  largeCode: z.string().regex(/^\d{2}$/),
  isLocalExtension: z.boolean(),
  defaultSeverity: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  /** All conditions the class has from now on; those that are the same keep their ordinal. */
  conditions: z.array(Condition).max(MOST_CONDITIONS),
  /** Where its conditions stand written. */
  source: Words(CLASS_TEXT_LIMITS.source),
  /** Somebody held them against that source. */
  verified: z.boolean(),
})
export type CaseClassEdit = z.infer<typeof CaseClassEdit>

const OneClass = z.object({ scheme: SchemeId, kind: Kind, code: z.string().regex(/^\d{4,5}$/) })
const Changed = z.object({ schemeId: z.string(), version: z.number().int(), changes: ClassChanges })

export const editCaseClass = endpoint({
  name: 'editCaseClass',
  access: 'reference.edit',
  summary: 'Write one class with its conditions, as a new version of its scheme; a class that is not there is added',
  method: 'POST',
  path: '/case-classes/:scheme/:kind/:code',
  params: OneClass,
  body: z.object({ /** Version of the scheme the editor saw; an older one is answered 409 `stale`. */ version: z.number().int(), reason: Words(300), content: CaseClassEdit }),
  reply: Changed,
})

export const endCaseClass = endpoint({
  name: 'endCaseClass',
  access: 'reference.edit',
  summary: 'End a class: no new case takes it, old ones keep it',
  method: 'POST',
  path: '/case-classes/:scheme/:kind/:code/end',
  params: OneClass,
  body: z.object({ version: z.number().int(), reason: Words(300) }),
  reply: Changed,
})

/** A class as its history keeps it. */
export const ClassContent = z.object({
  nameZh: z.string(),
  nameEn: z.string(),
  largeCode: z.string(),
  isLocalExtension: z.boolean(),
  defaultSeverity: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  source: z.string(),
  verified: z.boolean(),
  conditions: z.array(z.object({ conditionZh: z.string(), closingZh: z.string(), limitAmount: z.number().int(), limitUnit: LimitUnit })),
})
export type ClassContent = z.infer<typeof ClassContent>

export const ClassChange = z.object({
  version: z.number().int(),
  change: z.enum(['added', 'changed', 'ended']),
  changedBy: z.string(),
  changedAt: Instant,
  summary: z.string(),
  before: ClassContent.nullable(),
  after: ClassContent.nullable(),
})
export type ClassChange = z.infer<typeof ClassChange>

export const CaseClassDetail = z.object({
  schemeId: z.string(),
  /** Of the scheme; an edit gives it back. */
  version: z.number().int(),
  kind: Kind,
  code: z.string(),
  content: ClassContent,
  endedAt: Instant.nullable(),
  /** Open cases of the class in every city of the console. */
  openCases: z.number().int(),
  /** Those of them that have no filing condition yet. */
  unfiledCases: z.number().int(),
  /** Newest first, 100 at most. */
  history: z.array(ClassChange),
})
export type CaseClassDetail = z.infer<typeof CaseClassDetail>

export const getCaseClass = endpoint({
  name: 'getCaseClass',
  access: 'reference.read',
  summary: 'One class with where its conditions come from, and who changed what when',
  method: 'GET',
  path: '/case-classes/:scheme/:kind/:code',
  params: OneClass,
  reply: CaseClassDetail,
})

export const CLASS_TABLE_FORMATS = ['xlsx', 'csv'] as const

/** A file in the form that `importCaseClasses` takes. */
export const exportCaseClasses = endpoint({
  name: 'exportCaseClasses',
  access: 'reference.read',
  summary: 'The present classes of a scheme, or an empty template, as the table that can be imported',
  method: 'GET',
  path: '/case-classes/:scheme/table',
  params: z.object({ scheme: SchemeId }),
  query: z.object({ format: z.enum(CLASS_TABLE_FORMATS).default('xlsx'), content: z.enum(['present', 'template']).default('present') }),
  reply: z.unknown(),
})

export const listClassVersions = endpoint({
  name: 'listClassVersions',
  access: 'reference.read',
  summary: 'Versions of a scheme that were imported or edited here, newest first',
  method: 'GET',
  path: '/case-classes/:scheme/versions',
  params: z.object({ scheme: SchemeId }),
  query: z.object({ before: z.coerce.number().int().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
  reply: z.object({
    versions: z.array(z.object({ version: z.number().int(), source: z.string(), verified: z.boolean(), changedBy: z.string(), changedAt: Instant, summary: z.string(), changes: ClassChanges })),
  }),
})

/**
 * Classes, filing conditions, limits and closing conditions under versions: imported from a spreadsheet or edited one class at a time.
 * Conditions that cases were filed under are ended, never removed; their ordinals are never given again.
 */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

const SchemeId = z.string().regex(/^[A-Za-z0-9.-]{1,60}$/)
const Kind = z.enum(['part', 'event'])
const Words = (most: number) => z.string().trim().min(1).max(most)

export const ClassSheetIssue = z.object({
  /** As the spreadsheet numbers its rows. */
  row: z.number().int(),
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
  source: Words(300),
  titleZh: Words(120).optional(),
  titleEn: Words(120).optional(),
  verified: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  /** Says that classes the table does not name may end even where they are most of the scheme. */
  replace: z.boolean().default(false),
})
export type ClassImportOptions = z.infer<typeof ClassImportOptions>

export const ClassImportReport = z.object({
  schemeId: z.string(),
  /** The version the scheme has afterwards; the same table again leaves it. */
  version: z.number().int(),
  isChanged: z.boolean(),
  dryRun: z.boolean(),
  classes: z.number().int(),
  conditions: z.number().int(),
  changes: ClassChanges,
  issues: z.array(ClassSheetIssue),
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

export const CaseClassEdit = z.object({
  nameZh: Words(60),
  nameEn: Words(120),
  largeCode: z.string().regex(/^\d{2}$/),
  isLocalExtension: z.boolean(),
  defaultSeverity: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  /** All conditions the class has from now on; those that are the same keep their ordinal. */
  conditions: z.array(z.object({ conditionZh: Words(500), closingZh: Words(500), limitAmount: z.number().int().min(1).max(1000), limitUnit: z.enum(['urgent_hour', 'urgent_day', 'work_hour', 'work_day', 'natural_day']) })).max(50),
})
export type CaseClassEdit = z.infer<typeof CaseClassEdit>

const OneClass = z.object({ scheme: SchemeId, kind: Kind, code: z.string().regex(/^\d{4,5}$/) })

export const editCaseClass = endpoint({
  name: 'editCaseClass',
  access: 'reference.edit',
  summary: 'Write one class with its conditions, as a new version of its scheme; a class that is not there is added',
  method: 'POST',
  path: '/case-classes/:scheme/:kind/:code',
  params: OneClass,
  body: z.object({ /** Version of the scheme the editor saw; an older one is answered 409 `stale`. */ version: z.number().int(), reason: Words(300), content: CaseClassEdit }),
  reply: z.object({ schemeId: z.string(), version: z.number().int(), changes: ClassChanges }),
})

export const endCaseClass = endpoint({
  name: 'endCaseClass',
  access: 'reference.edit',
  summary: 'End a class: no new case takes it, old ones keep it',
  method: 'POST',
  path: '/case-classes/:scheme/:kind/:code/end',
  params: OneClass,
  body: z.object({ version: z.number().int(), reason: Words(300) }),
  reply: z.object({ schemeId: z.string(), version: z.number().int(), changes: ClassChanges }),
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
    versions: z.array(z.object({ version: z.number().int(), source: z.string(), verified: z.boolean(), changedBy: z.string(), changedAt: z.iso.datetime({ offset: true }), summary: z.string(), changes: ClassChanges })),
  }),
})

/** 权责清单, the responsibility matrix: class × filing condition × area to unit and competent department, with priority and legal basis. */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { AreaCode, ClassCode, ClassKind, Text, Unit } from './dispatch.ts'
import { endpoint } from './endpoint.ts'

const Instant = z.iso.datetime({ offset: true })

export const Responsibility = z.object({
  id: z.string(),
  schemeId: z.string(),
  classKind: ClassKind,
  /** Two digits for a whole large class. */
  classCode: z.string(),
  className: z.string().nullable(),
  classNameEn: z.string().nullable(),
  conditionOrdinal: z.number().int().nullable(),
  areaCode: z.string().nullable(),
  areaName: z.string().nullable(),
  unit: Unit,
  /** The unit is gone: nobody is suggested by this row. */
  isUnitGone: z.boolean(),
  competent: Unit.nullable(),
  priority: z.number().int(),
  legalBasis: z.string().nullable(),
  clause: z.string().nullable(),
  requirement: z.string().nullable(),
  source: z.string(),
  verified: z.boolean(),
  createdAt: Instant,
  createdBy: z.string().nullable(),
})
export type Responsibility = z.infer<typeof Responsibility>

export const ResponsibilityInput = z.object({
  schemeId: Text(60).default('GBT30428.2-2013'),
  classKind: ClassKind,
  classCode: ClassCode,
  conditionOrdinal: z.number().int().min(1).max(99).nullable().default(null),
  areaCode: AreaCode.nullable().default(null),
  /** Code of an organisation of the city. */
  unit: Text(40).min(1),
  competent: Text(40).nullable().default(null),
  priority: z.number().int().min(1).max(9).default(1),
  legalBasis: Text(300).nullable().default(null),
  clause: Text(1000).nullable().default(null),
  requirement: Text(1000).nullable().default(null),
  source: Text(300).min(1),
})
export type ResponsibilityInput = z.infer<typeof ResponsibilityInput>

/** A row as it came or went; `endedAt` null while it holds. */
export const ResponsibilityChange = Responsibility.extend({ endedAt: Instant.nullable(), endedBy: z.string().nullable(), /** The row it took the place of. */ replacesId: z.string().nullable() })
export type ResponsibilityChange = z.infer<typeof ResponsibilityChange>

/** A class that nobody answers for, or only somewhere or under some conditions. */
export const ResponsibilityGap = z.object({
  schemeId: z.string(), classKind: ClassKind, classCode: z.string(), nameZh: z.string(), nameEn: z.string(), largeCode: z.string(), largeNameZh: z.string(), largeNameEn: z.string(),
  /** Rows there are, but none for the whole city and every condition. */
  isPartial: z.boolean(),
  /** Cases reported in the last 90 days. */
  recentCases: z.number().int(),
})
export type ResponsibilityGap = z.infer<typeof ResponsibilityGap>

const RowParams = z.object({ city: CityKey, id: z.uuid() })

export const listResponsibilities = endpoint({
  name: 'listResponsibilities', access: 'dispatch.read', summary: 'The responsibility matrix, by class', method: 'GET', path: '/cities/:city/responsibilities', params: CityParams,
  query: z.object({ classKind: ClassKind.optional(), classCode: ClassCode.optional(), unit: Text(40).optional(), limit: z.coerce.number().int().min(1).max(2000).default(500) }),
  reply: z.object({ rows: z.array(Responsibility), total: z.number().int() }),
})
export const addResponsibilities = endpoint({
  name: 'addResponsibilities', access: 'dispatch.rules', summary: 'Add rows to the responsibility matrix; all or none', method: 'POST', path: '/cities/:city/responsibilities', status: 201, params: CityParams,
  body: z.object({ rows: z.array(ResponsibilityInput).min(1).max(2000) }), reply: z.object({ added: z.number().int() }),
})
export const changeResponsibility = endpoint({
  name: 'changeResponsibility', access: 'dispatch.rules', summary: 'Put another row in the place of one of the matrix; the old one stays as history', method: 'POST', path: '/cities/:city/responsibilities/:id/change',
  params: RowParams, body: ResponsibilityInput, reply: z.object({ id: z.string() }),
})
export const endResponsibility = endpoint({
  name: 'endResponsibility', access: 'dispatch.rules', summary: 'End a row of the matrix; cases routed by it keep it', method: 'POST', path: '/cities/:city/responsibilities/:id/end',
  params: RowParams, reply: z.object({ ended: z.boolean() }),
})
export const listResponsibilityChanges = endpoint({
  name: 'listResponsibilityChanges', access: 'dispatch.read', summary: 'How the matrix became what it is: rows that came, changed and ended, newest first', method: 'GET', path: '/cities/:city/responsibility-changes', params: CityParams,
  query: z.object({ classKind: ClassKind.optional(), classCode: ClassCode.optional(), limit: z.coerce.number().int().min(1).max(500).default(200) }),
  reply: z.object({ changes: z.array(ResponsibilityChange) }),
})
export const listResponsibilityGaps = endpoint({
  name: 'listResponsibilityGaps', access: 'dispatch.read', summary: 'Classes nobody answers for, those with the most cases first', method: 'GET', path: '/cities/:city/responsibility-gaps', params: CityParams,
  reply: z.object({ /** Classes of the schemes the city uses. */ classes: z.number().int(), gaps: z.array(ResponsibilityGap) }),
})

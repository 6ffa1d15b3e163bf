/**
 * Terminology
 * - likely duplicate 疑似重复: an open case of the same small class, near in space and time (rules `duplicate_distance_meters`, `duplicate_window_hours`).
 * - suspicious place 疑似默认坐标: one place (to about a metre) that carries far more cases, of mixed kinds, than the places next to it in rank:
 *   addresses that could not be found were put on a default point.
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { Position } from './geojson.ts'
import { IncidentFilter, IncidentSource, IncidentState, Severity } from './incidents.ts'

/** One side of a comparison: what tells whether two reports mean the same thing. */
export const DuplicateSide = z.object({
  id: z.uuid(),
  reportNumber: z.string(),
  caseNumber: z.string().nullable(),
  className: z.string(),
  state: IncidentState,
  source: IncidentSource,
  severity: Severity,
  description: z.string(),
  address: z.string().nullable(),
  position: Position.nullable(),
  streetName: z.string().nullable(),
  reportedAt: z.iso.datetime({ offset: true }),
  department: z.string().nullable(),
  /** The first photos of the scene, oldest first; shown by their thumbnails. */
  photos: z.array(z.object({ id: z.uuid(), kind: z.string() })).max(4),
  photoCount: z.number().int(),
  version: z.number().int(),
})
export type DuplicateSide = z.infer<typeof DuplicateSide>

export const DuplicateCandidate = DuplicateSide.extend({
  distanceMeters: z.number(),
  /** From the candidate's report to this one's; negative when the candidate came later. */
  secondsBefore: z.number(),
})
export type DuplicateCandidate = z.infer<typeof DuplicateCandidate>

export const DuplicateList = z.object({
  /** The case asked about; null for a draft. */
  about: DuplicateSide.nullable(),
  /** Nearest first. */
  candidates: z.array(DuplicateCandidate),
  rule: z.object({ distanceMeters: z.number(), windowHours: z.number() }),
  /** Cases on exactly this coordinate; where `isSuspiciousPlace`, nearness says nothing. */
  casesAtPlace: z.number().int(),
  isSuspiciousPlace: z.boolean(),
})
export type DuplicateList = z.infer<typeof DuplicateList>

export const listDuplicates = endpoint({
  name: 'listDuplicates',
  access: 'incidents.read',
  summary: 'Open cases that may mean the same as a case, side by side',
  method: 'GET',
  path: '/cities/:city/incidents/:id/duplicates',
  params: z.object({ city: CityKey, id: z.uuid() }),
  reply: DuplicateList,
})

export const listDraftDuplicates = endpoint({
  name: 'listDraftDuplicates',
  access: 'incidents.read',
  summary: 'Open cases that may mean the same as a report that is being written',
  method: 'GET',
  path: '/cities/:city/duplicate-candidates',
  params: CityParams,
  query: z.object({
    longitude: z.coerce.number().min(-180).max(180),
    latitude: z.coerce.number().min(-90).max(90),
    schemeId: z.string().max(40).default('GBT30428.2-2013'),
    classKind: z.enum(['part', 'event']),
    classCode: z.string().regex(/^\d{4,5}$/),
  }),
  reply: DuplicateList,
})

export const listSuspiciousPlaces = endpoint({
  name: 'listSuspiciousPlaces',
  access: 'incidents.read',
  summary: 'Single coordinates that carry too many of the cases of a filter: default geocodes that look like hot spots',
  method: 'GET',
  path: '/cities/:city/suspicious-places',
  params: CityParams,
  query: IncidentFilter,
  reply: z.object({
    casesWithPlace: z.number().int(),
    /** Cases on the place of the rule's rank (the last one where there are fewer places); null without any place. */
    usualCases: z.number().int().nullable(),
    /** A place is named from so many cases, so many times those of the place of that rank, and so many kinds of case. */
    rule: z.object({ cases: z.number(), rank: z.number(), times: z.number(), classes: z.number() }),
    places: z.array(
      z.object({
        position: Position,
        cases: z.number().int(),
        share: z.number(),
        open: z.number().int(),
        /** Different small classes among them: a real hot spot has few. */
        classes: z.number().int(),
        sources: z.array(z.string()),
        communityName: z.string().nullable(),
        /** All cases of that community under the filter, of which `cases` are on the point. */
        communityCases: z.number().int().nullable(),
        firstReportedAt: z.iso.datetime({ offset: true }),
        lastReportedAt: z.iso.datetime({ offset: true }),
      }),
    ),
  }),
})

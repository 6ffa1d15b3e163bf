/**
 * Terminology
 * - incident: a problem found in the city, from report to evaluation; 案件.
 * - report number 受理号: given on receipt; case number 案件编号: given when it is filed (立案).
 * - severity: 1 一级 (act now), 2 二级, 3 三级 (ordinary).
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { BoundingBoxText, Position } from './geojson.ts'

/** Text that can be stored: no NUL, no half of a surrogate pair. */
const storable = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text)
const Text = (max: number) => z.string().max(max).refine(storable, 'holds characters that cannot be stored')
/** An instant that both JavaScript and the database can hold. */
const Instant = z.iso.datetime({ offset: true }).refine((text) => /^(19|2\d)\d\d-/.test(text), 'must lie between 1900 and 2999')

export const IncidentState = z.enum([
  'draft', 'pending_accept', 'verifying', 'pending_filing', 'not_filed', 'pending_dispatch', 'pending_dispose', 'disposing',
  'suspended', 'disposed', 'pending_check', 'checking', 'pending_close', 'closed', 'closed_special', 'void',
])
export type IncidentState = z.infer<typeof IncidentState>

export const ENDED_STATES = ['not_filed', 'closed', 'closed_special', 'void'] as const satisfies readonly IncidentState[]

export const IncidentSource = z.enum(['collector', 'hotline_12345', 'citizen_app', 'video_ai', 'iot', 'leader', 'dept_transfer', 'media', 'satellite', 'enforcement'])
export type IncidentSource = z.infer<typeof IncidentSource>

export const Severity = z.union([z.literal(1), z.literal(2), z.literal(3)])
export type Severity = z.infer<typeof Severity>

export const IncidentAction = z.enum([
  'submit', 'send_verify', 'verify_true', 'verify_false', 'accept', 'refuse', 'file', 'dispatch', 'return_to_filing', 'return_to_dispatch',
  'sign', 'refuse_assignment', 'submit_result', 'send_back', 'confirm', 'send_check', 'check_passed', 'rework', 'accept_on_evidence',
  'close', 'close_special', 'suspend', 'resume', 'void_duplicate',
])
export type IncidentAction = z.infer<typeof IncidentAction>

/** Which action leads from where to where (domain standard sequence; actors and guards per role come with accounts). */
export const TRANSITIONS = [
  { action: 'submit', from: ['draft'], to: 'pending_accept' },
  { action: 'send_verify', from: ['pending_accept'], to: 'verifying' },
  { action: 'verify_true', from: ['verifying'], to: 'pending_filing' },
  { action: 'verify_false', from: ['verifying'], to: 'not_filed' },
  { action: 'accept', from: ['pending_accept'], to: 'pending_filing' },
  { action: 'refuse', from: ['pending_accept', 'pending_filing'], to: 'not_filed' },
  { action: 'file', from: ['pending_filing'], to: 'pending_dispatch' },
  { action: 'dispatch', from: ['pending_dispatch'], to: 'pending_dispose' },
  { action: 'return_to_filing', from: ['pending_dispatch'], to: 'pending_filing' },
  { action: 'return_to_dispatch', from: ['pending_dispose'], to: 'pending_dispatch' },
  { action: 'sign', from: ['pending_dispose'], to: 'disposing' },
  { action: 'refuse_assignment', from: ['disposing'], to: 'pending_dispose' },
  { action: 'submit_result', from: ['disposing'], to: 'disposed' },
  { action: 'send_back', from: ['disposed'], to: 'disposing' },
  { action: 'confirm', from: ['disposed'], to: 'pending_check' },
  { action: 'send_check', from: ['pending_check'], to: 'checking' },
  { action: 'check_passed', from: ['checking'], to: 'pending_close' },
  { action: 'rework', from: ['checking', 'pending_check'], to: 'pending_dispose' },
  { action: 'accept_on_evidence', from: ['pending_check'], to: 'pending_close' },
  { action: 'close', from: ['pending_close'], to: 'closed' },
  {
    action: 'close_special',
    from: ['pending_filing', 'pending_dispatch', 'pending_dispose', 'disposing', 'suspended', 'disposed', 'pending_check', 'checking', 'pending_close'],
    to: 'closed_special',
  },
  { action: 'suspend', from: ['disposing'], to: 'suspended' },
  { action: 'resume', from: ['suspended'], to: 'disposing' },
  { action: 'void_duplicate', from: ['draft', 'pending_accept', 'verifying', 'pending_filing'], to: 'void' },
] as const satisfies readonly { action: IncidentAction; from: readonly IncidentState[]; to: IncidentState }[]

/** What the map, the list and the live feed carry of each incident. */
export const IncidentSummary = z.object({
  id: z.string(),
  reportNumber: z.string(),
  caseNumber: z.string().nullable(),
  classKind: z.enum(['part', 'event']),
  classCode: z.string(),
  className: z.string(),
  largeCode: z.string(),
  severity: Severity,
  state: IncidentState,
  source: IncidentSource,
  position: Position.nullable(),
  address: z.string().nullable(),
  streetCode: z.string().nullable(),
  streetName: z.string().nullable(),
  communityCode: z.string().nullable(),
  communityName: z.string().nullable(),
  gridCode: z.string().nullable(),
  department: z.string().nullable(),
  reportedAt: z.iso.datetime({ offset: true }),
  dueAt: z.iso.datetime({ offset: true }).nullable(),
  endedAt: z.iso.datetime({ offset: true }).nullable(),
  outsideCity: z.boolean(),
  isDrill: z.boolean(),
  version: z.number().int(),
})
export type IncidentSummary = z.infer<typeof IncidentSummary>

export const IncidentFlowEntry = z.object({
  sequence: z.number().int(),
  action: z.string(),
  fromState: IncidentState.nullable(),
  toState: IncidentState,
  actor: z.string(),
  at: z.iso.datetime({ offset: true }),
  opinion: z.string().nullable(),
})
export type IncidentFlowEntry = z.infer<typeof IncidentFlowEntry>

export const Incident = IncidentSummary.extend({
  description: z.string(),
  sourceReference: z.string().nullable(),
  reportedBy: z.string(),
  holder: z.string().nullable(),
  severityFrom: z.enum(['class', 'source', 'person']),
  placeMethod: z.enum(['gps', 'map', 'address', 'source', 'part', 'none']),
  gridVersion: z.number().int().nullable(),
  /** The part the incident is on, when one of its class lies within 15 m. */
  part: z.object({ id: z.string(), code: z.string().nullable(), name: z.string().nullable() }).nullable(),
  conditionZh: z.string().nullable(),
  limitZh: z.string().nullable(),
  limitEn: z.string().nullable(),
  occurredAt: z.iso.datetime({ offset: true }).nullable(),
  receivedAt: z.iso.datetime({ offset: true }),
  filedAt: z.iso.datetime({ offset: true }).nullable(),
  disposedAt: z.iso.datetime({ offset: true }).nullable(),
  layerKey: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  flow: z.array(IncidentFlowEntry),
})
export type Incident = z.infer<typeof Incident>

const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z.string().max(2000).transform((text) => text.split(',').filter(Boolean)).pipe(z.array(item))

/** One filter for the map, the list, the counts and the export. Lists are comma-separated in addresses. */
export const IncidentFilter = z.object({
  states: list(IncidentState).optional(),
  /** `open` = not ended, `overdue` = its limit is running and has passed (`isOverdue`), `ended`. */
  status: z.enum(['open', 'overdue', 'ended']).optional(),
  sources: list(IncidentSource).optional(),
  severities: z.string().max(10).transform((text) => text.split(',').filter(Boolean).map(Number)).pipe(z.array(Severity)).optional(),
  /** `event:01` (large class) or `event:0112` (small class), `part:…` likewise. */
  classes: list(z.string().regex(/^(part|event):\d{2,8}$/)).optional(),
  /** 12-digit area codes (county, street or community) or 15-digit cell codes. */
  areas: list(z.string().regex(/^[0-9A-Za-z-]{1,32}$/)).optional(),
  boundingBox: BoundingBoxText.optional(),
  /** Reported at or after / before this instant. */
  from: Instant.optional(),
  to: Instant.optional(),
  text: Text(100).trim().optional(),
  layers: list(Text(80)).optional(),
  /** Rows of drills and rows outside the city are left out unless asked for. */
  includeDrills: z.stringbool().optional(),
  includeOutside: z.stringbool().optional(),
})
export type IncidentFilter = z.output<typeof IncidentFilter>
export type IncidentFilterInput = z.input<typeof IncidentFilter>

export const listIncidents = endpoint({
  name: 'listIncidents',
  access: 'incidents.read',
  summary: 'Incidents in pages, newest first',
  method: 'GET',
  path: '/cities/:city/incidents',
  params: CityParams,
  query: IncidentFilter.extend({
    sort: z.enum(['reported', 'due', 'severity']).default('reported'),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: z.object({ rows: z.array(IncidentSummary), nextCursor: z.string().nullable(), asOf: z.iso.datetime({ offset: true }) }),
})

/** Every count beside the filters, from the filter's own query. */
export const countIncidents = endpoint({
  name: 'countIncidents',
  access: 'incidents.read',
  summary: 'Counts under a filter: total, without place, per state, source, class, severity, street',
  method: 'GET',
  path: '/cities/:city/incident-counts',
  params: CityParams,
  query: IncidentFilter,
  reply: z.object({
    total: z.number().int(),
    open: z.number().int(),
    overdue: z.number().int(),
    ended: z.number().int(),
    withoutPlace: z.number().int(),
    outsideCity: z.number().int(),
    drills: z.number().int(),
    byState: z.record(z.string(), z.number().int()),
    bySource: z.record(z.string(), z.number().int()),
    bySeverity: z.record(z.string(), z.number().int()),
    byClass: z.array(z.object({ key: z.string(), name: z.string(), count: z.number().int() })),
    byStreet: z.array(z.object({ code: z.string(), name: z.string(), count: z.number().int() })),
    byDay: z.array(z.object({ day: z.string(), count: z.number().int() })),
    asOf: z.iso.datetime({ offset: true }),
  }),
})

/**
 * All points under a filter as columns, little-endian, for typed arrays (Content-Type application/vnd.xiucheng.points):
 * read with `decodeIncidentPoints` of `incident-points.ts`.
 */
export const INCIDENT_POINTS_PATH = '/cities/:city/incident-points'
/** The rows of the filter as a file: the filter's query and `?format=csv|xlsx|geojson`. */
export const INCIDENT_EXPORT_FORMATS = ['csv', 'xlsx', 'geojson'] as const
export const INCIDENT_EXPORT_PATH = '/cities/:city/incident-export'
export const getIncidentPoints = endpoint({
  name: 'getIncidentPoints',
  access: 'incidents.read',
  summary: 'All points under a filter as binary columns',
  method: 'GET',
  path: INCIDENT_POINTS_PATH,
  params: CityParams,
  query: IncidentFilter,
  reply: z.unknown(),
})
export const exportIncidents = endpoint({
  name: 'exportIncidents',
  access: 'incidents.export',
  summary: 'The rows of a filter as a file, with the filter written into it',
  method: 'GET',
  path: INCIDENT_EXPORT_PATH,
  params: CityParams,
  query: IncidentFilter.extend({ format: z.enum(INCIDENT_EXPORT_FORMATS).default('csv') }),
  reply: z.unknown(),
})

export const getIncident = endpoint({
  name: 'getIncident',
  access: 'incidents.read',
  summary: 'One incident with its flow',
  method: 'GET',
  path: '/cities/:city/incidents/:id',
  params: z.object({ city: CityKey, id: z.uuid() }),
  reply: Incident,
})

/** What any source sends; a retry with the same Idempotency-Key never makes a second case. */
export const IncidentReport = z.object({
  source: IncidentSource,
  sourceReference: Text(100).optional(),
  schemeId: Text(40).default('GBT30428.2-2013'),
  classKind: z.enum(['part', 'event']),
  classCode: z.string().regex(/^\d{4,5}$/),
  severity: Severity.optional(),
  description: Text(2000).default(''),
  position: Position.optional(),
  placeMethod: z.enum(['gps', 'map', 'address', 'source', 'part']).optional(),
  address: Text(300).optional(),
  occurredAt: Instant.optional(),
  reportedBy: Text(100).min(1),
  /** A drill runs like any other case and is left out of every total unless asked for. */
  isDrill: z.boolean().default(false),
})
export type IncidentReport = z.infer<typeof IncidentReport>

export const reportIncident = endpoint({
  name: 'reportIncident',
  access: 'incidents.report',
  summary: 'Report an incident (header Idempotency-Key required)',
  method: 'POST',
  path: '/cities/:city/incidents',
  status: 201,
  params: CityParams,
  body: IncidentReport,
  reply: Incident,
})

export const transitionIncident = endpoint({
  name: 'transitionIncident',
  access: 'incidents.act',
  summary: 'Move an incident along its life (header Idempotency-Key optional)',
  method: 'POST',
  path: '/cities/:city/incidents/:id/transitions',
  status: 201,
  params: z.object({ city: CityKey, id: z.uuid() }),
  body: z.object({
    action: IncidentAction,
    /** The version the caller saw; an older one is answered 409 `stale`. */
    version: z.number().int(),
    opinion: Text(500).optional(),
    /** For `file`: which filing condition of the class was met; it fixes the limit. */
    conditionOrdinal: z.number().int().optional(),
    department: Text(100).optional(),
    actor: Text(100).min(1),
  }),
  reply: Incident,
})

/** Class tables for filters and labels. */
export const listCaseClasses = endpoint({
  name: 'listCaseClasses',
  access: 'reference.read',
  summary: 'Large and small classes with their filing conditions',
  method: 'GET',
  path: '/case-classes',
  reply: z.object({
    schemes: z.array(
      z.object({
        id: z.string(),
        titleZh: z.string(),
        titleEn: z.string(),
        source: z.string(),
        verified: z.boolean(),
        version: z.number().int(),
        largeClasses: z.array(z.object({ kind: z.enum(['part', 'event']), code: z.string(), nameZh: z.string(), nameEn: z.string() })),
        classes: z.array(
          z.object({
            kind: z.enum(['part', 'event']),
            code: z.string(),
            largeCode: z.string(),
            nameZh: z.string(),
            nameEn: z.string(),
            isLocalExtension: z.boolean(),
            defaultSeverity: Severity,
            conditions: z.array(z.object({ ordinal: z.number().int(), conditionZh: z.string(), closingZh: z.string(), limitAmount: z.number().int(), limitUnit: z.string() })),
          }),
        ),
      }),
    ),
  }),
})

/** The demo's simulator: its speed multiplies rates of arrival and handling; timestamps stay the server's. */
export const SimulatorState = z.object({ available: z.boolean(), running: z.boolean(), speed: z.number().min(1).max(60) })
export const getSimulator = endpoint({ name: 'getSimulator', access: 'city.read', summary: 'State of the demo simulator', method: 'GET', path: '/cities/:city/simulator', params: CityParams, reply: SimulatorState })
export const setSimulator = endpoint({
  name: 'setSimulator',
  access: 'simulator.control',
  summary: 'Start, stop or speed up the demo simulator',
  method: 'POST',
  path: '/cities/:city/simulator',
  params: CityParams,
  body: z.object({ running: z.boolean(), speed: z.number().min(1).max(60) }),
  reply: SimulatorState,
})

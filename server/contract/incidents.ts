/**
 * Terminology
 * - incident: a problem found in the city, from report to evaluation; 案件.
 * - report number 受理号: given on receipt; case number 案件编号: given when it is filed (立案).
 * - severity: 1 一级 (act now), 2 二级, 3 三级 (ordinary).
 */
import { z } from 'zod'
import { CityKey, CityParams } from './cities.ts'
import { CaseClock, LimitUnit, RunningClock } from './clocks.ts'
import { endpoint } from './endpoint.ts'
import { IncidentFacts } from './facts.ts'
import { BoundingBoxText, Position } from './geojson.ts'
import { FlowOperation, IncidentAction, IncidentState, RefusalReason, RequestKind, RequestStatus, SpecialKind, SupervisionKind } from './incident-transitions.ts'
import { BuiltInRole, Role } from './permissions.ts'
import { QueueKey } from './queues.ts'

export * from './incident-transitions.ts'

/** Text that can be stored: no NUL, no half of a surrogate pair. */
const storable = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text)
const Text = (max: number) => z.string().max(max).refine(storable, 'holds characters that cannot be stored')
/** An instant that both JavaScript and the database can hold. */
const Instant = z.iso.datetime({ offset: true }).refine((text) => /^(19|2\d)\d\d-/.test(text), 'must lie between 1900 and 2999')

export const IncidentSource = z.enum(['collector', 'hotline_12345', 'citizen_app', 'video_ai', 'iot', 'leader', 'dept_transfer', 'media', 'satellite', 'enforcement'])
export type IncidentSource = z.infer<typeof IncidentSource>

export const Severity = z.union([z.literal(1), z.literal(2), z.literal(3)])
export type Severity = z.infer<typeof Severity>

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
  /** The clock that runs or rests now; `lightOf` tells its light at any instant. Null for an ended case, and one of which no clock is kept. */
  clock: RunningClock.nullable(),
  /** Whether a leader supervises it (督办); what the clock raised by itself does not count. */
  isSupervised: z.boolean(),
  version: z.number().int(),
})
export type IncidentSummary = z.infer<typeof IncidentSummary>

export const IncidentFlowEntry = z.object({
  sequence: z.number().int(),
  action: z.string(),
  /** What kind of step it is; null for steps from before this was kept. */
  operation: FlowOperation.nullable(),
  fromState: IncidentState.nullable(),
  toState: IncidentState,
  actor: z.string(),
  /** Role in which the actor did it. */
  actorRole: z.union([Role, BuiltInRole]).nullable(),
  /** Whom the step was handed to, by name. */
  receiver: z.string().nullable(),
  at: z.iso.datetime({ offset: true }),
  opinion: z.string().nullable(),
  /** The stage whose clock ran when the step was taken. */
  stage: z.enum(['accept', 'verify', 'file', 'dispatch', 'dispose', 'check', 'close']).nullable(),
  /** Since the case came into the state the step was taken in. */
  spentMilliseconds: z.number().nullable(),
  wasOverdue: z.boolean().nullable(),
})
export type IncidentFlowEntry = z.infer<typeof IncidentFlowEntry>

/** What was asked for on a case, and what became of it. */
export const CaseRequest = z.object({
  id: z.string(),
  kind: RequestKind,
  status: RequestStatus,
  reason: z.string(),
  newDueAt: z.iso.datetime({ offset: true }).nullable(),
  specialKind: SpecialKind.nullable(),
  askedById: z.string().nullable(),
  askedBy: z.string(),
  askedAt: z.iso.datetime({ offset: true }),
  endorsedById: z.string().nullable(),
  endorsedBy: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: z.iso.datetime({ offset: true }).nullable(),
  decision: z.string().nullable(),
})
export type CaseRequest = z.infer<typeof CaseRequest>

/** Pressure on a case and its reply. */
export const CaseSupervision = z.object({
  id: z.string(),
  form: z.enum(['supervise', 'urge']),
  kind: SupervisionKind,
  text: z.string(),
  by: z.string(),
  at: z.iso.datetime({ offset: true }),
  /** Whether a rule raised it. */
  isAutomatic: z.boolean(),
  reply: z.string().nullable(),
  repliedBy: z.string().nullable(),
  repliedAt: z.iso.datetime({ offset: true }).nullable(),
})
export type CaseSupervision = z.infer<typeof CaseSupervision>

const CaseReference = z.object({ id: z.string(), reportNumber: z.string(), state: IncidentState })

/** What the caller may do with a case now, and why not for everything else: the sentence the server would answer. */
export const IncidentActionChoice = z.object({
  action: IncidentAction,
  allowed: z.boolean(),
  to: IncidentState,
  reason: z.object({ zh: z.string(), en: z.string() }).nullable(),
  obstacle: z.enum(['state', 'role', 'area', 'department', 'holder', 'own_work', 'request', 'rule']).nullable(),
})

export const Incident = IncidentSummary.extend({
  description: z.string(),
  sourceReference: z.string().nullable(),
  /** Masked for reports of the public (王**); `revealReporter` tells it. */
  reportedBy: z.string(),
  /** Masked (138****1234); null when none was given. */
  reporterPhone: z.string().nullable(),
  /** Whether the reporter can be revealed to somebody with that permission. */
  isReporterMasked: z.boolean(),
  holder: z.string().nullable(),
  departmentId: z.string().nullable(),
  holderId: z.string().nullable(),
  reporterId: z.string().nullable(),
  disposerId: z.string().nullable(),
  checkerId: z.string().nullable(),
  /** The case this one was merged into, those merged into it, the case it takes up again, and the one that takes it up. */
  master: CaseReference.nullable(),
  merged: z.array(CaseReference),
  reopenedFrom: CaseReference.nullable(),
  reopenedAs: CaseReference.nullable(),
  reworkCount: z.number().int(),
  returnCount: z.number().int(),
  supervisionCount: z.number().int(),
  isSelfHandled: z.boolean(),
  isOvertimeExempt: z.boolean(),
  hasFailedCheck: z.boolean(),
  verifiedSameTime: z.boolean().nullable(),
  closingConditionMet: z.boolean().nullable(),
  specialKind: SpecialKind.nullable(),
  refusalReason: RefusalReason.nullable(),
  stateSince: z.iso.datetime({ offset: true }),
  /** Until when the department may return the case to dispatch; null where that does not apply. */
  returnUntil: z.iso.datetime({ offset: true }).nullable(),
  closingZh: z.string().nullable(),
  /** Its clocks in the order in which they began; empty where nothing is known of its way. */
  clocks: z.array(CaseClock),
  requests: z.array(CaseRequest),
  supervisions: z.array(CaseSupervision),
  actions: z.array(IncidentActionChoice),
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
  /** What its place said when it came in; null without a place. */
  facts: IncidentFacts.nullable(),
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
  /** A queue of the workbench (`QUEUES`); the three after it are its conditions that no state tells. */
  queue: QueueKey.optional(),
  mine: z.stringbool().optional(),
  supervised: z.stringbool().optional(),
  returned: z.stringbool().optional(),
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
  schemeId: Text(60).default('GBT30428.2-2013'),
  classKind: z.enum(['part', 'event']),
  classCode: z.string().regex(/^\d{4,5}$/),
  severity: Severity.optional(),
  description: Text(2000).default(''),
  position: Position.optional(),
  placeMethod: z.enum(['gps', 'map', 'address', 'source', 'part']).optional(),
  address: Text(300).optional(),
  occurredAt: Instant.optional(),
  /** Who found the problem; without it, whoever sends the report. */
  reportedBy: Text(100).min(1).optional(),
  reporterPhone: z.string().regex(/^[+\d][\d -]{4,19}$/, 'must be a telephone number').optional(),
  /** Kept as a draft until `submit`, so that photographs can be added first. */
  isDraft: z.boolean().default(false),
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

export const IncidentTransition = z.object({
  action: IncidentAction,
  /** The version the caller saw; an older one is answered 409 `stale`. */
  version: z.number().int(),
  opinion: Text(500).optional(),
  /** For `accept` and `file`: the class, where it has to be corrected. */
  classKind: z.enum(['part', 'event']).optional(),
  classCode: z.string().regex(/^\d{4,5}$/).optional(),
  /** For `file`: which filing condition of the class was met; it fixes the limit and the closing condition. */
  conditionOrdinal: z.number().int().optional(),
  /** For `dispatch`: the department, by id. */
  departmentId: z.uuid().optional(),
  /** For `dispatch` to another unit than the one suggested: why. */
  overrideReason: Text(300).optional(),
  /** For `send_verify`, `sign`, `assign`, `send_check`: the person, by id. */
  receiverId: z.uuid().optional(),
  /** For `close`: the closing condition was seen to be met. */
  closingConditionMet: z.boolean().optional(),
  refusalReason: RefusalReason.optional(),
  specialKind: SpecialKind.optional(),
  supervisionKind: SupervisionKind.optional(),
  /** For `request_extension`: the deadline asked for. */
  newDueAt: Instant.optional(),
  /** For `merge_duplicate`: the case that goes on, by id. */
  masterId: z.uuid().optional(),
  /** For `check_passed`: it was looked at in the same time of day as it was reported (同时段核查). */
  isSameTimeOfDay: z.boolean().optional(),
  /** Photographs that prove the step, by id; each proves one step. */
  mediaIds: z.array(z.uuid()).max(20).optional(),
})
export type IncidentTransition = z.infer<typeof IncidentTransition>

/** Whoever calls is the actor; nothing in the body says otherwise. */
export const transitionIncident = endpoint({
  name: 'transitionIncident',
  access: 'incidents.act',
  summary: 'Move an incident along its life (header Idempotency-Key optional)',
  method: 'POST',
  path: '/cities/:city/incidents/:id/transitions',
  status: 201,
  params: z.object({ city: CityKey, id: z.uuid() }),
  body: IncidentTransition,
  reply: Incident,
})

/** An ended case is taken up again as a new one that points at it; at most one does. */
export const reopenIncident = endpoint({
  name: 'reopenIncident',
  access: 'incidents.act',
  summary: 'Take an ended incident up again as a new, linked one (header Idempotency-Key required)',
  method: 'POST',
  path: '/cities/:city/incidents/:id/reopening',
  status: 201,
  params: z.object({ city: CityKey, id: z.uuid() }),
  body: z.object({ reason: Text(500).min(1) }),
  reply: Incident,
})

export const revealReporter = endpoint({
  name: 'revealReporter',
  access: 'incidents.reveal',
  summary: 'Name and telephone of the reporter in clear; the log keeps who asked and why',
  method: 'POST',
  path: '/cities/:city/incidents/:id/reporter',
  params: z.object({ city: CityKey, id: z.uuid() }),
  body: z.object({ reason: Text(200).trim().min(2) }),
  reply: z.object({ reportedBy: z.string(), reporterPhone: z.string().nullable() }),
})

/** How a city organises the flow; a change is a new version. */
export const WorkflowSettings = z.object({
  version: z.number().int(),
  /** Who files and closes: the operator in a small city, the shift leader by the standard. */
  filingRole: z.enum(['operator', 'shift_leader']),
  /** Classes that may be checked on the photographs alone, as `event:0112` or `part:03`; null: every class. */
  photoCheckClasses: z.array(z.string().regex(/^(part|event):\d{2,5}$/)).max(2000).nullable(),
  /** Whether the steps that photographs prove are refused without them. */
  requiresPhotos: z.boolean(),
  source: z.string(),
  verified: z.boolean(),
  effectiveFrom: z.iso.datetime({ offset: true }),
  /** Whether the city has settings of its own. */
  isOwn: z.boolean(),
})
export type WorkflowSettings = z.infer<typeof WorkflowSettings>

export const getWorkflowSettings = endpoint({ name: 'getWorkflowSettings', access: 'reference.read', summary: 'Who files and closes in a city, and which classes may be checked on photographs', method: 'GET', path: '/cities/:city/workflow-settings', params: CityParams, reply: WorkflowSettings })
export const setWorkflowSettings = endpoint({
  name: 'setWorkflowSettings',
  access: 'reference.edit',
  summary: 'Give a city the next version of its workflow settings',
  method: 'POST',
  path: '/cities/:city/workflow-settings',
  status: 201,
  params: CityParams,
  body: WorkflowSettings.pick({ filingRole: true, photoCheckClasses: true, requiresPhotos: true }).extend({
    /** Version the caller saw; an older one is answered 409 `stale`. */
    version: z.number().int(),
    source: Text(500).min(2),
    verified: z.boolean().default(false),
  }),
  reply: WorkflowSettings,
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
            /** Its conditions were held against their source. */
            verified: z.boolean(),
            conditions: z.array(z.object({ ordinal: z.number().int(), conditionZh: z.string(), closingZh: z.string(), limitAmount: z.number().int(), limitUnit: LimitUnit })),
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

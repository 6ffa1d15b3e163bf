/** What a place says about a case on it: looked up when the case comes in, kept with it. */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'

export const CONTROL_KIND_LABELS = {
  no_report: { zh: '不予采集区域', en: 'Not to be reported' },
  key_area: { zh: '重点区域', en: 'Key area' },
  scenic: { zh: '风景名胜区', en: 'Scenic area' },
} as const

export const PERMIT_KIND_LABELS = {
  occupation: { zh: '占道', en: 'Occupation' },
  excavation: { zh: '挖掘', en: 'Excavation' },
  construction: { zh: '施工', en: 'Construction' },
  advertising: { zh: '户外广告', en: 'Advertising' },
  greening: { zh: '绿化', en: 'Greening' },
  waste_transport: { zh: '渣土运输', en: 'Waste transport' },
  other: { zh: '其他许可', en: 'Other permit' },
} as const

const Instant = z.iso.datetime({ offset: true }).nullable()

export const GridOwner = z.object({
  /** The cell, community or street that the owner was found for: the smallest that has one. */
  areaCode: z.string(),
  organisation: z.string(),
  person: z.string().nullable(),
})
export type GridOwner = z.infer<typeof GridOwner>

export const IncidentFacts = z.object({
  /** The nearest named road within rule `road_distance_meters`. */
  road: z.object({ name: z.string(), distanceMeters: z.number() }).nullable(),
  greenLines: z.array(z.object({ code: z.string().nullable(), name: z.string().nullable() })),
  controlAreas: z.array(
    z.object({
      code: z.string().nullable(),
      name: z.string().nullable(),
      kind: z.enum(['no_report', 'key_area', 'scenic']),
      /** Whether it is about this class at this time; `tip` is to be shown then. */
      applies: z.boolean(),
      tip: z.string().nullable(),
    }),
  ),
  /** Open at the time of the case and holding its place (lines and points: within rule `permit_distance_meters`). */
  permits: z.array(
    z.object({
      code: z.string().nullable(),
      name: z.string().nullable(),
      kind: z.enum(['occupation', 'excavation', 'construction', 'advertising', 'greening', 'waste_transport', 'other']),
      holder: z.string().nullable(),
      startsAt: Instant,
      endsAt: Instant,
    }),
  ),
  owner: GridOwner.nullable(),
})
export type IncidentFacts = z.infer<typeof IncidentFacts>

/** The same before a case is reported: for whoever fills in the form. */
export const getPlaceFacts = endpoint({
  name: 'getPlaceFacts',
  access: 'incidents.read',
  summary: 'What a place says about a case of a class there now: areas, cell, owner, part, road, green lines, control areas, permits',
  method: 'GET',
  path: '/cities/:city/place-facts',
  params: CityParams,
  query: z.object({
    longitude: z.coerce.number().min(-180).max(180),
    latitude: z.coerce.number().min(-90).max(90),
    schemeId: z.string().max(40).default('GBT30428.2-2013'),
    classKind: z.enum(['part', 'event']),
    classCode: z.string().regex(/^\d{4,5}$/),
  }),
  reply: z.object({
    outsideCity: z.boolean(),
    streetCode: z.string().nullable(),
    streetName: z.string().nullable(),
    communityCode: z.string().nullable(),
    communityName: z.string().nullable(),
    gridCode: z.string().nullable(),
    part: z.object({ id: z.string(), code: z.string().nullable(), name: z.string().nullable() }).nullable(),
    facts: IncidentFacts,
  }),
})

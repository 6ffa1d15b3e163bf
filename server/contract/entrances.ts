/** Gates of green spaces: those on record, or where there are none, those that the walking ruler finds. Hand edits win. */
import { z } from 'zod'
import { CityKey } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { Position } from './geojson.ts'

/** On record: given by a source, derived (found once and kept), edited by hand. Found anew at every question: crossing of a path, open edge. */
export const EntranceMethod = z.enum(['given', 'derived', 'edited', 'crossing', 'open_edge'])
export type EntranceMethod = z.infer<typeof EntranceMethod>

export const Entrance = z.object({
  /** Null for one that is found and not on record. */
  id: z.string().nullable(),
  method: EntranceMethod,
  name: z.string().nullable(),
  position: Position,
})
export type Entrance = z.infer<typeof Entrance>

export const Entrances = z.object({
  green: z.object({ id: z.string(), name: z.string().nullable() }),
  /** Whether any are on record; then nothing is found beside them. */
  isOnRecord: z.boolean(),
  entrances: z.array(Entrance),
  /** True when there are more than are told. */
  isCut: z.boolean(),
})
export type Entrances = z.infer<typeof Entrances>

const GreenParams = z.object({ city: CityKey, green: z.uuid() })

export const listEntrances = endpoint({ name: 'listEntrances', access: 'coverage.read', summary: 'Gates of a green space: on record, or found where paths cross its boundary, or along its open edge', method: 'GET', path: '/cities/:city/green-spaces/:green/entrances', params: GreenParams, reply: Entrances })
export const addEntrance = endpoint({
  name: 'addEntrance', access: 'imports.run', summary: 'A gate put in by hand; what was found until then is kept on record beside it', method: 'POST', path: '/cities/:city/green-spaces/:green/entrances', status: 201, params: GreenParams,
  body: z.object({ position: Position, name: z.string().trim().min(1).max(60).nullable().default(null) }), reply: Entrances,
})
export const keepEntrances = endpoint({ name: 'keepEntrances', access: 'imports.run', summary: 'Put the gates that are found on record, so that single ones can be ended', method: 'POST', path: '/cities/:city/green-spaces/:green/entrances/keep', params: GreenParams, body: z.object({}), reply: Entrances })
export const endEntrance = endpoint({ name: 'endEntrance', access: 'imports.run', summary: 'End a gate on record; it stays as history', method: 'POST', path: '/cities/:city/green-spaces/:green/entrances/:entrance/end', params: GreenParams.extend({ entrance: z.uuid() }), body: z.object({}), reply: Entrances })

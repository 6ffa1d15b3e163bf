/**
 * Terminology
 * - basemap: what lies under everything else; `own` draws it from the city's own tables, without any outside request.
 */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const BasemapKind = z.enum(['own', 'tianditu', 'pmtiles', 'wmts'])
export type BasemapKind = z.infer<typeof BasemapKind>

export const Basemap = z.object({
  /** What is drawn. */
  kind: BasemapKind,
  /** What the setting BASEMAP asks for; another than `kind` when this version cannot draw it yet and draws the own one. */
  configured: BasemapKind,
  /** A sentence for people when the two differ. */
  noteZh: z.string().nullable(),
  noteEn: z.string().nullable(),
  attributionZh: z.string(),
  attributionEn: z.string(),
})
export type Basemap = z.infer<typeof Basemap>

export const getBasemap = endpoint({ name: 'getBasemap', access: 'city.read', summary: 'Which basemap the map draws', method: 'GET', path: '/basemap', reply: Basemap })

/** To whom a case can be handed: the units that handle cases, and people by their posts. Names only; accounts are the administrators' matter. */
import { z } from 'zod'
import { CityParams } from './cities.ts'
import { endpoint } from './endpoint.ts'
import { Role } from './permissions.ts'

export const DirectoryUnit = z.object({ id: z.string(), code: z.string(), nameZh: z.string(), nameEn: z.string(), kind: z.enum(['department', 'street', 'contractor']), parentId: z.string().nullable() })
export type DirectoryUnit = z.infer<typeof DirectoryUnit>

export const DirectoryPerson = z.object({
  id: z.string(),
  name: z.string(),
  posts: z.array(z.object({ role: Role, unitId: z.string().nullable(), /** Leading digits of the administrative codes of the post's area; null: the whole city. */ areaCode: z.string().nullable() })),
})
export type DirectoryPerson = z.infer<typeof DirectoryPerson>

export const getDirectory = endpoint({
  name: 'getDirectory',
  access: 'people.read',
  summary: 'Units that handle cases, and the people cases are handed to; a department is told of its own people',
  method: 'GET',
  path: '/cities/:city/directory',
  params: CityParams,
  reply: z.object({ units: z.array(DirectoryUnit), people: z.array(DirectoryPerson), /** True when there are more people than are told. */ isCut: z.boolean() }),
})

/** What is evaluated: areas 区域, departments 部门, and people in their posts 岗位. */
import { z } from 'zod'

export const AreaKind = z.enum(['county', 'street', 'community', 'grid'])
export type AreaKind = z.infer<typeof AreaKind>
export const PostKind = z.enum(['collector', 'operator', 'shift_leader', 'dispatcher'])
export type PostKind = z.infer<typeof PostKind>
export const ObjectKind = z.enum([...AreaKind.options, 'department', ...PostKind.options])
export type ObjectKind = z.infer<typeof ObjectKind>

export const OBJECT_LABELS = {
  county: { zh: '区县', en: 'Districts' },
  street: { zh: '街道', en: 'Street offices' },
  community: { zh: '社区', en: 'Communities' },
  grid: { zh: '单元网格', en: 'Grid cells' },
  department: { zh: '部门', en: 'Departments' },
  collector: { zh: '监督员', en: 'Collectors' },
  operator: { zh: '受理员', en: 'Operators' },
  shift_leader: { zh: '值班长', en: 'Shift leaders' },
  dispatcher: { zh: '派遣员', en: 'Dispatchers' },
} as const satisfies Record<ObjectKind, { zh: string; en: string }>

export function isArea(kind: ObjectKind): kind is AreaKind {
  return AreaKind.safeParse(kind).success
}

export function isPost(kind: ObjectKind): kind is PostKind {
  return PostKind.safeParse(kind).success
}

/** What somebody sends along with an action, and what the test's books make of it: what it sets, or the field at fault. */
import type { World } from './city.ts'
import { type Brought, canReceive, type Case, NOTHING, openRequest, type Person } from './model.ts'
import type { CaseScheme } from './reference.ts'
import { ENDS, LIFE, NEXT } from './table.ts'

export interface Situation {
  one: Case
  action: string
  who: Person
  now: number
  cases: readonly Case[]
  world: World
  scheme: CaseScheme
}

export interface Brings {
  body: Record<string, unknown>
  brought: Brought
  /** The field that is missing or cannot be used. */
  fault: string | null
}

const PHOTOS: Record<string, string> = { photo: 'near', photo_after: 'after', photo_check: 'check' }
const DAY = 86_400_000
const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!

/** The photograph that an action needs on a case; undefined where none. */
function photoOf({ one, action, world }: Situation): string | undefined {
  if (!world.rules.requiresPhotos || (action === 'submit' && one.source !== 'collector')) return undefined
  const need = LIFE[action]!.needs.find((name) => name in PHOTOS)
  return need && PHOTOS[need]
}

/** @returns the first thing wrong with what was sent, in the order in which the server looks. */
function faultOf(situation: Situation, body: Record<string, unknown>, { receiver, master, newDueAt }: Brought): string | null {
  const { one, action, now, world, scheme } = situation
  for (const need of LIFE[action]!.needs) {
    if (need === 'conditionOrdinal' || need in PHOTOS) continue
    if (body[need] === undefined || (need === 'closingConditionMet' && body[need] !== true)) return need
  }
  if ((action === 'request_extension' || action === 'extend') && (newDueAt === null || newDueAt <= now || (one.dueAt !== null && newDueAt <= one.dueAt))) return 'newDueAt'
  if (body['receiverId'] !== undefined && NEXT[action] && !(receiver && canReceive(one, action, receiver, world.rules))) return 'receiverId'
  if (action === 'dispatch' && body['departmentId'] === undefined && one.department === null) return 'departmentId'
  if (action === 'merge_duplicate' && (!master || master === one || ENDS.includes(master.state) || one.merged > 0)) return 'masterId'
  if (action === 'file' && !scheme.conditions.get(classOf(one, body))?.[Number(body['conditionOrdinal']) - 1]) return 'conditionOrdinal'
  return photoOf(situation) && body['mediaIds'] === undefined ? 'mediaIds' : null
}

const classOf = (one: Case, body: Record<string, unknown>): string => (body['classCode'] === undefined ? one.classKey : `${String(body['classKind'])} ${String(body['classCode'])}`)

/** What a body means for a case. */
export function judge(situation: Situation, body: Record<string, unknown>): Brings {
  const { one, action, world, cases, scheme } = situation
  const asked = body['newDueAt'] === undefined ? null : Date.parse(String(body['newDueAt']))
  const brought: Brought = {
    ...NOTHING,
    receiver: NEXT[action] ? (world.people.find(({ id }) => id === body['receiverId']) ?? null) : null,
    department: action === 'dispatch' ? (world.bodies.find(({ id }) => id === body['departmentId']) ?? one.department) : null,
    classKey: body['classCode'] === undefined ? null : classOf(one, body),
    limit: action === 'file' ? (scheme.conditions.get(classOf(one, body))?.[Number(body['conditionOrdinal']) - 1] ?? null) : null,
    master: cases.find(({ id }) => id === body['masterId']) ?? null,
    newDueAt: action === 'extend' ? (openRequest(one, 'extension')?.newDueAt ?? asked) : asked,
    specialKind: (body['specialKind'] as string | undefined) ?? null,
    refusalReason: (body['refusalReason'] as string | undefined) ?? null,
    photos: (body['mediaIds'] as string[] | undefined)?.length ?? 0,
  }
  return { body, brought, fault: faultOf(situation, body, brought) }
}

function receiverFor({ one, action, world }: Situation, detail: number): string | undefined {
  if (!NEXT[action] || (action !== 'assign' && detail % 3 === 0)) return undefined
  const able = world.people.filter((person) => canReceive(one, action, person, world.rules))
  return at(able.length === 0 || detail % 11 === 0 ? world.people : able, detail).id
}

/** Makes up what comes along; what is incomplete lacks one of the things needed. */
export async function wish(situation: Situation, detail: number, isIncomplete: boolean, addPhoto: (kind: string) => Promise<string>): Promise<Brings> {
  const { one, action, world, cases, scheme, now } = situation
  const corrected = (action === 'accept' || action === 'file') && detail % 7 === 0 ? at([...scheme.conditions.keys()], detail) : undefined
  const conditions = scheme.conditions.get(corrected ?? one.classKey)?.length ?? 1
  const later = Math.max(now, one.dueAt ?? now) + (detail % 13 === 0 ? -DAY : DAY)
  const full: Record<string, unknown> = {
    opinion: '理由',
    ...(corrected ? { classKind: corrected.split(' ')[0], classCode: corrected.split(' ')[1] } : {}),
    ...(action === 'file' ? { conditionOrdinal: 1 + (detail % conditions) } : {}),
    ...(action === 'dispatch' ? { overrideReason: '试', ...(detail % 17 === 0 ? {} : { departmentId: at(world.bodies, detail).id }) } : {}),
    ...(action === 'refuse' ? { refusalReason: at(['out_of_scope', 'incomplete'], detail) } : {}),
    ...(action === 'request_special_close' ? { specialKind: at(['forced', 'informing', 'abnormal'], detail) } : {}),
    ...(action === 'supervise' ? { supervisionKind: at(['leader', 'important'], detail) } : {}),
    ...(action === 'close' ? { closingConditionMet: true } : {}),
    ...(action === 'request_extension' ? { newDueAt: new Date(later).toISOString() } : {}),
    ...(action === 'merge_duplicate' ? { masterId: at(cases, detail).id } : {}),
  }
  const receiverId = receiverFor(situation, detail)
  if (receiverId) full['receiverId'] = receiverId
  const dropped = isIncomplete ? LIFE[action]!.needs[detail % Math.max(1, LIFE[action]!.needs.length)] : undefined
  if (dropped) delete full[dropped]
  const photo = photoOf(situation)
  if (photo && !(dropped && dropped in PHOTOS)) full['mediaIds'] = [await addPhoto(photo)]
  return judge(situation, full)
}

import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { PageStart, SortKey } from './queries.ts'

const Instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  .refine((text) => !Number.isNaN(Date.parse(text)))
const Id = z.number().int().min(1)

const FORMS = {
  reported: z.tuple([z.literal('reported'), z.null(), Instant, Id]),
  due: z.tuple([z.literal('due'), Instant.nullable(), Instant, Id]),
  severity: z.tuple([z.literal('severity'), z.number().int().min(1).max(3), Instant, Id]),
} satisfies Record<SortKey, z.ZodType>

/** Where the next page begins, as text nobody needs to read. */
export function encodeCursor(sort: SortKey, start: PageStart): string {
  return Buffer.from(JSON.stringify([sort, start.key, start.reportedAt, start.id])).toString('base64url')
}

/** @throws AppError bad_request when the text is no cursor of a list in this order. */
export function decodeCursor(text: string, sort: SortKey): PageStart {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch (cause) {
    throw badCursor(sort, cause)
  }
  const result = FORMS[sort].safeParse(parsed)
  if (!result.success) throw badCursor(sort, result.error)
  const [, key, reportedAt, id] = result.data
  return { key, reportedAt, id }
}

function badCursor(sort: SortKey, cause: unknown): AppError {
  return new AppError('bad_request', `翻页标记不属于按此排序的列表，请去掉后从头查看。The cursor is not one of a list sorted by ${sort}; begin again without it.`, { cause, errors: [{ path: 'query.cursor', message: '不是本列表的翻页标记。Is not a cursor of this list' }] })
}

import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { RowStart } from './count-queries.ts'

const Start = z.object({ reportedAt: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/).refine((text) => !Number.isNaN(Date.parse(text))), id: z.number().int().min(1) })

/** Where the next page begins, as text nobody needs to read. */
export function encodeRowCursor(start: RowStart): string {
  return Buffer.from(JSON.stringify(start)).toString('base64url')
}

/** @throws AppError bad_request when the text is no cursor of such a list. */
export function decodeRowCursor(text: string): RowStart {
  try {
    return Start.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch (cause) {
    throw new AppError('bad_request', '翻页标记不属于本列表，请去掉后从头查看。The cursor is not one of this list; begin again without it.', { cause, errors: [{ path: 'query.cursor', message: '不是本列表的翻页标记。Is not a cursor of this list' }] })
  }
}

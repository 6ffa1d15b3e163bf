import { z } from 'zod'

/** Stable error codes; sentences are for people, codes for programs. */
export const ErrorCode = z.enum([
  'bad_request',
  'unauthenticated',
  'second_factor_needed',
  'password_change_needed',
  'forbidden',
  'not_found',
  'conflict',
  'stale',
  'illegal_transition',
  'idempotency_mismatch',
  'in_progress',
  'too_large',
  'unsupported_file',
  'too_many_requests',
  'timeout',
  'cancelled',
  'unavailable',
  'storage_full',
  'internal',
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** RFC 9457 problem details, with our code and one message per faulty field. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: ErrorCode,
  /** Quote this when asking for help; the log holds the same id. */
  requestId: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof Problem>

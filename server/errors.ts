import type { ErrorCode } from './contract/errors.ts'

/** The only place where a code becomes an HTTP status. */
export const STATUS = {
  bad_request: 400,
  unauthenticated: 401,
  second_factor_needed: 403,
  password_change_needed: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  illegal_transition: 409,
  in_progress: 409,
  too_large: 413,
  unsupported_file: 415,
  idempotency_mismatch: 422,
  too_many_requests: 429,
  timeout: 503,
  cancelled: 409,
  unavailable: 503,
  storage_full: 507,
  internal: 500,
} satisfies Record<ErrorCode, number>

/** An error a caller is meant to read: a stable code, a sentence, and the fields at fault. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly errors: { path: string; message: string }[] | undefined

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; errors?: { path: string; message: string }[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.errors = options.errors
  }
}

/** SQLSTATEs with a meaning for the caller; everything else is `internal`. */
const FROM_SQLSTATE: Record<string, [ErrorCode, string]> = {
  '23505': ['conflict', '已有相同代号的内容。Something with the same key exists already.'],
  '23514': ['bad_request', '有值超出允许范围。A value is outside what is allowed.'],
  '23503': ['bad_request', '引用的内容不存在。It refers to something that does not exist.'],
  '22003': ['bad_request', '数字超出可存范围。A number is outside what can be stored.'],
  '22007': ['bad_request', '日期或时间读不出来。A date or time cannot be read.'],
  '22008': ['bad_request', '日期或时间超出可存范围。A date or time is outside what can be stored.'],
  '22021': ['bad_request', '文字含有不能保存的字符。A text holds characters that cannot be stored.'],
  '22P02': ['bad_request', '有值读不出来。A value cannot be read as what it should be.'],
  '22P05': ['bad_request', '文字含有不能保存的字符。A text holds characters that cannot be stored.'],
  '40001': ['conflict', '有别的改动在先，请重试。Another change came first; try again.'],
  '40P01': ['conflict', '有别的改动在先，请重试。Another change came first; try again.'],
  '53100': ['storage_full', '数据库磁盘已满，没有改动任何内容。The disk of the database is full; nothing was changed.'],
  '57014': ['timeout', '查询超过时限，请缩小范围后重试。The question took longer than the time limit; narrow it and try again.'],
  '53300': ['unavailable', '数据库繁忙，请重试。The database is busy; try again.'],
  '57P01': ['unavailable', '数据库刚重启，请重试。The database was restarted; try again.'],
  '57P03': ['unavailable', '数据库正在启动，请重试。The database is starting; try again.'],
  '08006': ['unavailable', '与数据库的连接断开，请重试。The connection to the database was lost; try again.'],
  '08003': ['unavailable', '与数据库的连接断开，请重试。The connection to the database was lost; try again.'],
}

/** Turns a database error into an AppError where its SQLSTATE says something to the caller; answers others unchanged. */
export function fromSqlState(error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const known = FROM_SQLSTATE[code]
  return known ? new AppError(known[0], known[1], { cause: error }) : error
}

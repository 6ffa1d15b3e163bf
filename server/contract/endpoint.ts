import type { z } from 'zod'
import type { Access } from './permissions.ts'

/** One HTTP endpoint, described once: the server mounts it, the client calls it, OpenAPI is derived from it. */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly name: string
  readonly summary: string
  /** What it asks of its caller; an endpoint that does not say does not compile. */
  readonly access: Access
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path under `/api/v1`, with `:name` parameters. */
  readonly path: string
  readonly status?: number
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly reply: Answer
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined
type Given<T> = T extends z.ZodType ? z.input<T> : undefined

/** What a handler receives, parsed. */
export interface Handled<E extends Endpoint> {
  params: Parsed<NonNullable<E['params']>>
  query: Parsed<NonNullable<E['query']>>
  body: Parsed<NonNullable<E['body']>>
}

type Part<Name extends string, T> = [T] extends [z.ZodType]
  ? Record<never, never> extends z.input<T> ? { [K in Name]?: z.input<T> } : { [K in Name]: z.input<T> }
  : { [K in Name]?: undefined }

/** What a caller gives, before parsing. */
export type Input<E extends Endpoint> = Part<'params', NonNullable<E['params']>> & Part<'query', NonNullable<E['query']>> & Part<'body', NonNullable<E['body']>>

export type Reply<E extends Endpoint> = Given<E['reply']>

/** Declares an endpoint; an identity function that keeps the literal types. */
export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  description: Endpoint<P, Q, B, R>,
): Endpoint<P, Q, B, R> {
  return description
}

export const API_PREFIX = '/api/v1'

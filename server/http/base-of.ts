import type { Request } from 'express'

/** Where the console is reached: as configured, else as it was called; no slash at the end. */
export function baseOf(request: Request, configured: string | undefined): string {
  return (configured ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`).replace(/\/+$/, '')
}

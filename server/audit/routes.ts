import type { Router } from 'express'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/audit.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { getVerification, listAudit, listAuditRoots } from './log.ts'

/** Mounts the addresses of the log. */
export function auditRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  serve(router, contract.listAudit, options, ({ principal, query: { cursor, limit, ...filter } }) => listAudit(context, principal, filter, { cursor, limit }))
  serve(router, contract.verifyAudit, options, ({ principal, body }) => getVerification(context, principal, body))
  serve(router, contract.listAuditRoots, options, async ({ principal, query }) => ({ roots: await listAuditRoots(context, principal, query) }))
}

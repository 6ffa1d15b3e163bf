import type { Router } from 'express'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/audit.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { sendFile } from '../http/send-file.ts'
import { exportAudit } from './export.ts'
import { getVerification, listAudit, listAuditRoots } from './log.ts'

/** Mounts the addresses of the log. */
export function auditRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  serve(router, contract.listAudit, options, ({ principal, query: { cursor, limit, ...filter } }) => listAudit(context, principal, filter, { cursor, limit }))
  serve(router, contract.exportAudit, options, async ({ principal, query: { format, ...filter } }, _request, response) => {
    const file = await exportAudit(context, principal, filter, format)
    await sendFile(response, file)
  })
  serve(router, contract.verifyAudit, options, ({ principal, body }) => getVerification(context, principal, body))
  serve(router, contract.listAuditRoots, options, async ({ principal, query }) => ({ roots: await listAuditRoots(context, principal, query) }))
}

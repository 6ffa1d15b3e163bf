import type { Router } from 'express'
import type { AppContext } from '../context.ts'
import * as contract from '../contract/people.ts'
import { serve, serveOptions } from '../http/serve.ts'
import { createAccount, endAccount, endAllSessions, getAccount, listAccounts, lockOutAccount, resetPassword, resetSecondFactor, unlockAccount, updateAccount, viewOf } from './accounts.ts'
import { createOrganisation, endOrganisation, listOrganisations, updateOrganisation } from './organisations.ts'
import { grantPost, listPosts, revokePost } from './posts.ts'
import { createToken, listTokens, revokeToken } from './tokens.ts'

/** Mounts the addresses of organisations, accounts, posts and access tokens. */
export function peopleRoutes(router: Router, context: AppContext): void {
  const options = serveOptions(context)
  serve(router, contract.listOrganisations, options, async ({ params, query }) => ({ organisations: await listOrganisations(context, params.city, query.ended) }))
  serve(router, contract.createOrganisation, options, ({ principal, params, body }) => createOrganisation(context, principal, params.city, body))
  serve(router, contract.updateOrganisation, options, ({ principal, params, body }) => updateOrganisation(context, principal, params.city, params.organisation, body))
  serve(router, contract.endOrganisation, options, ({ principal, params, body }) => endOrganisation(context, principal, params.city, params.organisation, body.version))

  serve(router, contract.listAccounts, options, ({ principal, query: { cursor, limit, ...filter } }) => listAccounts(context, principal, filter, { cursor, limit }))
  serve(router, contract.getAccount, options, ({ principal, params }) => getAccount(context, principal, params.account))
  serve(router, contract.createAccount, options, async ({ principal, body }, _request, response) => {
    const { account, oneTimePassword } = await createAccount(context, principal, body)
    response.setHeader('Cache-Control', 'no-store')
    return { account: viewOf(account, principal), oneTimePassword }
  })
  serve(router, contract.updateAccount, options, ({ principal, params, body }) => updateAccount(context, principal, params.account, body))
  serve(router, contract.endAccount, options, ({ principal, params, body }) => endAccount(context, principal, params.account, body.version))
  serve(router, contract.lockAccount, options, ({ principal, params, body }) => lockOutAccount(context, principal, params.account, body))
  serve(router, contract.unlockAccount, options, ({ principal, params, body }) => unlockAccount(context, principal, params.account, body.version))
  serve(router, contract.resetPassword, options, ({ principal, params }, _request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    return resetPassword(context, principal, params.account)
  })
  serve(router, contract.resetSecondFactor, options, ({ principal, params }) => resetSecondFactor(context, principal, params.account))
  serve(router, contract.endSessions, options, async ({ principal, params }) => ({ ended: await endAllSessions(context, principal, params.account) }))

  serve(router, contract.listPosts, options, ({ principal, query: { cursor, limit, ...filter } }) => listPosts(context, principal, filter, { cursor, limit }))
  serve(router, contract.grantPost, options, ({ principal, params, body }) => grantPost(context, principal, params.account, body))
  serve(router, contract.revokePost, options, ({ principal, params }) => revokePost(context, principal, params.post))

  serve(router, contract.listTokens, options, async ({ query: { limit, ...where } }) => ({ tokens: await listTokens(context, where, limit) }))
  serve(router, contract.createToken, options, ({ principal, body }, _request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    return createToken(context, principal, body)
  })
  serve(router, contract.revokeToken, options, ({ principal, params }) => revokeToken(context, principal, params.token))
}

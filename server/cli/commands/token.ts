import { SYSTEM } from '../../access/principal.ts'
import { findAccountId } from '../../accounts/accounts.ts'
import { createToken, listTokens, revokeToken } from '../../accounts/tokens.ts'
import { IncidentSource } from '../../contract/incidents.ts'
import type { AccessTokenView } from '../../contract/people.ts'
import { type Command, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

function line(token: AccessTokenView): string {
  const facts = [token.expiresAt ? `到期 expires ${token.expiresAt.slice(0, 10)}` : '', token.lastUsedAt ? `最近使用 last used ${token.lastUsedAt.slice(0, 16)}` : '从未使用 never used', token.endedAt ? '已撤销 revoked' : '']
  return `${token.id}  …${token.hint}  ${token.account.login}  ${token.purpose}${token.sources === null ? '' : ` [${token.sources.join(', ')}]`}  ${facts.filter((fact) => fact !== '').join('  ')}`
}

function sourcesOf(text: string | undefined): IncidentSource[] | null {
  if (text === undefined) return null
  const sources = IncidentSource.array().min(1).safeParse(text.split(',').map((word) => word.trim()))
  if (!sources.success) throw new UsageError(`--sources takes some of ${IncidentSource.options.join(', ')}, with commas between, not "${text}"`)
  return sources.data
}

export const tokenCommand: Command = {
  name: 'token',
  summary: '访问令牌：新建、列出、撤销  Access tokens of services and screens: create, list, revoke',
  usage: [
    'token create LOGIN --purpose 用途 [--sources 来源,…] [--expires YYYY-MM-DD]',
    '    LOGIN 是服务或大屏账户（account create … --kind service|display，再 account grant …）。令牌只显示一次。',
    '    LOGIN is the account of a service or a screen. The token is shown once.',
    `    --sources 限定该令牌上报的来源 the only sources its reports may name: ${IncidentSource.options.join(', ')}`,
    'token list [--account LOGIN] [--all]',
    'token revoke ID',
  ].join('\n'),
  async run(args, context, io) {
    const { values, positionals } = readOptions(args, { purpose: { type: 'string' }, sources: { type: 'string' }, expires: { type: 'string' }, account: { type: 'string' }, all: { type: 'boolean', default: false } })
    const [verb, word, ...more] = positionals
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many`)
    if (verb === 'create') {
      const { expires } = values
      if (expires !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires)))) throw new UsageError(`--expires takes YYYY-MM-DD, not "${expires}"`)
      const { token, accessToken } = await createToken(context, SYSTEM, { accountId: await findAccountId(context, required(word, 'LOGIN')), purpose: required(values.purpose, '--purpose'), sources: sourcesOf(values.sources), expiresAt: expires === undefined ? null : `${expires}T00:00:00Z` })
      io.print(`令牌（只显示这一次） token, shown this once: ${token}`)
      return { id: accessToken.id, token }
    }
    if (verb === 'list') {
      const account = values.account === undefined ? undefined : await findAccountId(context, values.account)
      const tokens = await listTokens(context, { account, ended: values.all }, 500)
      for (const token of tokens) io.print(line(token))
      if (tokens.length === 0) io.print('没有令牌。 There is no token.')
      return { tokens }
    }
    if (verb === 'revoke') {
      const id = required(word, 'ID')
      if (!/^[0-9a-f-]{36}$/i.test(id)) throw new UsageError(`"${id}" is no id of a token; token list shows them`)
      const revoked = await revokeToken(context, SYSTEM, id)
      io.print(line(revoked))
      return { id: revoked.id, endedAt: revoked.endedAt }
    }
    throw new UsageError(verb ? `token has no "${verb}"` : 'say what to do: create, list or revoke')
  },
}

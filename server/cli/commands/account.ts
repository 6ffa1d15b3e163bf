import { SYSTEM } from '../../access/principal.ts'
import { createAccount, endAccount, findAccountId, getAccount, listAccounts, resetPassword, resetSecondFactor } from '../../accounts/accounts.ts'
import { createFirstAdministrators } from '../../accounts/first-administrators.ts'
import { listOrganisations } from '../../accounts/organisations.ts'
import { grantPost, revokePost } from '../../accounts/posts.ts'
import type { AppContext } from '../../context.ts'
import { type Account, AccountKind } from '../../contract/people.ts'
import { Role, ROLE_LABELS } from '../../contract/permissions.ts'
import { AppError } from '../../errors.ts'
import { type Command, type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

const OPTIONS = {
  role: { type: 'string' }, login: { type: 'string' }, name: { type: 'string' }, kind: { type: 'string', default: 'person' }, phone: { type: 'string' }, city: { type: 'string' }, organisation: { type: 'string' },
  area: { type: 'string' }, post: { type: 'string' }, text: { type: 'string' }, all: { type: 'boolean', default: false }, 'password-stdin': { type: 'boolean', default: false },
} as const

const ADMINISTRATORS = { system: 'system_admin', security: 'security_admin', audit: 'audit_admin' } as const
type Administrator = keyof typeof ADMINISTRATORS

const read = (args: string[]) => readOptions(args, OPTIONS)
type Values = ReturnType<typeof read>['values']

function administratorsOf(values: Values): Administrator[] {
  const { role } = values
  if (role === undefined) {
    if (values.login !== undefined) throw new UsageError('--login goes with --role: three accounts cannot share one login')
    return ['system', 'security', 'audit']
  }
  if (!(role in ADMINISTRATORS)) throw new UsageError(`--role is one of system, security, audit, not "${role}"`)
  return [role as Administrator]
}

function roleOf(values: Values): Role {
  const role = Role.safeParse(required(values.role, '--role'))
  if (!role.success) throw new UsageError(`--role is one of ${Role.options.join(', ')}, not "${values.role}"`)
  return role.data
}

function line(account: Account): string {
  const posts = account.posts.map((post) => `${post.role in ROLE_LABELS ? ROLE_LABELS[post.role].zh : post.role}${post.cityKey ? ` @${post.cityKey}` : ''}${post.organisation ? ` ${post.organisation.nameZh}` : ''}${post.areaCode ? ` ${post.areaCode}` : ''}`)
  return `${account.login}  ${account.name}  ${account.kind}${account.endedAt ? '  已终止 ended' : ''}  ${posts.join('；') || '无岗位 no post'}`
}

async function createAdministrators(values: Values, context: AppContext, io: CommandIo): Promise<unknown> {
  const wishes = administratorsOf(values).map((key, index) => ({ role: ADMINISTRATORS[key], login: values.login ?? `${key}-admin`, name: values.name ?? ROLE_LABELS[ADMINISTRATORS[key]].zh, password: io.secrets?.[index] ?? '' }))
  const accounts = await createFirstAdministrators(context, SYSTEM, wishes)
  for (const account of accounts) io.print(`已创建 created: ${line(account)}${account.mustChangePassword ? '  首次登录须改密码 has to change the password at first' : ''}`)
  io.print('登录后先设置动态口令。 Each sets up a second factor when signing in.')
  return { accounts: accounts.map(({ id, login, posts, mustChangePassword }) => ({ id, login, roles: posts.map((post) => post.role), mustChangePassword })) }
}

async function create(values: Values, login: string, context: AppContext, io: CommandIo): Promise<unknown> {
  const kind = AccountKind.safeParse(values.kind)
  if (!kind.success) throw new UsageError(`--kind is one of ${AccountKind.options.join(', ')}, not "${values.kind}"`)
  const { account, oneTimePassword } = await createAccount(context, SYSTEM, { kind: kind.data, login, name: required(values.name, '--name'), phone: values.phone ?? null, ...(io.secrets?.[0] === undefined ? {} : { password: io.secrets?.[0], mustChangePassword: true }) })
  io.print(`已创建 created: ${line(account)}`)
  if (oneTimePassword !== null) io.print(`一次性密码 one-time password: ${oneTimePassword}`)
  return { id: account.id, login: account.login, ...(oneTimePassword === null ? {} : { oneTimePassword }) }
}

async function grant(values: Values, login: string, context: AppContext, io: CommandIo): Promise<unknown> {
  const role = roleOf(values)
  const city = values.city ?? null
  let organisationId: string | null = null
  if (values.organisation !== undefined) {
    const found = (await listOrganisations(context, required(values.city, '--city'), false)).find((organisation) => organisation.code === values.organisation)
    if (!found) throw new AppError('not_found', `The city ${values.city} has no organisation "${values.organisation}".`)
    organisationId = found.id
  }
  const account = await grantPost(context, SYSTEM, await findAccountId(context, login), { role, city, organisationId, areaCode: values.area ?? null })
  io.print(line(account))
  return { login: account.login, posts: account.posts }
}

async function revoke(values: Values, login: string, context: AppContext, io: CommandIo): Promise<unknown> {
  const account = await getAccount(context, SYSTEM, await findAccountId(context, login))
  const role = values.post === undefined ? roleOf(values) : undefined
  const posts = account.posts.filter((post) => (values.post === undefined ? post.role === role && (values.city === undefined || post.cityKey === values.city) : post.id === values.post))
  if (posts.length === 0) throw new AppError('not_found', `${account.login} holds no such post.`)
  let after = account
  for (const post of posts) after = await revokePost(context, SYSTEM, post.id)
  io.print(line(after))
  return { login: after.login, posts: after.posts, revoked: posts.length }
}

async function list(values: Values, context: AppContext, io: CommandIo): Promise<unknown> {
  const accounts: Account[] = []
  let cursor: string | undefined
  do {
    const page = await listAccounts(context, SYSTEM, { text: values.text, city: values.city, role: values.role, ended: values.all }, { cursor, limit: 200 })
    accounts.push(...page.accounts)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  for (const account of accounts) io.print(line(account))
  if (accounts.length === 0) io.print('没有账户。 There is no account.')
  return { accounts: accounts.map(({ id, login, name, kind, posts, endedAt }) => ({ id, login, name, kind, posts, endedAt })) }
}

export const accountCommand: Command = {
  name: 'account',
  summary: '账户：首批管理员、新建、列出、终止、授岗、撤岗、重置  Accounts: first administrators, create, list, end, grant, revoke, reset',
  usage: [
    'account create-admin [--role system|security|audit] [--login LOGIN] [--name 姓名] [--password-stdin]',
    '    未给 --role 时创建三个相互独立的管理员：system-admin、security-admin、audit-admin。密码在终端上询问（不显示），',
    '    或以 --password-stdin 从标准输入读取：每个账户一行；只有一行则三个账户共用，且首次登录必须修改。',
    '    Without --role all three administrators, kept apart. Passwords are asked on the terminal, or read from standard input: one',
    '    line for each, or one for all, which each then has to change. As soon as there is an account, nobody gets in without one.',
    'account create LOGIN --name 姓名 [--kind person|service|display] [--phone …] [--password-stdin]',
    '    人员未给密码时得到一次性密码。 A person without a password gets one that is told once.',
    'account list [--text …] [--role ROLE] [--city KEY] [--all]',
    'account grant LOGIN --role ROLE [--city KEY] [--organisation CODE] [--area CODE]',
    'account revoke LOGIN (--role ROLE [--city KEY] | --post ID)',
    'account end LOGIN',
    'account reset-password LOGIN [--password-stdin]',
    'account reset-second-factor LOGIN',
    `    ROLE: ${Role.options.join(', ')}`,
  ].join('\n'),
  secrets(args) {
    const { values, positionals } = read(args)
    if (positionals[0] === 'create-admin') return administratorsOf(values).map((key) => `${values.login ?? `${key}-admin`} 密码 password`)
    return (positionals[0] === 'create' || positionals[0] === 'reset-password') && values['password-stdin'] ? [`${positionals[1] ?? ''} 密码 password`] : []
  },
  async run(args, context, io) {
    const { values, positionals } = read(args)
    const [verb, login, ...more] = positionals
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many`)
    if (verb === 'create-admin') return createAdministrators(values, context, io)
    if (verb === 'list') return list(values, context, io)
    if (verb === 'create') return create(values, required(login, 'LOGIN'), context, io)
    if (verb === 'grant') return grant(values, required(login, 'LOGIN'), context, io)
    if (verb === 'revoke') return revoke(values, required(login, 'LOGIN'), context, io)
    if (verb === 'reset-password') {
      const { account, oneTimePassword } = await resetPassword(context, SYSTEM, await findAccountId(context, required(login, 'LOGIN')), io.secrets?.[0])
      io.print(io.secrets?.[0] === undefined ? `${account.login} 一次性密码 one-time password: ${oneTimePassword}` : `${account.login} 密码已重置 password reset`)
      return { login: account.login, ...(io.secrets?.[0] === undefined ? { oneTimePassword } : {}) }
    }
    if (verb === 'end' || verb === 'reset-second-factor') {
      const id = await findAccountId(context, required(login, 'LOGIN'))
      const account = verb === 'end' ? await endAccount(context, SYSTEM, id, (await getAccount(context, SYSTEM, id)).version) : await resetSecondFactor(context, SYSTEM, id)
      io.print(line(account))
      return { login: account.login, endedAt: account.endedAt }
    }
    throw new UsageError(verb ? `account has no "${verb}"` : 'say what to do: create-admin, create, list, grant, revoke, end, reset-password or reset-second-factor')
  },
}

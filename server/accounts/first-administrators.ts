/** The administrators with which a console begins. */
import type { Principal } from '../access/principal.ts'
import type { AppContext } from '../context.ts'
import type { Account } from '../contract/people.ts'
import type { Role } from '../contract/permissions.ts'
import { AppError } from '../errors.ts'
import { createAccount } from './accounts.ts'
import { findAccountIdByLogin } from './people-queries.ts'
import { grantPost } from './posts.ts'
import { checkNewPassword } from './secrets.ts'

export interface AdministratorWish {
  role: Extract<Role, 'system_admin' | 'security_admin' | 'audit_admin'>
  login: string
  name: string
  password: string
}

/**
 * Makes administrators, each with the one post. A password shared by several has to be changed by each when signing in.
 * Everything that can be refused is looked at before the first is made.
 * @throws AppError conflict for a login that is taken; bad_request for a weak password.
 */
export async function createFirstAdministrators(context: AppContext, principal: Principal, wishes: readonly AdministratorWish[]): Promise<Account[]> {
  for (const { login, password } of wishes) {
    checkNewPassword(password, login)
    if ((await findAccountIdByLogin(context.db, login)) !== undefined) throw new AppError('conflict', `登录名“${login}”已被使用。The login "${login}" is taken.`)
  }
  const isShared = wishes.length > 1 && new Set(wishes.map((wish) => wish.password)).size < wishes.length
  const made: Account[] = []
  for (const { role, login, name, password } of wishes) {
    const { account } = await createAccount(context, principal, { kind: 'person', login, name, phone: null, password, mustChangePassword: isShared })
    made.push(await grantPost(context, principal, account.id, { role, city: null, organisationId: null, areaCode: null }))
  }
  return made
}

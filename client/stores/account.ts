import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import {
  changePassword, confirmSecondFactor, getSession, listMySessions, listPersonas, type Persona, revokeSession, type SessionState, type SessionView, setUpSecondFactor, signIn, signInAsPersona, signInDisplay,
  signOut, verifySecondFactor,
} from '../../server/contract/accounts.ts'
import { may, type Permission, permissionRefusal, type PostView } from '../../server/contract/permissions.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'
import { useSessionStore } from './session.ts'

/** Who sits at the console, what he may do, and the ways in and out. */
export const useAccountStore = defineStore('account', () => {
  const state = shallowRef<SessionState | null>(null)
  const personas = shallowRef<Persona[]>([])
  const sessions = shallowRef<SessionView[]>([])
  const loading = useLoading()
  const sessionsLoading = useLoading()

  const principal = computed(() => state.value?.principal ?? null)
  const isPerson = computed(() => principal.value?.kind === 'person')
  const isOpen = computed(() => state.value?.mode === 'open')
  /** Nothing but signing in can be done, or a step that signing in still owes. */
  const owes = computed<'sign_in' | 'second_factor' | 'password' | null>(() => {
    const who = principal.value
    if (!who) return null
    if (who.kind === 'visitor') return 'sign_in'
    if (who.mustChangePassword) return 'password'
    return who.needsSecondFactor ? 'second_factor' : null
  })
  /** Another one for every person: what hangs on it is made anew when somebody else sits down. */
  const key = computed(() => `${principal.value?.kind ?? ''}:${principal.value?.id ?? ''}`)
  /** Posts held in the present city. */
  const posts = computed<PostView[]>(() => {
    const city = useSessionStore().city?.key
    return (principal.value?.posts ?? []).filter((post) => post.cityKey === null || city === undefined || post.cityKey === city)
  })

  function isAllowed(permission: Permission): boolean {
    return principal.value === null ? true : may(principal.value, permission, useSessionStore().city?.key)
  }

  /** Why the one who sits here may not, in both languages; null when he may. */
  function refusalOf(permission: Permission): { zh: string; en: string } | null {
    return isAllowed(permission) ? null : permissionRefusal(permission)
  }

  function take(next: SessionState): void {
    state.value = next
  }

  function load(): Promise<boolean> {
    return loading.run((signal) => call(getSession, {}, { signal, timeoutMilliseconds: 8_000 }), take)
  }

  async function loadPersonas(): Promise<void> {
    personas.value = (await call(listPersonas, {})).personas
  }

  async function enter(login: string, password: string, code?: string): Promise<void> {
    take(await call(signIn, { body: { login, password, ...(code ? { code } : {}) } }))
  }

  async function enterAs(persona: string): Promise<void> {
    take(await call(signInAsPersona, { body: { persona } }))
  }

  /** Opens a screen's session with its token. */
  async function enterAsScreen(token: string): Promise<void> {
    take(await call(signInDisplay, { body: { token } }))
  }

  async function leave(): Promise<void> {
    take(await call(signOut, { body: {} }))
  }

  async function renewPassword(currentPassword: string, newPassword: string): Promise<void> {
    take(await call(changePassword, { body: { currentPassword, newPassword } }))
  }

  async function verifyCode(code: string): Promise<void> {
    take(await call(verifySecondFactor, { body: { code } }))
  }

  /** A new secret for the authenticator, counting once `confirmCode` has heard its first code. */
  function newSecondFactor() {
    return call(setUpSecondFactor, { body: {} })
  }

  async function confirmCode(code: string): Promise<void> {
    take(await call(confirmSecondFactor, { body: { code } }))
  }

  function loadSessions(): Promise<boolean> {
    return sessionsLoading.run(
      (signal) => call(listMySessions, {}, { signal }),
      (reply) => {
        sessions.value = reply.sessions
      },
    )
  }

  async function endSession(session: string): Promise<void> {
    await call(revokeSession, { params: { session }, body: {} })
    await loadSessions()
  }

  return {
    state, principal, personas, sessions, isPerson, isOpen, owes, key, posts, status: loading.status, failure: loading.failure, sessionsStatus: sessionsLoading.status, sessionsFailure: sessionsLoading.failure,
    isAllowed, refusalOf, load, loadPersonas, enter, enterAs, enterAsScreen, leave, renewPassword, verifyCode, newSecondFactor, confirmCode, loadSessions, endSession,
  }
})

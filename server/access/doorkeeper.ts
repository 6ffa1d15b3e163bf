import type { IncomingMessage } from 'node:http'
import type { Principal } from './principal.ts'

/** Knows who makes a request. What it knows is a few seconds old at most; `forget` makes a change count at once in this process. */
export interface Doorkeeper {
  /**
   * Who makes a request, by his token, his cookie, or the lack of both.
   * @throws AppError unauthenticated for a token that is not (or no longer) valid.
   */
  identify(request: IncomingMessage): Promise<Principal>
  /** The same for requests that are still open, read anew and together; null for whoever would be refused now. */
  identifyAgain(requests: readonly IncomingMessage[]): Promise<(Principal | null)[]>
  /** Who holds a session or a token. */
  whoHolds(token: string, address: string | null): Promise<Principal | null>
  /** Whether people have accounts of their own, so that nobody gets in without one. */
  isClosed(): Promise<boolean>
  /** Call after every change of accounts, posts, sessions and tokens. */
  forget(): void
  /** Bearer token of the demo's simulator, good in this process only; with the header `x-persona` it acts as that persona. */
  readonly simulatorKey: string
}

/** Random values that sign somebody in, and passwords. Only hashes of either are ever stored. */
import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { PASSWORD_LENGTH } from '../contract/accounts.ts'
import { AppError } from '../errors.ts'

const TOKEN_BYTES = 32
/** argon2id with 19 MiB and two passes, as OWASP's password storage cheat sheet recommends at least. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const ONE_TIME_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** An opaque value of 256 random bits. */
export function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** What is stored of a cookie's value or a token: 256 random bits need no slow hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** A password that is told once and has to be changed: four groups without letters that look alike. */
export function makeOneTimePassword(): string {
  // Bytes beyond the last whole round of the alphabet are left out, so that every letter is equally likely.
  const limit = 256 - (256 % ONE_TIME_LETTERS.length)
  const letters: string[] = []
  while (letters.length < 16) for (const byte of randomBytes(32)) if (byte < limit && letters.length < 16) letters.push(ONE_TIME_LETTERS[byte % ONE_TIME_LETTERS.length] ?? '')
  return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-')
}

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), ARGON2)
}

let unknown: Promise<string> | undefined

/** Compares a password; without a hash to compare with it takes as long, so that time does not tell which logins exist. */
export async function isPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  unknown ??= hashPassword(makeToken())
  const matches = await verify(stored ?? (await unknown), password.normalize('NFC'))
  return stored ? matches : false
}

/** @throws AppError bad_request for a password that is too easily guessed. */
export function checkNewPassword(password: string, login: string): void {
  const refuse = (message: string): never => {
    throw new AppError('bad_request', message, { errors: [{ path: 'body.newPassword', message }] })
  }
  if (password.length < PASSWORD_LENGTH) refuse(`密码至少 ${PASSWORD_LENGTH} 个字符。A password has at least ${PASSWORD_LENGTH} characters.`)
  if (password.toLowerCase().includes(login)) refuse('密码不能包含登录名。A password must not contain the login.')
  if (new Set(password).size < 5) refuse('密码至少要有 5 个不同的字符。A password needs at least five different characters.')
}

/**
 * Secrets that have to be read again (those of second factors) lie in the database sealed: AES-256-GCM under a key that is not in
 * it, bound to their owner, so that a copy of the database or a backup gives no codes, and a seal moved to another row does not open.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.ts'
import { syncFolder } from '../db/data-folder-manifest.ts'
import { AppError } from '../errors.ts'

export const KEY_FILE = 'secrets.key'
const PREFIX = 'sealed:1'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const HEX_KEY = /^[0-9a-f]{64}$/i

type KeyPlace = Pick<Config, 'dataDirectory' | 'SECRETS_KEY'>

function readKey({ dataDirectory, SECRETS_KEY }: KeyPlace): Buffer | undefined {
  if (SECRETS_KEY) return Buffer.from(SECRETS_KEY, 'hex')
  const file = path.join(dataDirectory, KEY_FILE)
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8').trim()
  if (!HEX_KEY.test(text)) throw new AppError('unavailable', `${file} 不是 64 位十六进制密钥。${file} does not hold a key of 64 hexadecimal digits.`)
  return Buffer.from(text, 'hex')
}

/** Makes the key and has it on disk, readable to the console's own user only, before anything is sealed with it. */
function makeKey(place: KeyPlace): Buffer {
  const file = path.join(place.dataDirectory, KEY_FILE)
  const own = `${file}.${process.pid}.new`
  const key = randomBytes(KEY_BYTES)
  mkdirSync(place.dataDirectory, { recursive: true })
  writeFileSync(own, `${key.toString('hex')}\n`, { mode: 0o600, flush: true })
  try {
    // Of two processes that begin together one gives its key the name, whole; the other takes that one.
    linkSync(own, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    unlinkSync(own)
  }
  syncFolder(place.dataDirectory)
  return readKey(place) ?? key
}

/** Tells keys apart without telling anything of them. */
function nameOf(key: Buffer): string {
  return createHash('sha256').update('xiucheng secrets key').update(key).digest('hex').slice(0, 12)
}

export function isSealed(stored: string): boolean {
  return stored.startsWith(`${PREFIX}:`)
}

/** Whether this console has the key that a sealed secret was sealed with. */
export function canOpen(place: KeyPlace, stored: string): boolean {
  const key = readKey(place)
  return key !== undefined && stored.startsWith(`${PREFIX}:${nameOf(key)}:`)
}

/** Seals a secret for its owner; makes the key when there is none yet. */
export function sealSecret(place: KeyPlace, secret: string, owner: string): string {
  const key = readKey(place) ?? makeKey(place)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [PREFIX, nameOf(key), nonce.toString('base64url'), sealed.toString('base64url')].join(':')
}

const TAG_BYTES = 16

/** @throws AppError unavailable when the key is another one or gone, or the seal is not this owner's. */
export function openSecret(place: KeyPlace, stored: string, owner: string): string {
  const [, , , nonce = '', sealed = ''] = stored.split(':')
  const key = canOpen(place, stored) ? readKey(place) : undefined
  if (!key) throw new AppError('unavailable', `动态口令的密钥不在本机（${KEY_FILE} 或 SECRETS_KEY），请放回原密钥，或重置动态口令。The key of the second factors is not here (${KEY_FILE} in DATA_DIR, or SECRETS_KEY); put it back, or have the second factor reset.`)
  const bytes = Buffer.from(sealed, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url')).setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new AppError('unavailable', '动态口令的密文已损坏或不属于此账户，请重置动态口令。The sealed second factor was changed, or is another account’s; have it reset.', { cause })
  }
}

/** Public ids and content hashes that depend on nothing but the seed, the instant and the row. */
import { createHash } from 'node:crypto'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A UUIDv7 (RFC 9562) whose time is `at` and whose random bits come from the seed, the kind of row and its key. */
export function publicIdOf(seed: string, at: Date, kind: string, key: string): string {
  const bits = sha256(`${seed}\u0000${kind}\u0000${key}`)
  const time = at.getTime().toString(16).padStart(12, '0')
  const variant = ((Number.parseInt(bits[3]!, 16) & 0x3) | 0x8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bits.slice(0, 3)}-${variant}${bits.slice(4, 7)}-${bits.slice(8, 20)}`
}

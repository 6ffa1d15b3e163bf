import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canOpen, isSealed, KEY_FILE, openSecret, sealSecret } from '../../../server/accounts/sealing.ts'

let place: { dataDirectory: string; SECRETS_KEY?: string | undefined }

beforeEach(() => {
  place = { dataDirectory: mkdtempSync(path.join(os.tmpdir(), 'xiucheng-sealing-')) }
})
afterEach(() => rmSync(place.dataDirectory, { recursive: true }))

test('the key is made when first needed, for the console’s own user only, and kept', () => {
  const stored = sealSecret(place, 'JBSWY3DPEHPK3PXP', 'somebody')
  const file = path.join(place.dataDirectory, KEY_FILE)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const key = readFileSync(file, 'utf8')
  expect(key).toMatch(/^[0-9a-f]{64}\n$/)
  expect(stored).not.toContain('JBSWY3DPEHPK3PXP')
  expect(sealSecret(place, 'JBSWY3DPEHPK3PXP', 'somebody')).not.toBe(stored)
  expect(readFileSync(file, 'utf8')).toBe(key)
  expect(openSecret(place, stored, 'somebody')).toBe('JBSWY3DPEHPK3PXP')
})

test('without its key, for another owner, or changed by one letter a seal does not open, and the refusal says what to do', () => {
  const stored = sealSecret(place, 'JBSWY3DPEHPK3PXP', 'somebody')
  expect(() => openSecret(place, stored, 'somebody else')).toThrow(/have it reset/)
  const flipped = stored.slice(0, -1) + (stored.endsWith('A') ? 'Q' : 'A')
  expect(() => openSecret(place, flipped, 'somebody')).toThrow(/have it reset/)
  rmSync(path.join(place.dataDirectory, KEY_FILE))
  expect(canOpen(place, stored)).toBe(false)
  expect(() => openSecret(place, stored, 'somebody')).toThrow(/secrets\.key.*put it back/)
  expect(() => openSecret({ ...place, SECRETS_KEY: '1'.repeat(64) }, stored, 'somebody')).toThrow(/put it back/)
  writeFileSync(path.join(place.dataDirectory, KEY_FILE), 'half a key')
  expect(() => sealSecret(place, 'JBSWY3DPEHPK3PXP', 'somebody')).toThrow(/64 hexadecimal digits/)
})

test('whatever is sealed opens for its owner as it was', () => {
  const own = { ...place, SECRETS_KEY: 'ab'.repeat(32) }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ minLength: 1, maxLength: 60 }), (secret, owner) => {
      const stored = sealSecret(own, secret, owner)
      expect(isSealed(stored)).toBe(true)
      expect(openSecret(own, stored, owner)).toBe(secret)
    }),
  )
})

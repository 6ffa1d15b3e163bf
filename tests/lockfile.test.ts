import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

interface Lock {
  packages: Record<string, { version?: string; resolved?: string; license?: string; hasInstallScript?: boolean }>
}

const lock = JSON.parse(readFileSync(path.join(import.meta.dirname, '../package-lock.json'), 'utf8')) as Lock
const manifest = JSON.parse(readFileSync(path.join(import.meta.dirname, '../package.json'), 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>

/** Lowest versions without a hole known to us; an audit service cannot be asked from a closed network. */
const MINIMUM: Record<string, string> = {
  'maplibre-gl': '6.17.0', // CVE-2026-85061 before 6.4.1, sanitizer tightened again in September 2026
  multer: '2.1.0', // CVE-2025-48997, CVE-2026-3304, CVE-2026-2359
  'path-to-regexp': '8.4.0', // CVE-2026-4926
}
const FORBIDDEN = ['xlsx', 'shpjs', '@mapbox/shp-write']

function isAtLeast(version: string, minimum: string): boolean {
  const [have, need] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]]
  for (let index = 0; index < 3; index++) {
    if ((have[index] ?? 0) !== (need[index] ?? 0)) return (have[index] ?? 0) > (need[index] ?? 0)
  }
  return true
}

function versionsOf(name: string): string[] {
  return Object.entries(lock.packages).filter(([key]) => key.endsWith(`node_modules/${name}`)).map(([, entry]) => entry.version ?? '')
}

test.each(Object.entries(MINIMUM))('%s is at least %s', (name, minimum) => {
  expect(versionsOf(name).length).toBeGreaterThan(0)
  for (const version of versionsOf(name)) expect(isAtLeast(version, minimum), `${name} ${version}`).toBe(true)
})

test('packages with known holes and no mended release are not used', () => {
  expect(FORBIDDEN.filter((name) => versionsOf(name).length > 0)).toEqual([])
})

test('every direct dependency is pinned to one exact version', () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, range]) => !/^\d+\.\d+\.\d+/.test(range))
  expect(loose).toEqual([])
})

test('every package carries a licence we may ship beside', () => {
  const allowed = /MIT|BSD|Apache|ISC|MPL|0BSD|CC0|CC-BY|Unlicense|BlueOak|OFL|WTFPL|PostgreSQL|Python|Zlib|LGPL|EDL-1.0|BDS-3-Clause/i // EDL is BSD-3-Clause by another name; BDS is splaytree's own misspelling of BSD
  const odd = Object.entries(lock.packages)
    .filter(([key, entry]) => key !== '' && entry.license !== undefined && !allowed.test(entry.license))
    .map(([key, entry]) => `${key}: ${entry.license}`)
  expect(odd).toEqual([])
})

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

/** The borders between rooms, as in ARCHITECTURE.md: every import line of ours is held against them. */
const ROOT = path.join(import.meta.dirname, '..')
const ROOMS = ['client', 'server', 'data', 'tests']

function listFiles(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|vue|mjs)$/.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
}

interface Import {
  file: string
  target: string
}

const FILES = ROOMS.flatMap(listFiles)
const SOURCES = FILES.filter((file) => !file.startsWith('tests/'))

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8')
  const found = text.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g)
  return [...found].map((match) => {
    const written = (match[1] ?? match[2] ?? '').replace(/\?.*$/, '')
    return { file, target: written.startsWith('.') ? path.normalize(path.join(path.dirname(file), written)) : written }
  })
}

const IMPORTS = SOURCES.flatMap(importsOf)
const within = (file: string, ...folders: string[]) => folders.some((folder) => file === folder || file.startsWith(`${folder}/`))
const isOurs = (target: string) => within(target, ...ROOMS)

/** A rule: which files it is about, which targets they may not have, and why in plain words. */
const RULES: { name: string; from: (file: string) => boolean; forbids: (target: string, file: string) => boolean }[] = [
  { name: 'nothing imports tests', from: () => true, forbids: (target) => within(target, 'tests') },
  {
    name: 'the contract stands alone: zod and geojson types only',
    from: (file) => within(file, 'server/contract'),
    forbids: (target) => (isOurs(target) ? !within(target, 'server/contract') : !['zod', 'geojson'].includes(target)),
  },
  {
    name: 'the client knows of the server only the contract and the engine',
    from: (file) => within(file, 'client'),
    forbids: (target) => within(target, 'data') || target.startsWith('node:') || (within(target, 'server') && !within(target, 'server/contract', 'server/engine')),
  },
  {
    name: 'the engine is pure: no database, no server, no node, no vue',
    from: (file) => within(file, 'server/engine'),
    forbids: (target) => target.startsWith('node:') || ['pg', 'express', 'vue'].includes(target) || (isOurs(target) && !within(target, 'server/engine', 'server/contract')),
  },
  { name: 'only client/map knows MapLibre and deck.gl', from: (file) => within(file, 'client') && !within(file, 'client/map'), forbids: (target) => /^(maplibre-gl|@deck\.gl|@luma\.gl)/.test(target) },
  { name: 'client/map does not know the panels', from: (file) => within(file, 'client/map'), forbids: (target) => within(target, 'client/layers', 'client/incidents', 'client/coverage', 'client/search', 'client/inspector', 'client/imports') },
  { name: 'client/ui knows nothing of the product', from: (file) => within(file, 'client/ui'), forbids: (target) => within(target, 'client/stores', 'client/map', 'client/layers', 'client/incidents', 'client/coverage', 'client/imports', 'server') },
  { name: 'stores do not know map or components', from: (file) => within(file, 'client/stores'), forbids: (target) => within(target, 'client/map') || target.endsWith('.vue') },
  { name: 'routes do not know queries', from: (file) => /^server\/[a-z-]+\/routes\.ts$/.test(file), forbids: (target) => target.endsWith('queries.ts') },
  { name: 'queries know neither errors nor express', from: (file) => file.endsWith('queries.ts'), forbids: (target) => ['express', 'server/errors.ts'].includes(target) },
  { name: 'the drivers stay in server/db', from: (file) => within(file, 'server', 'data') && !within(file, 'server/db'), forbids: (target) => ['pg', 'pg-copy-streams'].includes(target) || target.startsWith('@electric-sql/') },
  { name: 'express stays at the edge', from: (file) => within(file, 'server'), forbids: (target, file) => target === 'express' && !/routes|server\/(app|main)\.ts|server\/(http|startup|health|cli)\//.test(file) },
]

describe('the borders between rooms', () => {
  test('imports are found at all', () => {
    expect(IMPORTS.length).toBeGreaterThan(50)
  })
  test.each(RULES)('$name', ({ from, forbids }) => {
    const broken = IMPORTS.filter(({ file, target }) => from(file) && forbids(target, file)).map(({ file, target }) => `${file} imports ${target}`)
    expect(broken).toEqual([])
  })
})

/** Words that may stand only where the house rules allow them. */
const WORDS: { name: string; pattern: RegExp; from: (file: string) => boolean }[] = [
  // The client's build is a child process and inherits the environment as it is.
  { name: 'the environment is read in one place', pattern: /process\.env\b/, from: (file) => within(file, 'server', 'data') && !['server/config.ts', 'server/startup/build-client.ts'].includes(file) && !file.endsWith('.mjs') && file !== 'server/main.ts' && file !== 'server/cli/main.ts' },
  { name: 'markup from text is never run', pattern: /v-html|\.innerHTML\s*=|setHTML\(/, from: (file) => within(file, 'client') },
  { name: 'pure engines do not look at clocks or dice', pattern: /Date\.now\(|Math\.random\(|new Date\(\)/, from: (file) => within(file, 'server/engine', 'data/city') },
  { name: 'no type is switched off', pattern: /:\s*any\s*[,;)=\]>|&{[\n]|<any[,>]|\bas any\b|@ts-ignore|@ts-nocheck/, from: () => true },
  { name: 'no outside address is asked at run time', pattern: /https?:\/\/(unpkg|cdn|fonts\.g|api\.mapbox|tile\.openstreetmap)/, from: () => true },
]

describe('words and where they may stand', () => {
  test.each(WORDS)('$name', ({ pattern, from }) => {
    const broken = SOURCES.filter((file) => from(file) && pattern.test(readFileSync(path.join(ROOT, file), 'utf8')))
    expect(broken).toEqual([])
  })
})

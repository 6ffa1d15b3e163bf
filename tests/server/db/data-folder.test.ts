import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findLockHolder, lockDataFolder, type LockHolder } from '../../../server/db/data-folder-lock.ts'
import { engineFolder, makeDataDirectory, type Manifest, PGLITE_VERSION, POSTGRES_MAJOR, readManifest, writeManifest } from '../../../server/db/data-folder-manifest.ts'
import { openEmbedded } from '../../../server/db/embedded.ts'
import { templateFolder } from '../../helpers/data-folder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lockFile = () => path.join(folder, 'lock.json')
const readLock = () => JSON.parse(readFileSync(lockFile(), 'utf8')) as LockHolder

describe('the lock of the data folder', () => {
  test('names its holder and is gone after release', () => {
    const lock = lockDataFolder(folder, 'a test')
    expect(findLockHolder(folder)).toMatchObject({ pid: process.pid, program: 'a test' })
    expect(() => lockDataFolder(folder, 'another')).toThrow(`in use by process ${process.pid} (a test`)
    lock.release()
    expect(existsSync(lockFile())).toBe(false)
    lockDataFolder(folder, 'another').release()
  })

  test('of a process that has ended is taken over', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    const lock = lockDataFolder(folder, 'first')
    writeFileSync(lockFile(), JSON.stringify({ ...readLock(), pid: child.pid, token: 'gone' }))
    const next = lockDataFolder(folder, 'second')
    expect(readLock().program).toBe('second')
    next.release()
    lock.release()
  })

  test('of a process whose number was given to another one since is taken over', () => {
    const lock = lockDataFolder(folder, 'first')
    writeFileSync(lockFile(), JSON.stringify({ ...readLock(), processStart: 'long ago', token: 'gone' }))
    lockDataFolder(folder, 'second').release()
    lock.release()
  })

  test('of another machine holds as long as its heart beats', () => {
    const lock = lockDataFolder(folder, 'first')
    writeFileSync(lockFile(), JSON.stringify({ ...readLock(), host: 'elsewhere pid:[1]', token: 'far' }))
    expect(() => lockDataFolder(folder, 'second')).toThrow(/on elsewhere/)
    const anHourAgo = new Date(Date.now() - 3_600_000)
    utimesSync(lockFile(), anHourAgo, anHourAgo)
    lockDataFolder(folder, 'second').release()
    lock.release()
  })

  test('is had by one of many that start at the same moment', async () => {
    const program = `import { lockDataFolder } from ${JSON.stringify(path.resolve('server/db/data-folder-lock.ts'))}
      try { lockDataFolder(${JSON.stringify(folder)}, 'racer'); console.log('mine'); process.stdin.resume() } catch (error) { console.log('refused') }`
    const racers = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { cwd: path.resolve('.'), stdio: ['pipe', 'pipe', 'inherit'] })
      return { child, said: once(child.stdout, 'data').then(([chunk]) => String(chunk).trim()) }
    })
    const said = await Promise.all(racers.map((racer) => racer.said))
    for (const { child } of racers) child.kill('SIGKILL')
    expect(said.toSorted()).toEqual(['mine', 'refused', 'refused', 'refused'])
  })
})

describe('a data folder that must not be opened', () => {
  const manifest: Manifest = {
    format: 1,
    program: 'xiucheng',
    instanceId: '3f1c8bb0-1f5e-4d6d-9d8f-0c7b8b7f0a11',
    pglite: PGLITE_VERSION,
    postgis: '0.2.8',
    postgresMajor: POSTGRES_MAJOR,
    schemaVersion: 3,
    createdAt: '2026-01-01T00:00:00Z',
    lastCleanShutdown: null,
  }
  const lay = (change: Partial<Manifest> = {}, postgresVersion: string | undefined = String(POSTGRES_MAJOR)) => {
    const own = engineFolder(folder)
    mkdirSync(own.postgresData, { recursive: true })
    if (postgresVersion !== '') writeFileSync(path.join(own.postgresData, 'PG_VERSION'), `${postgresVersion}\n`)
    writeManifest(own, { ...manifest, ...change })
    return own
  }

  test('is read when everything fits', () => {
    expect(readManifest(lay(), 10)).toEqual(manifest)
  })

  test.each([
    ['was made by another engine version', () => lay({ pglite: '0.4.6' }), /was made by embedded engine 0\.4\.6/],
    ['is of another PostgreSQL major version', () => lay({}, '17'), /PostgreSQL 17/],
    ['has a newer schema than the program', () => lay({ schemaVersion: 99 }), /newer than this program: its schema is at 99/],
    ['has a manifest and no database', () => lay({}, ''), /does not hold one\. Nothing was made in its place/],
    ['has a manifest of some other program', () => lay({ program: 'other' as 'xiucheng' }), /cannot be understood/],
  ])('is refused when it %s', (_why, make, sentence) => {
    const own = make()
    expect(() => readManifest(own, 10)).toThrow(sentence)
  })

  test('is refused, and left as it is, when a database of somebody else lies there', async () => {
    const own = engineFolder(folder)
    mkdirSync(own.root)
    writeFileSync(path.join(own.root, 'PG_VERSION'), '16\n')
    await expect(openEmbedded({ dataDirectory: folder })).rejects.toThrow(/no manifest\.json, so it was not made by this program/)
    expect(readFileSync(path.join(own.root, 'PG_VERSION'), 'utf8')).toBe('16\n')
    expect(existsSync(lockFile())).toBe(false)
  })

  test('is refused when it opens but belongs to another installation, and its rows are still there', async () => {
    cpSync(await templateFolder(), folder, { recursive: true })
    const own = engineFolder(folder)
    const before = readManifest(own, 10_000)
    if (!before) throw new Error('the template has no manifest')
    writeManifest(own, { ...before, instanceId: manifest.instanceId })
    await expect(openEmbedded({ dataDirectory: folder, durable: false })).rejects.toThrow(/belongs to another installation/)
    writeManifest(own, before)
    const db = await openEmbedded({ dataDirectory: folder, durable: false })
    await db.close()
  }, 120_000)

  test('is named when it cannot be written', () => {
    writeFileSync(path.join(folder, 'file'), '')
    expect(() => makeDataDirectory(path.join(folder, 'file', 'data'))).toThrow(/DATA_DIR=.* leads to a file, or through one/)
    if (process.getuid?.() === 0) {
      // Root may write anywhere; the same question as an ordinary user.
      chmodSync(folder, 0o555)
      const asNobody = spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'test', '-w', folder])
      if (asNobody.error === undefined) expect(asNobody.status).not.toBe(0)
    }
  })
})

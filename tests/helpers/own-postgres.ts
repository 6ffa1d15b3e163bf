/** A PostgreSQL server of a test's own, to be killed: made from the binaries of this machine, in a temporary folder, on a free port. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

/** Where `initdb` and `postgres` lie: Debian's folders, newest first, else the search path. */
export function findPostgresBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : []
  const folders = [...versions.map((version) => path.join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(path.delimiter)]
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')) && existsSync(path.join(folder, 'postgres')))
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface OwnPostgres {
  url: string
  start(): Promise<void>
  /** `kill -9` to the postmaster; its other processes end by themselves when they notice. */
  killServer(): Promise<void>
  /** `kill -9` to one backend: the server then throws all sessions out and recovers. */
  killBackend(pid: number): void
  remove(): Promise<void>
}

export async function anOwnPostgres(binaries: string): Promise<OwnPostgres> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-postgres-'))
  const data = path.join(folder, 'data')
  const port = await freePort()
  // PostgreSQL refuses to run as root.
  let user: { uid?: number; gid?: number } = {}
  if (process.getuid?.() === 0) {
    const numbers = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    user = { uid: numbers('-u'), gid: numbers('-g') }
    chownSync(folder, user.uid ?? 0, user.gid ?? 0)
  }
  const made = spawnSync(path.join(binaries, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C'], { ...user, cwd: folder, encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)

  const isUp = () => spawnSync(path.join(binaries, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)], user).status === 0
  const postmaster = () => Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
  const isAlive = (pid: number) => existsSync(`/proc/${pid}`)
  const until = async (reached: () => boolean, what: string) => {
    const deadline = Date.now() + 60_000
    while (!reached()) {
      if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }

  const server: OwnPostgres = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async start() {
      const child = spawn(path.join(binaries, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=on', '-c', 'shared_buffers=32MB'], { ...user, cwd: folder, stdio: 'ignore' })
      child.on('error', () => {})
      await until(isUp, 'the server to accept connections')
    },
    async killServer() {
      const pid = postmaster()
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
      process.kill(pid, 'SIGKILL')
      await until(() => ![pid, ...children].some((one) => isAlive(one) && !/^State:\s+Z/m.test(readStatus(one))), 'the killed server to be gone')
    },
    killBackend(pid) {
      process.kill(pid, 'SIGKILL')
    },
    async remove() {
      if (isUp()) await server.killServer()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    // Gone between the question and the look.
    return 'State:\tZ'
  }
}

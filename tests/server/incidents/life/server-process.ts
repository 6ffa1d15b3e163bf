import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'

const ROOT = path.join(import.meta.dirname, '../../../..')

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface ServerProcess {
  /** `kill -9`. */
  kill(): Promise<void>
  /** Kills the embedded engine alone. */
  killEngine(): void
}

/** Starts the application in a process of its own, on a data folder or a database server, and answers when it listens. */
export async function startServerToKill(dataDirectory: string, port: number, databaseUrl = ''): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'killed-server.ts'), dataDirectory, String(port), databaseUrl], { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)))
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (code, signal) => reject(new Error(`the server ended (${code ?? signal}): ${complaint}`)))
  })
  const ended = once(child, 'exit')
  return {
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    killEngine: () => void child.stdin.write('\n'),
  }
}

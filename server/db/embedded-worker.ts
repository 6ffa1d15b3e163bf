/**
 * The embedded engine's own thread: PGlite with PostGIS behind a private socket.
 * A statement blocks the thread it runs on, so nothing else may live here; the parent keeps the clock and may end the thread at any time.
 */
import fs from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { postgis } from '@electric-sql/pglite-postgis'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { endsRequest, withoutReadyForQuery } from './embedded-protocol-stream.ts'
import type { EmbeddedWorkerData, FromWorker, ToWorker } from './embedded-protocol.ts'

const data = workerData as EmbeddedWorkerData
const fsyncs = new Int32Array(data.fsyncCounter)

/** The parts of an emscripten file system that the hook below reaches for; internal to PGlite, hence its exact version. */
interface NodeStream {
  nfd?: number
  node: unknown
}
interface EmscriptenModule {
  FS: { filesystems: { NODEFS: { stream_ops: Record<string, unknown>; realPath(node: unknown): string } } }
}

/** Hands fsync through to the disk: as shipped, PGlite never does, and loses acknowledged rows in a power cut. */
class DurableNodeFS extends NodeFS {
  override async init(...[instance, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const result = await super.init(instance, options)
    const hook = (module: unknown) => {
      const nodeFs = (module as EmscriptenModule).FS.filesystems.NODEFS
      nodeFs.stream_ops['fsync'] = (stream: NodeStream) => {
        if (stream.nfd !== undefined) fs.fsyncSync(stream.nfd)
        else {
          const descriptor = fs.openSync(nodeFs.realPath(stream.node), 'r')
          try {
            fs.fsyncSync(descriptor)
          } finally {
            fs.closeSync(descriptor)
          }
        }
        Atomics.add(fsyncs, 0, 1)
        return 0
      }
    }
    ;(result.emscriptenOpts.preRun as unknown[]).push(hook)
    return result
  }
}

// `wal_sync_method` must be `fsync`: the build's fdatasync returns success and does nothing.
const DURABLE = ['-c', 'fsync=on', '-c', 'wal_sync_method=fsync']

function post(message: FromWorker): void {
  parentPort?.postMessage(message)
}

async function open(): Promise<void> {
  const startParams = data.durable ? [...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'), ...DURABLE] : PGlite.defaultStartParams
  const options: PGliteOptions = {
    fs: data.durable ? new DurableNodeFS(data.dataFolder) : new NodeFS(data.dataFolder),
    extensions: { postgis },
    startParams: [...startParams, '-c', 'jit=off'],
  }
  const database = await PGlite.create(options)
  const [row] = (await database.query<{ version: string }>('show server_version')).rows
  const execute = database.execProtocolRawStream.bind(database)
  database.execProtocolRawStream = (message, streaming) =>
    execute(message, endsRequest(message) || !streaming?.onRawData ? streaming : { ...streaming, onRawData: withoutReadyForQuery(streaming.onRawData) })
  const server = new PGLiteSocketServer({ db: database, path: data.socketPath, maxConnections: 8 })
  await server.start()
  parentPort?.on('message', (message: ToWorker) => {
    if (message.type === 'close') void close(database, server)
  })
  post({ type: 'ready', serverVersion: row?.version ?? '' })
}

/** The parent has drained its queue: no statement is in flight, which close() would wait for without end. */
async function close(database: PGlite, server: PGLiteSocketServer): Promise<void> {
  try {
    await server.stop()
    await database.exec('checkpoint')
    await database.close()
    post({ type: 'closed' })
  } catch (error) {
    post({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  } finally {
    parentPort?.close()
  }
}

open().catch((error: unknown) => {
  post({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  parentPort?.close()
})

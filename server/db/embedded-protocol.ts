/** What the embedded engine's thread is told, and what it tells. */
export interface EmbeddedWorkerData {
  /** The PostgreSQL data folder; made when it is empty. */
  dataFolder: string
  socketPath: string
  /** False only for throw-away databases of tests: then nothing is synced to the disk. */
  durable: boolean
  /** One shared counter of completed fsync calls. */
  fsyncCounter: SharedArrayBuffer
}

export type ToWorker = { type: 'close' }

export type FromWorker = { type: 'ready'; serverVersion: string } | { type: 'closed' } | { type: 'failed'; message: string }

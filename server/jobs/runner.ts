/** A kind of long work, with what a handler needs. */
export type JobKind = 'coverage' | 'import'

export interface JobHandle {
  /** Aborted when the job is cancelled or the server stops. */
  signal: AbortSignal
}

/** Long work that survives a restart: the queue lives in the database. */
export interface JobRunner {
  /** Queues work; `reference` is the public id of the row that holds its state. */
  enqueue(kind: JobKind, reference: string): Promise<void>
  /** Stops waiting or running work. */
  cancel(kind: JobKind, reference: string): Promise<void>
  /** Registers the handler of a kind; called once at start. */
  handle(kind: JobKind, handler: (reference: string, handle: JobHandle) => Promise<void>): Promise<void>
  close(): Promise<void>
}

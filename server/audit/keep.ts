import type { AppContext } from '../context.ts'
import { createAnchoring } from './anchor.ts'

const EVERY_MILLISECONDS = 60_000

/** Closes days and anchors the log once a minute while a server runs. @returns what stops it, after a last time. */
export function keepAnchoring(context: Pick<AppContext, 'db' | 'config' | 'log' | 'clock'>): () => Promise<void> {
  const anchoring = createAnchoring(context.db, context.config.dataDirectory)
  let running: Promise<void> | undefined
  const note = (): Promise<void> => {
    running ??= anchoring
      .note(context.clock())
      .then((roots) => roots.forEach((root) => context.log.info({ day: root.day, root: root.rootHash }, 'a day of the log was closed')))
      .catch((error: unknown) => context.log.error({ err: error }, 'the log could not be anchored'))
      .finally(() => (running = undefined))
    return running
  }
  const timer = setInterval(() => void note(), EVERY_MILLISECONDS).unref()
  void note()
  return async () => {
    clearInterval(timer)
    await running
    await note()
  }
}

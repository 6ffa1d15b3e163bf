/** Threads over the grounds of questions that versions ask and the one drawn over does not. */
import type { WhatIfGround } from '../../server/contract/scenarios.ts'
import { WhatIfThread } from './what-if-thread.ts'

export class OtherGrounds {
  readonly #threads = new Map<string, { thread: WhatIfThread; loaded: Promise<unknown> }>()

  /** The thread of a question, with its ground; a ground that could not be read is asked for again the next time. */
  async of(question: unknown, read: () => Promise<WhatIfGround>): Promise<WhatIfThread> {
    const key = JSON.stringify(question)
    let held = this.#threads.get(key)
    if (!held) {
      const thread = new WhatIfThread()
      held = { thread, loaded: read().then((ground) => thread.load(ground)) }
      held.loaded.catch(() => {
        thread.close()
        this.#threads.delete(key)
      })
      this.#threads.set(key, held)
    }
    await held.loaded
    return held.thread
  }

  close(): void {
    for (const { thread } of this.#threads.values()) thread.close()
    this.#threads.clear()
  }
}

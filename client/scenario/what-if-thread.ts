/** The console's end of the what-if thread. */
import type { Position } from '../../server/contract/geojson.ts'
import type { ScenarioEdit, WhatIfGround } from '../../server/contract/scenarios.ts'
import type { MovableEdit } from './edits.ts'
import type { ServedHomes } from './served-homes.ts'
import type { WhatIfAnswer, WhatIfReply, WhatIfRequest } from './what-if-worker.ts'

type Bare<Request> = Request extends WhatIfRequest ? Omit<Request, 'number'> : never

export class WhatIfThread {
  readonly #worker = new Worker(new URL('./what-if-worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, { resolve: (reply: WhatIfReply) => void; reject: (error: Error) => void }>()
  #count = 0
  #isMoving = false
  #begun: { key: string; answer: Promise<WhatIfAnswer> } | null = null
  #next: { edit: MovableEdit; told: (answer: WhatIfAnswer) => void } | null = null

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<WhatIfReply>) => {
      const waiting = this.#waiting.get(data.number)
      this.#waiting.delete(data.number)
      if ('error' in data) waiting?.reject(new Error(data.error))
      else waiting?.resolve(data)
    })
    this.#worker.addEventListener('error', (event) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message))
      this.#waiting.clear()
    })
  }

  #send(request: Bare<WhatIfRequest>): Promise<WhatIfReply> {
    const number = ++this.#count
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject })
      this.#worker.postMessage({ ...request, number })
    })
  }

  async #ask(request: Exclude<Bare<WhatIfRequest>, { kind: 'served' | 'gates' }>): Promise<WhatIfAnswer> {
    const reply = await this.#send(request)
    if (!('answer' in reply)) throw new Error(`the thread answered a ${request.kind} with something else`)
    return reply.answer
  }

  /** Loads the ground and answers it as it is. */
  load(ground: WhatIfGround): Promise<WhatIfAnswer> {
    return this.#ask({ kind: 'load', ground })
  }

  begin(edits: readonly ScenarioEdit[]): Promise<WhatIfAnswer> {
    this.#next = null
    const key = JSON.stringify(edits)
    // A drawing that begins or is given up over the state that stands.
    if (this.#begun?.key !== key) {
      const answer = this.#ask({ kind: 'begin', edits: structuredClone(edits) as ScenarioEdit[] })
      this.#begun = { key, answer }
      answer.catch(() => {
        this.#begun = null
      })
    }
    return this.#begun!.answer
  }

  /** All homes with some edits; the state begun stays. */
  async served(edits: readonly ScenarioEdit[]): Promise<ServedHomes> {
    const reply = await this.#send({ kind: 'served', edits: [...edits] })
    if (!('homes' in reply)) throw new Error('the thread answered homes with something else')
    return reply.homes
  }

  /** Gates of a facility in the state begun that can be shut, those that are shut among them. */
  async gates(feature: string): Promise<Position[]> {
    const reply = await this.#send({ kind: 'gates', feature })
    if (!('gates' in reply)) throw new Error('the thread answered gates with something else')
    return reply.gates
  }

  /** Answers the latest move; those that came while another was under way are passed over. */
  move(edit: MovableEdit, told: (answer: WhatIfAnswer) => void, failed: (error: unknown) => void): void {
    this.#next = { edit, told }
    if (this.#isMoving) return
    this.#isMoving = true
    void this.#drain().catch(failed).finally(() => (this.#isMoving = false))
  }

  async #drain(): Promise<void> {
    while (this.#next) {
      const { edit, told } = this.#next
      this.#next = null
      const answer = await this.#ask({ kind: 'move', edit: structuredClone(edit) })
      told(answer)
    }
  }

  close(): void {
    this.#worker.terminate()
    this.#waiting.clear()
  }
}

import type { Startup } from '../contract/cities.ts'

export type StageKey = Startup['stages'][number]['key']
type Stage = Startup['stages'][number]

const LABELS: Record<StageKey, [string, string]> = {
  build: ['构建界面', 'Building the interface'],
  database: ['打开数据库', 'Opening the database'],
  migrate: ['准备表结构', 'Preparing the tables'],
  reference: ['载入标准与规则', 'Loading standards and rules'],
  demo: ['生成示例城市', 'Making the demo city'],
  services: ['启动服务', 'Starting the services'],
}

/** What the start has done and has yet to do; read by the preparation page and the terminal. */
export class StartupProgress {
  readonly #stages: Stage[]
  readonly #startedAt = performance.now()
  readonly #changed: (stage: Stage) => void
  #ready = false
  #error: string | null = null

  constructor(changed: (stage: Stage) => void = () => {}) {
    this.#changed = changed
    this.#stages = (Object.keys(LABELS) as StageKey[]).map((key) => ({ key, labelZh: LABELS[key][0], labelEn: LABELS[key][1], state: 'waiting', percent: 0, detail: null }))
  }

  get state(): Startup {
    return { ready: this.#ready, stages: this.#stages.map((stage) => ({ ...stage })), elapsedSeconds: Math.round((performance.now() - this.#startedAt) / 100) / 10, error: this.#error }
  }

  /** Runs one stage; its work tells how far it is, in percent. */
  async run<T>(key: StageKey, work: (progress: (percent: number, detail?: string) => void) => Promise<T>): Promise<T> {
    this.#set(key, { state: 'running', percent: 0 })
    try {
      const answer = await work((percent, detail) => this.#set(key, { percent: Math.min(100, Math.max(0, percent)), detail: detail ?? null }))
      this.#set(key, { state: 'done', percent: 100, detail: null })
      return answer
    } catch (error) {
      this.#set(key, { state: 'failed' })
      throw error
    }
  }

  skip(key: StageKey): void {
    this.#set(key, { state: 'skipped', percent: 100 })
  }

  finish(): void {
    this.#ready = true
  }

  fail(sentence: string): void {
    this.#error = sentence
  }

  #set(key: StageKey, change: Partial<Stage>): void {
    const stage = this.#stages.find((candidate) => candidate.key === key)
    if (!stage) return
    Object.assign(stage, change)
    this.#changed(stage)
  }
}

import type { Startup } from '../contract/cities.ts'

type Stage = Startup['stages'][number]

const WIDTH = 24

export interface Terminal {
  stage(stage: Stage): void
  /** A line of its own, below whatever bar is being drawn. */
  say(line: string): void
}

/** The text of a bar: `▕████████░░░░▏ 42 %`. */
export function drawBar(percent: number): string {
  const full = Math.round((WIDTH * percent) / 100)
  return `▕${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}▏${String(Math.round(percent)).padStart(4)} %`
}

/** Progress on a terminal: a bar that is redrawn where there is one, else a line when a stage begins and ends. */
export function openTerminal(stream: NodeJS.WriteStream): Terminal {
  let open = false
  const begun = new Set<string>()

  function endBar(): void {
    if (open) stream.write('\n')
    open = false
  }

  return {
    say(line) {
      endBar()
      stream.write(`${line}\n`)
    },
    stage(stage) {
      const label = `${stage.labelZh} ${stage.labelEn}`
      if (stage.state === 'skipped' || stage.state === 'waiting') return
      if (!stream.isTTY) {
        if (stage.state === 'running' && !begun.has(stage.key)) stream.write(`… ${label}\n`)
        if (stage.state === 'done') stream.write(`✓ ${label}\n`)
        begun.add(stage.key)
        return
      }
      const mark = stage.state === 'done' ? '✓' : stage.state === 'failed' ? '✗' : '…'
      stream.write(`\r\u001B[2K${mark} ${drawBar(stage.percent)} ${label}${stage.detail ? ` · ${stage.detail}` : ''}`)
      open = true
      if (stage.state !== 'running') endBar()
    },
  }
}

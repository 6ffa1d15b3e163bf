/** Passwords on the command line: asked on the terminal without being shown, or read from standard input. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { UsageError } from './command.ts'

/** Shows nothing of what is typed into it. */
const NOWHERE = new Writable({ write: (_chunk, _encoding, done) => done() })

function ask(question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    process.stderr.write(`${question}: `)
    const terminal = createInterface({ input: process.stdin, output: NOWHERE, terminal: true })
    let answered = false
    terminal.question('', (answer) => {
      answered = true
      terminal.close()
      process.stderr.write('\n')
      resolve(answer)
    })
    terminal.on('SIGINT', () => terminal.close())
    terminal.on('close', () => {
      if (!answered) reject(new UsageError('No password was given.'))
    })
  })
}

/**
 * One answer for each question: typed twice each on a terminal, or one line each from standard input (a single line answers all).
 * @throws UsageError when there is no terminal and nothing on standard input, or two entries differ.
 */
export async function readSecrets(questions: readonly string[], fromStandardInput: boolean): Promise<string[]> {
  if (fromStandardInput) {
    const lines = (await text(process.stdin)).split(/\r?\n/).filter((line) => line !== '')
    const [only] = lines
    if (only !== undefined && lines.length === 1) return questions.map(() => only)
    if (lines.length !== questions.length) throw new UsageError(`--password-stdin takes one line, or ${questions.length}: one for each of ${questions.join(', ')}.`)
    return lines
  }
  if (!process.stdin.isTTY) throw new UsageError('There is no terminal to ask for a password on; give it with --password-stdin.')
  const answers: string[] = []
  for (const question of questions) {
    const answer = await ask(question)
    if ((await ask(`${question}（再输一遍 again）`)) !== answer) throw new UsageError('The two entries differ.')
    answers.push(answer)
  }
  return answers
}

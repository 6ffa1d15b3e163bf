/** The command line: finds the command, finds out where it must run, and prints one outcome. */
import { pino } from 'pino'
import { type Config, readConfig } from '../config.ts'
import { findLockHolder } from '../db/data-folder-lock.ts'
import { openDatabase } from '../db/open.ts'
import { prepareDatabase } from '../db/prepare.ts'
import { AppError } from '../errors.ts'
import { startServices, syncReference } from '../startup/services.ts'
import { type Command, type CommandIo, UsageError } from './command.ts'
import { withDefaultCity } from './default-city.ts'
import { describeFailure } from './outcome.ts'
import { COMMANDS, findCommand } from './registry.ts'
import { readSecrets } from './secrets.ts'
import { findCommandLineToken, runRemotely } from './remote-client.ts'

const EXIT = { done: 0, failure: 1, usage: 2 } as const

export interface Streams {
  out: (text: string) => void
  error: (text: string) => void
  /** Whether progress may be drawn over itself. */
  isTerminal: boolean
  /** Asks for secrets, see `Command.secrets`; without it a command that needs one cannot run. */
  readSecrets?: (questions: readonly string[], fromStandardInput: boolean) => Promise<string[]>
}

function helpText(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length))
  return [
    '绣城 Xiucheng 命令行 command line',
    '',
    'npm run --silent cli -- COMMAND [options] [--json]',
    '',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    `  ${'help'.padEnd(width)}  本说明；help COMMAND 列出一个命令的全部选项  This text; help COMMAND lists a command's options`,
    '',
    '--json 只输出一个 JSON 文档  prints one JSON document and nothing else. 退出码 exit codes: 0 完成 done, 1 失败 failed, 2 用法错误 wrong usage.',
    '数据库 database: DATABASE_URL=postgres://…，未设则用 DATA_DIR 中的内嵌库 else the embedded one in DATA_DIR（默认 default .data）.',
  ].join('\n')
}

/** Runs one command line. Answers the exit code. */
export async function runCommandLine(words: readonly string[], environment: Record<string, string | undefined>, streams: Streams, signal: AbortSignal, workingDirectory = process.cwd()): Promise<number> {
  const asJson = words.includes('--json')
  const [name = 'help', ...args] = words.filter((word) => word !== '--json')
  let drawn = false
  const say = (line: string) => {
    if (drawn) streams.error('\n')
    drawn = false
    streams.out(`${line}\n`)
  }
  const io: CommandIo = {
    print: (line) => {
      if (!asJson) say(line)
    },
    progress(percent, stage) {
      if (asJson || !streams.isTerminal) return
      streams.error(`\r\u001B[2K${String(Math.round(percent)).padStart(3)} % ${stage}`)
      drawn = true
    },
    signal,
    workingDirectory,
  }
  try {
    if (name === 'help' || name === '--help' || name === '-h') {
      const text = args[0] ? usageOf(args[0], args.slice(1)) : helpText()
      if (asJson) streams.out(`${JSON.stringify({ commands: COMMANDS.map(({ name: command, summary, usage }) => ({ name: command, summary, usage })) })}\n`)
      else streams.out(`${text}\n`)
      return EXIT.done
    }
    const command = findCommand(name)
    if (!command) throw new UsageError(`There is no command "${name}". Run help to see all.`)
    if (args.includes('--help') || args.includes('-h')) {
      streams.out(`${asJson ? JSON.stringify({ name, usage: usageOf(name, args) }) : usageOf(name, args)}\n`)
      return EXIT.done
    }
    const result = await (command.runAlone?.(args, io) ?? runWithDatabase(command, args, environment, streams, io))
    if (drawn) streams.error('\n')
    if (asJson) streams.out(`${JSON.stringify(result ?? null)}\n`)
    return EXIT.done
  } catch (error) {
    if (drawn) streams.error('\n')
    const { failure, unforeseen } = describeFailure(signal.aborted ? signal.reason : error)
    streams.error(`${failure.message}\n`)
    if (unforeseen && error instanceof Error) streams.error(`${error.stack ?? ''}\n`)
    if (failure.kind === 'usage' && findCommand(name)) streams.error(`\n${usageOf(name, args)}\n`)
    if (asJson) streams.out(`${JSON.stringify({ ...failure.details, error: { code: failure.code, message: failure.message } })}\n`)
    return EXIT[failure.kind]
  }
}

async function runWithDatabase(command: Command, args: string[], environment: Record<string, string | undefined>, streams: Streams, io: CommandIo): Promise<unknown> {
  const config = readConfig(environment)
  const questions = command.secrets?.(args) ?? []
  const secrets = questions.length === 0 ? [] : await askFor(questions, args.includes('--password-stdin'), streams)
  return runWhereItMust(command, withDefaultCity(command.name, args, config), config, { ...io, secrets })
}

function askFor(questions: readonly string[], fromStandardInput: boolean, streams: Streams): Promise<string[]> {
  if (!streams.readSecrets) throw new UsageError('A password cannot be asked for here.')
  return streams.readSecrets(questions, fromStandardInput)
}

/** The usage that the words after a command are about; all of it where they do not say. */
function usageOf(name: string, args: string[]): string {
  const command = findCommand(name)
  if (!command) throw new UsageError(`There is no command "${name}". Run help to see all.`)
  return command.usageFor?.(args) ?? command.usage
}

/** Beside a running server with the embedded database the server does it; else this process opens the database itself. */
async function runWhereItMust(command: Command, args: string[], config: Config, io: CommandIo): Promise<unknown> {
  const holder = config.DATABASE_URL ? undefined : findLockHolder(config.dataDirectory)
  if (holder) {
    const access = findCommandLineToken(config.dataDirectory)
    if (!access || access.pid !== holder.pid) {
      throw new AppError('unavailable', `The data folder ${config.dataDirectory} is in use by process ${holder.pid} (${holder.program}, since ${holder.since}), which takes no commands now. Wait until it has ended or has finished starting.`)
    }
    return runRemotely(access, command.name, args, io)
  }
  const log = pino({ level: config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL }, pino.destination({ dest: 2, sync: true }))
  const db = await openDatabase(config, (error) => log.warn({ err: error }, 'database'), `cli ${command.name}`)
  try {
    await prepareDatabase(db, (done, of) => io.progress((100 * done) / of, 'migrate'))
    // A restore wants the tables as empty as a new database has them.
    if (command.name !== 'restore') await syncReference(db)
    const services = await startServices(db, config, log, 'command')
    try {
      return await command.run(args, services.context, io)
    } finally {
      await services.closeFeeds()
      await services.closeJobs()
    }
  } finally {
    await db.close()
  }
}

/** The process: words in, streams out, Ctrl-C cancels, a second one ends it at once. */
export async function main(words: readonly string[]): Promise<void> {
  const cancel = new AbortController()
  const onSignal = () => {
    if (cancel.signal.aborted) process.exit(EXIT.failure)
    cancel.abort(new AppError('cancelled', 'Cancelled; nothing of it stays.'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  // A reader that has seen enough (head, less) closes the pipe; that is no failure of the command.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  process.exitCode = await runCommandLine(
    words,
    process.env,
    { out: (text) => process.stdout.write(text), error: (text) => process.stderr.write(text), isTerminal: process.stderr.isTTY, readSecrets },
    cancel.signal,
    // npm runs scripts in the project's folder and says here where it was called from.
    process.env['INIT_CWD'] ?? process.cwd(),
  )
}

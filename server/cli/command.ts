import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'

/** Where a command's words go: a terminal, or the running server's answer to one. */
export interface CommandIo {
  /** With `--json` nothing but the result is printed, by the frame; `print` is then silent. */
  print(line: string): void
  progress(percent: number, stage: string): void
  signal: AbortSignal
  /** Folder that relative file names are resolved against. */
  workingDirectory: string
  /** What was typed, unseen, for each question of `secrets`; never part of the command's words, which other users of the machine can read. */
  secrets?: readonly string[]
}

/**
 * One verb of the command line. It runs alike in a process of its own and inside a running server
 * (which a command line beside it asks through a private address), so it must use nothing but what it is given.
 */
export interface Command {
  name: string
  /** One line for `help`. */
  summary: string
  /** All options, for `help NAME`. */
  usage: string
  /** Of a command that does several things the options of the one that its words ask for; undefined where they ask for none. */
  usageFor?(args: string[]): string | undefined
  /** Secrets the command needs, as questions: asked on the terminal, or read from standard input with --password-stdin. */
  secrets?(args: string[]): readonly string[]
  /**
   * Answers words that need neither database nor server, in the process they were typed in; undefined for all other words.
   * A command with nothing but such words leaves `run` to throw.
   */
  runAlone?(args: string[], io: CommandIo): Promise<unknown> | undefined
  /** @returns a plain object, printed as JSON with `--json`. @throws AppError for a bad call or a failure (exit 1), UsageError (exit 2). */
  run(args: string[], context: AppContext, io: CommandIo): Promise<unknown>
}

/** A failure that has more to tell than its sentence: with `--json`, `details` stands beside the error. */
export class CommandFailed extends AppError {
  readonly details: Readonly<Record<string, unknown>>

  constructor(error: AppError, details: Readonly<Record<string, unknown>>) {
    super(error.code, error.message, { cause: error, ...(error.errors ? { errors: error.errors } : {}) })
    this.details = details
  }
}

/** Wrong words on the command line: exit code 2. */
export class UsageError extends Error {}

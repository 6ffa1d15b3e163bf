import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { AppError } from '../errors.ts'
import { CommandFailed, type CommandIo, UsageError } from './command.ts'
import { COMMAND_LINE_PATH, CommandLineToken, RemoteLine, TOKEN_FILE } from './remote-protocol.ts'

/** The key that a running server left in the data folder. */
export function findCommandLineToken(dataDirectory: string): CommandLineToken | undefined {
  const file = path.join(dataDirectory, TOKEN_FILE)
  if (!existsSync(file)) return undefined
  const read = CommandLineToken.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  return read.success ? read.data : undefined
}

function errorOf({ code, message, details }: Extract<RemoteLine, { error: unknown }>['error']): Error {
  if (code === 'usage') return new UsageError(message)
  const error = new AppError(code, message)
  return details ? new CommandFailed(error, details) : error
}

/**
 * Has a running server do a command, with its words passed on as they come.
 * @throws what the command threw there: UsageError or AppError.
 */
export async function runRemotely(access: CommandLineToken, command: string, args: string[], io: CommandIo): Promise<unknown> {
  const body = JSON.stringify({ command, args, workingDirectory: io.workingDirectory, secrets: io.secrets ?? [] })
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = http.request(new URL(COMMAND_LINE_PATH, access.url), {
      method: 'POST',
      signal: io.signal,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), Authorization: `Bearer ${access.token}` },
    })
    request.on('response', resolve)
    request.on('error', (error) => reject(io.signal.aborted ? (io.signal.reason as Error) : new AppError('unavailable', `The running console (process ${access.pid}) does not answer at ${access.url}; stop it, or try again.`, { cause: error })))
    request.end(body)
  })
  if (response.statusCode !== 200) {
    response.resume()
    throw new AppError('unavailable', `The running console (process ${access.pid}) is not ready for commands yet; try again in a few seconds.`)
  }
  try {
    for await (const text of createInterface({ input: response })) {
      const line = RemoteLine.parse(JSON.parse(text))
      if ('print' in line) io.print(line.print)
      else if ('progress' in line) io.progress(line.progress.percent, line.progress.stage)
      else if ('error' in line) throw errorOf(line.error)
      else return line.result
    }
  } catch (error) {
    if (io.signal.aborted) throw io.signal.reason
    throw error
  }
  throw new AppError('unavailable', 'The running console stopped before the command had ended.')
}

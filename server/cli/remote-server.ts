import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import express, { type Router } from 'express'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'
import { writeDurably } from '../db/data-folder-manifest.ts'
import { AppError } from '../errors.ts'
import { describeFailure } from './outcome.ts'
import { findCommand } from './registry.ts'
import { COMMAND_LINE_PATH, type CommandLineToken, RemoteCommand, type RemoteLine, TOKEN_FILE } from './remote-protocol.ts'

export interface CommandLineAccess {
  token: string
  remove(): void
}

/** Leaves the key to the private address below `baseUrl` in the data folder, readable by this user only. */
export function openCommandLineAccess(config: Config, baseUrl: string): CommandLineAccess {
  const file = path.join(config.dataDirectory, TOKEN_FILE)
  const token = randomBytes(32).toString('base64url')
  writeDurably(file, `${JSON.stringify({ url: baseUrl, token, pid: process.pid } satisfies CommandLineToken)}\n`)
  return {
    token,
    remove() {
      const left = JSON.parse(readFileSync(file, 'utf8')) as CommandLineToken
      // A server beside this one may have put its own in the meantime.
      if (left.token === token) rmSync(file, { force: true })
    },
  }
}

function isAllowed(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Runs a command for a command line on the same machine and streams what it says, one JSON document a line. */
export function commandLineRoutes(router: Router, context: AppContext, token: string): void {
  router.post(COMMAND_LINE_PATH, express.json({ limit: '1mb' }), async (request, response) => {
    if (!isAllowed(request.headers.authorization, token)) throw new AppError('not_found', `There is nothing at ${request.method} ${request.path}.`)
    const { command: name, args, workingDirectory, secrets } = RemoteCommand.parse(request.body)
    const command = findCommand(name)
    if (!command) throw new AppError('not_found', `There is no command "${name}".`)
    const gone = new AbortController()
    response.on('close', () => {
      if (!response.writableEnded) gone.abort(new AppError('cancelled', 'The command line went away.'))
    })
    response.status(200).type('application/x-ndjson').set('Cache-Control', 'no-store')
    const write = (line: RemoteLine) => void response.write(`${JSON.stringify(line)}\n`)
    try {
      const result = await command.run(args, context, {
        print: (line) => write({ print: line }),
        progress: (percent, stage) => write({ progress: { percent, stage } }),
        signal: gone.signal,
        workingDirectory,
        secrets,
      })
      write({ result: result ?? null })
    } catch (error) {
      const { failure, unforeseen } = describeFailure(error)
      if (unforeseen) context.log.error({ err: error, command: name }, 'a command failed unexpectedly')
      write({ error: failure as Extract<RemoteLine, { error: unknown }>['error'] })
    }
    response.end()
  })
}

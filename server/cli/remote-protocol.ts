import { z } from 'zod'
import { API_PREFIX } from '../contract/endpoint.ts'
import { ErrorCode } from '../contract/errors.ts'

/** The private address at which a running server takes commands from a command line on the same machine. */
export const COMMAND_LINE_PATH = `${API_PREFIX}/command-line`
export const TOKEN_FILE = 'command-line.json'

/** What the server leaves in the data folder, readable by its own user only. */
export const CommandLineToken = z.object({ url: z.url(), token: z.string().min(32), pid: z.number().int() })
export type CommandLineToken = z.infer<typeof CommandLineToken>

export const RemoteCommand = z.object({ command: z.string(), args: z.array(z.string()).max(200), workingDirectory: z.string(), secrets: z.array(z.string().max(1000)).max(10).default([]) })
export type RemoteCommand = z.infer<typeof RemoteCommand>

/** One line of the answer. The last one is `result` or `error`. */
export const RemoteLine = z.union([
  z.object({ print: z.string() }),
  z.object({ progress: z.object({ percent: z.number(), stage: z.string() }) }),
  z.object({ result: z.unknown() }).refine((line) => 'result' in line),
  z.object({ error: z.object({ kind: z.enum(['usage', 'failure']), code: ErrorCode.or(z.literal('usage')), message: z.string(), details: z.record(z.string(), z.unknown()).optional() }) }),
])
export type RemoteLine = z.infer<typeof RemoteLine>

import type { Server } from 'node:http'

const IN_FLIGHT_MS = 10_000

export interface Step {
  name: string
  run: () => Promise<unknown> | unknown
}

/** Stops accepting, closes idle connections, waits for answers in flight, then cuts what is left. */
export async function closeServer(server: Server, inFlightMs = IN_FLIGHT_MS): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // Connections that fall idle while we wait would otherwise hold the door open until their keep-alive ends.
  const sweep = setInterval(() => server.closeIdleConnections(), 200)
  const cut = setTimeout(() => server.closeAllConnections(), inFlightMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}

/** Runs steps in order; one that fails is told and does not keep the next from running. Answers whether all went well. */
export async function runSteps(steps: readonly Step[], failed: (name: string, error: unknown) => void): Promise<boolean> {
  let well = true
  for (const { name, run } of steps) {
    try {
      await run()
    } catch (error) {
      well = false
      failed(name, error)
    }
  }
  return well
}

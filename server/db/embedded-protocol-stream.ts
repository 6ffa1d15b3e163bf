/** Message types of the PostgreSQL protocol, version 3. */
const QUERY = 0x51 // Q
const SYNC = 0x53 // S
const READY_FOR_QUERY = 0x5a // Z
const HEADER_BYTES = 5

/** Whether the engine may rightly answer this message of a client with ReadyForQuery. */
export function endsRequest(message: Uint8Array): boolean {
  const type = message[0]
  return type === QUERY || type === SYNC || type === 0 // a start-up message begins with its length
}

/**
 * Passes the engine's answer on without its ReadyForQuery messages. PGlite says ReadyForQuery right after an error in
 * Parse, Bind or Execute, and again at the Sync that follows; a client that believes the first one takes the second for
 * the end of its next statement, and from then on every answer belongs to the statement before.
 * @param pass receives the bytes to send on, in order
 * @returns a function that takes the answer's bytes, cut anywhere
 */
export function withoutReadyForQuery(pass: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
  let header = new Uint8Array(0)
  let remaining = 0
  let dropping = false
  return (bytes) => {
    let at = 0
    while (at < bytes.length) {
      if (remaining > 0) {
        const end = Math.min(bytes.length, at + remaining)
        if (!dropping) pass(bytes.slice(at, end))
        remaining -= end - at
        at = end
        continue
      }
      const needed = HEADER_BYTES - header.length
      const more = bytes.subarray(at, at + needed)
      header = Uint8Array.of(...header, ...more)
      at += more.length
      if (header.length < HEADER_BYTES) return
      dropping = header[0] === READY_FOR_QUERY
      // The length counts itself, not the type.
      remaining = new DataView(header.buffer).getInt32(1) - 4
      if (!dropping) pass(header)
      header = new Uint8Array(0)
    }
  }
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endsRequest, withoutReadyForQuery } from '../../../server/db/embedded-protocol-stream.ts'

function message(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(5 + body.length)
  bytes[0] = type.charCodeAt(0)
  new DataView(bytes.buffer).setInt32(1, 4 + body.length)
  bytes.set(body, 5)
  return bytes
}

const joined = (parts: readonly Uint8Array[]) => Buffer.concat(parts).toString('hex')

test('every ReadyForQuery is taken out and nothing else, however the answer is cut', () => {
  const messages = fc.array(fc.record({ type: fc.constantFrom('E', 'Z', '1', '2', 'D', 'C', 'T'), body: fc.uint8Array({ maxLength: 40 }) }), { maxLength: 12 })
  fc.assert(
    fc.property(messages, fc.array(fc.nat(30), { maxLength: 40 }), (list, cuts) => {
      const answer = Buffer.concat(list.map(({ type, body }) => message(type, body)))
      const passed: Uint8Array[] = []
      const take = withoutReadyForQuery((bytes) => passed.push(bytes))
      let at = 0
      for (const cut of cuts) {
        take(answer.subarray(at, at + cut))
        at += cut
      }
      take(answer.subarray(at))
      expect(joined(passed)).toBe(joined(list.filter(({ type }) => type !== 'Z').map(({ type, body }) => message(type, body))))
    }),
  )
})

test('only a simple query, a Sync and a start-up may end with ReadyForQuery', () => {
  expect(['Q', 'S', 'P', 'B', 'D', 'E', 'C', 'H'].filter((type) => endsRequest(Buffer.from(type)))).toEqual(['Q', 'S'])
  expect(endsRequest(Uint8Array.of(0, 0, 0, 8))).toBe(true)
})

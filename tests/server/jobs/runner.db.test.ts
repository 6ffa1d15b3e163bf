import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { afterAll, expect, test } from 'vitest'
import { startJobRunner } from '../../../server/jobs/runner.ts'
import { openTestDb } from '../../helpers/db.ts'

/** A promise and the function that resolves it. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve }
}

const db = openTestDb()
const log = pino({ level: 'silent' })
const schema = `jobs_${randomBytes(4).toString('hex')}`
afterAll(async () => {
  await db.exec(`drop schema if exists ${schema} cascade`)
  await db.close()
})

test('queued work starts at once, not at the next look at the queue', async () => {
  const runner = await startJobRunner(db, log, { schema, pollMilliseconds: 60_000 })
  const heard = withResolvers<string>()
  await runner.handle('coverage', async (reference) => heard.resolve(reference))
  await runner.enqueue('coverage', 'first')
  expect(await heard.promise).toBe('first')
  await runner.close()
})

test('cancelling running work tells it why (cancelled), and the queue goes on', async () => {
  const runner = await startJobRunner(db, log, { schema, concurrency: 1 })
  const started = withResolvers<void>()
  const reason = withResolvers<unknown>()
  const next = withResolvers<void>()
  await runner.handle('coverage', async (reference, { signal }) => {
    if (reference === 'next') return next.resolve()
    signal.addEventListener('abort', () => reason.resolve(signal.reason), { once: true })
    started.resolve()
    await reason.promise
  })
  await runner.enqueue('coverage', 'long')
  await started.promise
  await runner.enqueue('coverage', 'next')
  await runner.cancel('coverage', 'long')
  expect(await reason.promise).toMatchObject({ code: 'cancelled' })
  await next.promise
  await runner.close()
})

test('with one place, a second job waits for the first, whatever its kind', async () => {
  const runner = await startJobRunner(db, log, { schema, concurrency: 1 })
  const order: string[] = []
  const release = withResolvers<void>()
  const started = withResolvers<void>()
  const done = withResolvers<void>()
  await runner.handle('coverage', async () => {
    started.resolve()
    await release.promise
    order.push('coverage')
  })
  await runner.handle('import', async () => {
    order.push('import')
    done.resolve()
  })
  await runner.enqueue('coverage', 'a')
  await started.promise
  await runner.enqueue('import', 'b')
  release.resolve()
  await done.promise
  expect(order).toEqual(['coverage', 'import'])
  await runner.close()
})

test('work left in the queue when the server stopped is done by the next one', async () => {
  const first = await startJobRunner(db, log, { schema })
  await first.enqueue('coverage', 'left over')
  await first.close()
  const second = await startJobRunner(db, log, { schema })
  const heard = withResolvers<string>()
  await second.handle('coverage', async (reference) => heard.resolve(reference))
  expect(await heard.promise).toBe('left over')
  await second.close()
})

test('a job that fails is logged and does not stop the others', async () => {
  const runner = await startJobRunner(db, log, { schema, concurrency: 1 })
  const heard = withResolvers<string>()
  await runner.handle('coverage', async (reference) => {
    if (reference === 'bad') throw new Error('no')
    heard.resolve(reference)
  })
  await runner.enqueue('coverage', 'bad')
  await runner.enqueue('coverage', 'good')
  expect(await heard.promise).toBe('good')
  await runner.close()
})

import { afterAll, expect, test } from 'vitest'
import { sql } from '../../../server/db/sql.ts'
import { openTestDb } from '../../helpers/db.ts'

const db = openTestDb()
afterAll(() => db.close())

test('after a statement that fails, every later one still gets its own answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      index % 3 === 0
        ? db.query(sql`select ${index}::int / 0`).then(() => 'answered', (error: { code?: string }) => error.code)
        : db.query<{ n: number }>(sql`select ${index}::int as n`).then((rows) => rows[0]?.n),
    ),
  )
  expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? '22012' : index)))
})

import { expect, test } from 'vitest'
import { checkServer, isPostgisRecent } from '../../../server/db/check-server.ts'
import type { Db } from '../../../server/db/db.ts'

const GOOD = { number: 150_018, version: '15.18', encoding: 'UTF8', installed: null as string | null, available: '3.3.2' as string | null, mayInstall: true, mayCreate: true, foreign: [] as string[] }
const judge = (change: Partial<typeof GOOD>) => checkServer({ query: async () => [{ ...GOOD, ...change }] } as unknown as Db, 'postgres://user:geheim@db.example:5433/city')
const failing = (code: string) => checkServer({ query: () => Promise.reject(Object.assign(new Error('driver words'), { code })) } as unknown as Db, 'postgres://user:geheim@db.example:5433/city')

test('a server with PostgreSQL 15 and PostGIS 3.3 or newer is taken', async () => {
  await expect(judge({})).resolves.toBeUndefined()
  await expect(judge({ installed: '3.6.0' })).resolves.toBeUndefined()
  await expect(judge({ installed: '3.6.0', mayInstall: false })).resolves.toBeUndefined()
})

test.each([
  ['PostGIS is missing', { available: null }, /PostGIS is missing on the server at db\.example:5433\/city/],
  ['PostGIS is older than 3.3', { installed: '3.2.1' }, /is 3\.2\.1; this program needs 3\.3 or newer/],
  ['PostgreSQL is older than 15', { number: 140_010, version: '14.10' }, /PostgreSQL 14\.10; this program needs 15/],
  ['the database is not UTF-8', { encoding: 'LATIN1' }, /encoded in LATIN1/],
  ['the user may not create tables', { mayCreate: false }, /may not create tables/],
  ['PostGIS has to be set up by somebody else', { mayInstall: false }, /may not do it\. Have a superuser run there: create extension postgis/],
  ['the database is another program’s', { foreign: ['a', 'b', 'c', 'd'] }, /holds tables of another program \(a, b, c …\)/],
])('a sentence says when %s', async (_why, change, sentence) => {
  await expect(judge(change)).rejects.toThrow(sentence)
})

test.each([
  ['28P01', /refused the user or password/],
  ['3D000', /no such database/],
  ['53300', /no connection left/],
  ['57P03', /still starting/],
  ['08006', /cannot be reached/],
])('the reason behind %s is told without the password', async (code, sentence) => {
  const refusal = failing(code)
  await expect(refusal).rejects.toThrow(sentence)
  await expect(refusal).rejects.not.toThrow(/geheim/)
})

test('versions are compared by number, not by letters', () => {
  expect(['3.3', '3.3.2', '3.10.0', '4.0', '3.4 USE_GEOS=1'].map(isPostgisRecent)).toEqual([true, true, true, true, true])
  expect(['3.2.9', '2.5', '3'].map(isPostgisRecent)).toEqual([false, false, false])
})

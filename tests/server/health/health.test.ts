import { readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { latestMigration } from '../../../server/db/prepare.ts'
import type { Db } from '../../../server/db/db.ts'
import { failedChecks } from '../../../server/health/health.ts'
import { buildOpenApi } from '../../../server/health/openapi.ts'

/** A database that answers the probe's question as told. */
function answering(answer: () => Promise<unknown[]>): Db {
  return { engine: 'postgres', query: answer } as unknown as Db
}
const check = (db: Db | undefined, serving = true) => failedChecks({ db: () => db, serving: () => serving, dataDirectory: os.tmpdir() })

test('ready takes a started server, an answering database, the right migration and one identity row', async () => {
  const level = await latestMigration()
  expect(await check(answering(async () => [{ level, identities: 1 }]))).toEqual([])
  expect(await check(answering(async () => [{ level: level - 1, identities: 1 }]))).toEqual(['migration'])
  expect(await check(answering(async () => [{ level, identities: 0 }]))).toEqual(['identity'])
  expect(await check(answering(() => Promise.reject(new Error('gone'))))).toEqual(['database'])
  expect(await check(undefined)).toEqual(['started'])
  expect(await check(answering(async () => [{ level, identities: 1 }]), false)).toEqual(['started'])
})

test('a database that does not answer within half a second is not ready, and the probe does not wait longer', async () => {
  const begun = performance.now()
  expect(await check(answering(() => new Promise(() => {})))).toEqual(['database'])
  expect(performance.now() - begun).toBeLessThan(1500)
})

test('OpenAPI tells every endpoint of the contract once, with its parameters and both kinds of answer', () => {
  const { paths } = buildOpenApi() as { paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[]; responses: Record<string, unknown> }>> }
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.values(methods).map((operation) => ({ path, ...operation })))
  expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length)
  for (const { path, parameters, responses } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    expect(parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name).toSorted()).toEqual(inPath.toSorted())
    expect(Object.keys(responses)).toContain('default')
  }
})

test('no file of the contract that declares endpoints is forgotten', () => {
  const folder = path.join(import.meta.dirname, '../../../server/contract')
  const declared = readdirSync(folder).flatMap((file) => [...readFileSync(path.join(folder, file), 'utf8').matchAll(/= endpoint\(\{\s*name: '(\w+)'/g)].map((match) => match[1]))
  const { paths } = buildOpenApi() as { paths: Record<string, Record<string, { operationId: string }>> }
  const told = Object.values(paths).flatMap((methods) => Object.values(methods).map((operation) => operation.operationId))
  expect(told.toSorted()).toEqual(declared.toSorted())
})

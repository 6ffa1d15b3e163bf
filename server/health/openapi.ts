import type { IncomingMessage } from 'node:http'
import type { Router } from 'express'
import { z } from 'zod'
import { type Principal, requireSignedIn } from '../access/principal.ts'
import { API_PREFIX } from '../contract/endpoint.ts'
import { Problem } from '../contract/errors.ts'
import { listEndpoints } from '../contract/registry.ts'

function toSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  return rest
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): object[] {
  if (!schema) return []
  const { properties = {}, required = [] } = toSchema(schema, 'input') as { properties?: Record<string, object>; required?: string[] }
  return Object.entries(properties).map(([name, property]) => ({ name, in: where, required: where === 'path' || required.includes(name), schema: property }))
}

/** OpenAPI 3.1, derived from the contract: there is no second source. */
export function buildOpenApi(): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const { capability, endpoint } of listEndpoints()) {
    const path = API_PREFIX + endpoint.path.replaceAll(/:([a-zA-Z]+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][endpoint.method.toLowerCase()] = {
      operationId: endpoint.name,
      summary: endpoint.summary,
      tags: [capability],
      parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
      ...(endpoint.body ? { requestBody: { required: true, content: { 'application/json': { schema: toSchema(endpoint.body, 'input') } } } } : {}),
      responses: {
        [String(endpoint.status ?? 200)]: { description: endpoint.summary, content: { 'application/json': { schema: toSchema(endpoint.reply, 'input') } } },
        default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: '绣城 Xiucheng', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: { schemas: { Problem: toSchema(Problem, 'output') } },
  }
}

/** The description of the API, for whoever is signed in or sits at an open console. */
export function openApiRoutes(router: Router, identify: (request: IncomingMessage) => Promise<Principal>): void {
  let document: object | undefined
  router.get('/openapi.json', async (request, response) => {
    requireSignedIn(await identify(request))
    document ??= buildOpenApi()
    response.json(document)
  })
}

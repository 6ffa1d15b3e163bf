/** A small OpenID Connect provider on the loopback: tells whoever asks that it is one person, and checks what a client must prove. */
import { createHash, randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export interface Provider {
  issuer: string
  /** Who is at the provider's desk. */
  person: { sub: string; preferred_username?: string }
  /** Changes what goes into the ID token, to see it refused. */
  forge: Record<string, unknown>
  close(): Promise<void>
}

export async function aProvider(clientId: string, clientSecret: string): Promise<Provider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, { challenge: string; nonce: string; redirect: string; person: Provider['person'] }>()
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', provider.issuer)
    const json = (status: number, body: unknown) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    if (url.pathname === '/.well-known/openid-configuration') {
      json(200, { issuer: provider.issuer, authorization_endpoint: `${provider.issuer}/authorize`, token_endpoint: `${provider.issuer}/token`, jwks_uri: `${provider.issuer}/keys`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['client_secret_post'] })
    } else if (url.pathname === '/keys') json(200, { keys: [jwk] })
    else if (url.pathname === '/authorize') {
      const code = randomBytes(16).toString('hex')
      const redirect = url.searchParams.get('redirect_uri') ?? ''
      codes.set(code, { challenge: url.searchParams.get('code_challenge') ?? '', nonce: url.searchParams.get('nonce') ?? '', redirect, person: { ...provider.person } })
      response.writeHead(303, { Location: `${redirect}?${new URLSearchParams({ code, state: url.searchParams.get('state') ?? '', iss: provider.issuer }).toString()}` }).end()
    } else if (url.pathname === '/token') {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => void answer(new URLSearchParams(text)).then(([status, body]) => json(status, body)))
    } else json(404, {})
  })

  async function answer(given: URLSearchParams): Promise<[number, unknown]> {
    const code = given.get('code') ?? ''
    const asked = codes.get(code)
    codes.delete(code)
    const proof = createHash('sha256').update(given.get('code_verifier') ?? '').digest('base64url')
    if (!asked || proof !== asked.challenge || given.get('redirect_uri') !== asked.redirect || given.get('client_id') !== clientId || given.get('client_secret') !== clientSecret) return [400, { error: 'invalid_grant' }]
    const claims = { iss: provider.issuer, aud: clientId, nonce: asked.nonce, ...asked.person, ...provider.forge }
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).setIssuedAt().setExpirationTime('5m').sign(privateKey)
    return [200, { access_token: 'unused', token_type: 'Bearer', expires_in: 300, id_token: token }]
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const provider: Provider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    person: { sub: 'nobody' },
    forge: {},
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.closeAllConnections()
        server.close((error) => (error ? reject(error) : resolve()))
      }),
  }
  return provider
}

import net from 'node:net'
import path from 'node:path'
import { z } from 'zod'

function wholeNumber(least: number, most: number) {
  const error = `takes a whole number from ${least} to ${most}`
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}

function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: `takes one of ${words.join(', ')}` })
}

const Environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// (leave it unset for the embedded database)').optional(),
  PORT: wholeNumber(0, 65_535).default(8080),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('.data'),
  /** Key the second factors are sealed with; default: `secrets.key` in the data folder, made when first needed. */
  SECRETS_KEY: z.string().regex(/^[0-9a-f]{64}$/i, 'takes 64 hexadecimal digits, such as `openssl rand -hex 32` prints').optional(),
  /** Says that something in front of this server checks who comes in; allows a HOST other than loopback. */
  GUARDED_BY_PROXY: z.stringbool({ error: 'takes true or false' }).default(false),
  PUBLIC_BASE_URL: z.url({ protocol: /^https?$/, error: 'takes an address such as https://city.example/' }).optional(),
  /** Proxies before this server whose `X-Forwarded-For` is believed. */
  TRUSTED_PROXY_HOPS: wholeNumber(0, 5).default(0),
  /** An outside identity provider (OpenID Connect). */
  OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'takes the address of an OpenID Connect provider, such as https://id.city.example/' }).optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  /** What the sign-in page calls it; default: its host. */
  OIDC_NAME: z.string().max(60).optional(),
  NODE_ENV: oneOf(['production', 'development', 'test']).default('production'),
  LOG_LEVEL: oneOf(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  STATEMENT_TIMEOUT_MS: wholeNumber(100, 600_000).default(30_000),
  DATABASE_CONNECTIONS: wholeNumber(1, 100).default(10),
  UPLOAD_LIMIT_MB: wholeNumber(1, 4096).default(256),
  RATE_LIMIT_PER_MINUTE: wholeNumber(10, 1_000_000).default(6000),
  /** Largest photo taken as evidence, and most photos of one case. */
  MEDIA_LIMIT_MB: wholeNumber(1, 200).default(20),
  MEDIA_PER_CASE: wholeNumber(1, 200).default(20),
  /** Keeps photos in storage that speaks S3 instead of the data folder; the bucket has to be there. */
  MEDIA_S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'takes an address such as https://storage.city.example/' }).optional(),
  MEDIA_S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'takes the name of a bucket: 3 to 63 small letters, digits, dots and hyphens').optional(),
  MEDIA_S3_REGION: z.string().min(1).default('us-east-1'),
  MEDIA_S3_ACCESS_KEY_ID: z.string().optional(),
  MEDIA_S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** `none` skips the demo city. */
  DEMO: oneOf(['on', 'none']).default('on'),
  DEMO_SEED: z.string().default('xiucheng'),
  SIMULATOR: oneOf(['on', 'off']).default('on'),
  /** `own` draws the basemap from the city's own tables; later `tianditu`, `pmtiles`, `wmts`. */
  BASEMAP: oneOf(['own', 'tianditu', 'pmtiles', 'wmts']).default('own'),
  BASEMAP_URL: z.string().optional(),
  BASEMAP_KEY: z.string().optional(),
})

export interface Config extends z.output<typeof Environment> {
  dataDirectory: string
  isProduction: boolean
}

/** Whether a host name or address means this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (net.isIPv4(name) && name.startsWith('127.'))
}

/** Settings whose value is never shown, right or wrong. */
const SECRET: ReadonlySet<string> = new Set(['SECRETS_KEY', 'OIDC_CLIENT_SECRET', 'MEDIA_S3_SECRET_ACCESS_KEY'])

/** A value as it may stand in a terminal: without the user and password of an address. */
function shown(value: string | undefined): string {
  return JSON.stringify(value?.replace(/\/\/[^/]*@/, '//…@'))
}

/** What is wrong with the environment, in sentences: one per variable. */
export class ConfigError extends Error {}

/**
 * A console without accounts listens to this machine only. Called when the database is open and can be asked.
 * @throws ConfigError that says how to make the first administrator.
 */
export function checkHost(config: Config, hasAccounts: boolean): void {
  if (isLoopback(config.HOST) || config.GUARDED_BY_PROXY || hasAccounts) return
  throw new ConfigError(
    `HOST=${config.HOST} would open the console to others, and it has no accounts yet. Make the first administrator on the terminal (npm run --silent cli -- account create-admin), use HOST=127.0.0.1, or put a proxy that checks who comes in before it and set GUARDED_BY_PROXY=true.`,
  )
}

/**
 * Parses the environment once.
 * @throws ConfigError naming each variable at fault and what it accepts.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const result = Environment.safeParse(given)
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message} (got ${SECRET.has(String(issue.path[0])) ? 'something else' : shown(given[String(issue.path[0])])})`)
    throw new ConfigError(`The environment is not usable:\n${lines.join('\n')}`)
  }
  const config = result.data
  if (config.MEDIA_S3_ENDPOINT) {
    const missing = (['MEDIA_S3_BUCKET', 'MEDIA_S3_ACCESS_KEY_ID', 'MEDIA_S3_SECRET_ACCESS_KEY'] as const).filter((name) => !config[name])
    if (missing.length > 0) throw new ConfigError(`MEDIA_S3_ENDPOINT=${config.MEDIA_S3_ENDPOINT} needs ${missing.join(', ')} as well.`)
  }
  if (config.OIDC_ISSUER) {
    const missing = (['OIDC_CLIENT_ID', 'PUBLIC_BASE_URL'] as const).filter((name) => !config[name])
    if (missing.length > 0) throw new ConfigError(`OIDC_ISSUER=${config.OIDC_ISSUER} needs ${missing.join(' and ')} as well.`)
    const issuer = new URL(config.OIDC_ISSUER)
    if (issuer.protocol === 'http:' && !isLoopback(issuer.hostname)) throw new ConfigError(`OIDC_ISSUER=${config.OIDC_ISSUER} has to be an https:// address: who signs in would be told in clear.`)
  }
  if (config.BASEMAP !== 'own' && !config.BASEMAP_URL) throw new ConfigError(`BASEMAP=${config.BASEMAP} needs BASEMAP_URL, the address the map is fetched from.`)
  if ((config.BASEMAP === 'tianditu' || config.BASEMAP === 'wmts') && !/^https?:\/\/[^\s]*$/.test(config.BASEMAP_URL ?? '')) throw new ConfigError(`BASEMAP_URL=${config.BASEMAP_URL} is not an http:// or https:// address.`)
  if ((config.BASEMAP === 'tianditu' || config.BASEMAP === 'wmts') && !['{z}', '{x}', '{y}'].every((part) => config.BASEMAP_URL?.includes(part))) throw new ConfigError(`BASEMAP_URL for BASEMAP=${config.BASEMAP} needs {z}, {x} and {y} where the tile's numbers go.`)
  if (config.BASEMAP === 'tianditu' && !config.BASEMAP_KEY) throw new ConfigError('BASEMAP=tianditu needs BASEMAP_KEY, the key that 天地图 gives out; put {key} into BASEMAP_URL where it goes.')
  if (config.BASEMAP === 'pmtiles' && !(config.BASEMAP_URL ?? '').endsWith('.pmtiles')) throw new ConfigError(`BASEMAP_URL for BASEMAP=pmtiles is a file or address that ends in .pmtiles, not ${config.BASEMAP_URL}.`)
  return { ...config, dataDirectory: path.resolve(config.DATA_DIR), isProduction: config.NODE_ENV === 'production' }
}

import type { Config } from '../config.ts'

/** What the sign-in page calls the outside identity provider; null where none is set up. */
export function identityProviderName(config: Pick<Config, 'OIDC_ISSUER' | 'OIDC_NAME'>): string | null {
  return config.OIDC_ISSUER === undefined ? null : (config.OIDC_NAME ?? new URL(config.OIDC_ISSUER).hostname)
}

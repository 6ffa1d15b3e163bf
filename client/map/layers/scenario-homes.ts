/** Homes of scenarios: one that is served is full, one that is not is a ring, so that they are told apart without colour. */
import type { ThemeTokens } from '../../theme/tokens.ts'

export const servedHome = ({ served }: Pick<ThemeTokens, 'served'>): string => served
export const unservedHome = ({ gap }: Pick<ThemeTokens, 'gap'>): string => gap[3]
/** Newly served, and no longer. */
export const gainedHome = ({ ui }: Pick<ThemeTokens, 'ui'>): string => ui.green
export const lostHome = ({ ui }: Pick<ThemeTokens, 'ui'>): string => ui.red

/** Homes of a version beside another: a served one is full, one that is not is a ring, so that they are told apart without colour. */
import type { ThemeTokens } from '../../theme/tokens.ts'

export const servedHome = ({ served }: Pick<ThemeTokens, 'served'>): string => served
export const unservedHome = ({ gap }: Pick<ThemeTokens, 'gap'>): string => gap[3]

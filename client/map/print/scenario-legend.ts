/** What the colours of a scenario mean, on paper: the entries of its panel. Pure. */
import { type ChangeWords, changeRange } from '../../scenario/change-words.ts'
import type { ThemeTokens } from '../../theme/tokens.ts'
import type { LegendItem } from '../layers/index.ts'
import { gainedHome, lostHome, servedHome, unservedHome } from '../layers/scenario-homes.ts'
import { type ChangeLegendRow, changeOpacity } from '../layers/unit-differences.ts'
import type { LegendGroup } from './draw-legend.ts'

/** What of a scenario lies on the map. */
export interface ScenarioShown {
  /** Homes newly served and no longer served. */
  hasChangedHomes: boolean
  /** Parks, gates and ways that the scenario draws. */
  hasDrawn: boolean
  /** Homes of two sides of a seam. */
  hasSides: boolean
  /** Units by the class of their change; empty where none are coloured. */
  units: readonly ChangeLegendRow[]
}

const DISC = 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z'

/** @param words in the language of the sheet */
export function scenarioLegend({ hasDrawn, hasChangedHomes, hasSides, units }: ScenarioShown, tokens: ThemeTokens, words: ChangeWords): LegendGroup[] {
  const { t, number } = words
  const said = (text: string) => ({ zh: text, en: text })
  const home = (text: string, colour: string, hollow: boolean): LegendItem => ({ kind: 'symbol', label: said(text), colour, path: DISC, size: 12, hollow })
  const unit = (row: ChangeLegendRow): LegendItem => ({
    kind: 'fill', label: said(`${changeRange(row, words)} · ${t('scenario.unitCount', { n: number(row.count) })}`), colour: row.colour,
    ...(row.from === null ? { hatch: 'thin' } : { opacity: changeOpacity(row.class) }),
  })
  const own: LegendItem[] = [
    ...(hasDrawn ? [{ kind: 'fill' as const, label: said(t('scenario.legendDrawn')), colour: tokens.ui.green, opacity: 0.43 }] : []),
    ...(hasChangedHomes ? [home(t('scenario.legendGained'), gainedHome(tokens), false), home(t('scenario.legendLost'), lostHome(tokens), true)] : []),
  ]
  return [
    ...(units.length > 0 ? [{ title: t('scenario.legendUnits'), items: units.map(unit) }] : []),
    ...(own.length > 0 ? [{ title: t('planning.tools.scenario'), items: own }] : []),
    ...(hasSides ? [{ title: t('scenario.swipe'), items: [home(t('scenario.servedHomes'), servedHome(tokens), false), home(t('scenario.unservedHomes'), unservedHome(tokens), true)] }] : []),
  ]
}

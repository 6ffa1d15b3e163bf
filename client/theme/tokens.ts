/**
 * 墨绿夜图: every colour of the console, night and day, as typed constants. The map reads them directly;
 * panels read the same values as CSS custom properties (`cssVariables`). Contrast figures are computed in tests.
 */
import type { Theme } from '../stores/state.ts'

/** Quiet surfaces, text and the five colours that carry meaning. */
export interface InterfaceColours {
  bg: string
  s1: string
  s2: string
  line: string
  /** Hairline of controls. */
  control: string
  /** Control borders that carry meaning: at least 3:1 on s1. */
  controlStrong: string
  t1: string
  t2: string
  t3: string
  green: string
  onGreen: string
  blue: string
  onBlue: string
  amber: string
  onAmber: string
  red: string
  onRed: string
  /** Ground of the strip that carries a level 1. */
  redGround: string
  amberGround: string
  focus: string
}

/** The basemap; nothing in it is brighter (night) or darker (day) than the data that lies on it. */
export interface MapColours {
  land: string
  /** Ground of the built-up city, a shade off the land. */
  urban: string
  residential: string
  water: string
  waterEdge: string
  waterGlow: string
  park: string
  parkPocket: string
  parkEdge: string
  greenBelt: string
  square: string
  squareEdge: string
  /** Hills, lowest level to highest. */
  hills: readonly [string, string, string, string]
  hillEdge: string
  roadMinor: string
  road: string
  roadMajor: string
  roadTrunk: string
  roadCasing: string
  bridgeCasing: string
  path: string
  rail: string
  railTie: string
  /** Building walls, low to high. */
  buildings: readonly [string, string, string, string]
  buildingFlat: string
  boundaryCounty: string
  boundaryStreet: string
  boundaryCommunity: string
  gridLine: string
  label: string
  labelStrong: string
  labelQuiet: string
  labelWater: string
  labelPark: string
  halo: string
  /** Outlines that must be seen on anything. */
  selection: string
  selectionHalo: string
  hover: string
}

export interface ThemeTokens {
  ui: InterfaceColours
  map: MapColours
  /** Index 1, 2, 3: 一级 二级 三级. Shape carries the level too. */
  severity: Readonly<Record<1 | 2 | 3, string>>
  categorical: readonly [string, string, string, string, string, string]
  /** Low to high. */
  coverage: Ramp
  gap: Ramp
  change: Ramp
  served: string
  noData: string
}

export type Ramp = readonly [string, string, string, string, string]

export const TOKENS: Readonly<Record<Theme, ThemeTokens>> = {
  night: {
    ui: {
      bg: '#0A1216', s1: '#111C22', s2: '#16242B', line: '#25363E', control: '#2E424B', controlStrong: '#5C727B',
      t1: '#E8F1F2', t2: '#A9BDC4', t3: '#8DA2AA',
      green: '#3DBB8B', onGreen: '#06110D', blue: '#4EA8DE', onBlue: '#04121C', amber: '#F2B544', onAmber: '#1B1203', red: '#F2665E', onRed: '#1E0604',
      redGround: '#2A1517', amberGround: '#2A2212', focus: '#7FD8B4',
    },
    map: {
      land: '#0A1216', urban: '#0D171C', residential: '#101C22',
      water: '#0E2A3D', waterEdge: '#1B4A66', waterGlow: '#123650',
      park: '#175A3C', parkPocket: '#1E6F48', parkEdge: '#3CA374', greenBelt: '#123F2D', square: '#22333A', squareEdge: '#3F5761',
      hills: ['#0C1A19', '#0E211D', '#102821', '#132F26'], hillEdge: '#1A3B30',
      roadMinor: '#1A262D', road: '#22323B', roadMajor: '#2B3D47', roadTrunk: '#33474F', roadCasing: '#070D10', bridgeCasing: '#4A626C',
      path: '#24343C', rail: '#3A4B54', railTie: '#0A1216',
      buildings: ['#16242C', '#1D313B', '#2A4B59', '#3A6B7E'], buildingFlat: '#14222A',
      boundaryCounty: '#6F8790', boundaryStreet: '#4D636C', boundaryCommunity: '#33464F', gridLine: '#3B525C',
      label: '#8FA6AE', labelStrong: '#AFC3CA', labelQuiet: '#748B94', labelWater: '#6195B4', labelPark: '#6DBF98', halo: '#0A1216',
      selection: '#F4FBFA', selectionHalo: '#0A1216', hover: '#CFE3E2',
    },
    severity: { 1: '#F2665E', 2: '#F2B544', 3: '#4EA8DE' },
    categorical: ['#5CC0F5', '#F5CB5C', '#1B7F79', '#E8604C', '#EEF3F4', '#5E60CE'],
    coverage: ['#12343B', '#1B5E5B', '#2E8B7A', '#67B99A', '#C2E7C9'],
    gap: ['#2B2450', '#6B3B86', '#BC4B7D', '#EE7C56', '#FAD36A'],
    change: ['#F2A33C', '#B07B45', '#4A565C', '#4F8FC0', '#A5D8FF'],
    served: '#2E8B7A',
    noData: '#5C727B',
  },
  day: {
    ui: {
      bg: '#F6F8F7', s1: '#FFFFFF', s2: '#EEF3F1', line: '#D6DFDC', control: '#BCC9C5', controlStrong: '#7B8D88',
      t1: '#14211F', t2: '#42524F', t3: '#566662',
      green: '#0F7A57', onGreen: '#FFFFFF', blue: '#1769AA', onBlue: '#FFFFFF', amber: '#9A6400', onAmber: '#FFFFFF', red: '#B3261E', onRed: '#FFFFFF',
      redGround: '#FCE9E7', amberGround: '#FDF5E6', focus: '#0F7A57',
    },
    map: {
      land: '#F3F5F1', urban: '#EEF0EC', residential: '#E9ECE8',
      water: '#C3DCE9', waterEdge: '#96BDD2', waterGlow: '#B5D3E3',
      park: '#BFE0C7', parkPocket: '#ABD6B7', parkEdge: '#74B08B', greenBelt: '#D3E8D4', square: '#E4E1D8', squareEdge: '#C5C0B2',
      hills: ['#E6EEDF', '#DCE8D5', '#D2E2CB', '#C8DBC2'], hillEdge: '#B9CFB3',
      roadMinor: '#FFFFFF', road: '#FFFFFF', roadMajor: '#FFFFFF', roadTrunk: '#FBF3DF', roadCasing: '#D3D8D3', bridgeCasing: '#94A39F',
      path: '#C9D2CB', rail: '#A3AFAB', railTie: '#F3F5F1',
      buildings: ['#EEF0EE', '#E8ECEA', '#DEE6E3', '#CFDBD7'], buildingFlat: '#DFE4E0',
      boundaryCounty: '#8FA19B', boundaryStreet: '#A3B2AD', boundaryCommunity: '#BECAC5', gridLine: '#9DB0AA',
      label: '#4B5C58', labelStrong: '#2D3D39', labelQuiet: '#657571', labelWater: '#3E7897', labelPark: '#2C7350', halo: '#FBFCFA',
      selection: '#10201D', selectionHalo: '#FFFFFF', hover: '#32504A',
    },
    severity: { 1: '#B3261E', 2: '#B87700', 3: '#1769AA' },
    categorical: ['#1F86C4', '#A87900', '#1B7F79', '#C4432F', '#53646B', '#5E60CE'],
    coverage: ['#DCEFE4', '#A9D8BF', '#6DBB9B', '#2E8B7A', '#125A55'],
    gap: ['#2B2450', '#6B3B86', '#BC4B7D', '#EE7C56', '#FAD36A'],
    change: ['#B0640A', '#D9A55F', '#C9D1CF', '#6FA8D3', '#1F5F94'],
    served: '#2E8B7A',
    noData: '#8A9994',
  },
}

/** Durations in milliseconds and the one easing of the console. */
export const MOTION = { hover: 120, panel: 200, drawer: 320, crossFade: 400, pulse: 600, fly: 1200, easing: 'cubic-bezier(.2,.8,.2,1)' } as const

export const FONT_FAMILY = "'Inter Variable', 'Noto Sans SC Variable', 'PingFang SC', 'Microsoft YaHei', sans-serif"

function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
}

/**
 * Custom properties of a theme: `--bg`, `--s1`, `--t1`, `--green`, `--control-strong`, …; `--severity-1…3`,
 * `--category-1…6`, `--coverage-1…5`, `--gap-1…5`, `--change-1…5`, `--served`, `--no-data`; `--map-land`, `--map-water`, ….
 */
export function cssVariables(theme: Theme): Record<string, string> {
  const tokens = TOKENS[theme]
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(tokens.ui)) variables[`--${kebab(name)}`] = value
  for (const [name, value] of Object.entries(tokens.map)) if (typeof value === 'string') variables[`--map-${kebab(name)}`] = value
  for (const level of [1, 2, 3] as const) variables[`--severity-${level}`] = tokens.severity[level]
  const ramps = { category: tokens.categorical, coverage: tokens.coverage, gap: tokens.gap, change: tokens.change }
  for (const [name, colours] of Object.entries(ramps)) colours.forEach((colour, index) => (variables[`--${name}-${index + 1}`] = colour))
  variables['--served'] = tokens.served
  variables['--no-data'] = tokens.noData
  return variables
}

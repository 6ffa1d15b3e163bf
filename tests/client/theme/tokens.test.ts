import { expect, test } from 'vitest'
import { cssVariables, type InterfaceColours, type MapColours, TOKENS } from '../../../client/theme/tokens.ts'

const channels = (hex: string): [number, number, number] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as [number, number, number]

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red, green, blue] = channels(hex).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
const lightness = (hex: string): number => (Math.max(...channels(hex)) + Math.min(...channels(hex))) / 2

const THEMES = ['night', 'day'] as const
const TEXTS: (keyof InterfaceColours)[] = ['t1', 't2', 't3', 'green', 'blue', 'amber', 'red']

test.each(THEMES)('text and meaning colours are readable on every surface of panels (%s)', (theme) => {
  const { ui } = TOKENS[theme]
  for (const text of TEXTS) for (const ground of ['bg', 's1'] as const) expect(contrast(ui[text], ui[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  expect(contrast(ui.red, ui.redGround), 'red on its strip').toBeGreaterThanOrEqual(4.5)
  expect(contrast(ui.amber, ui.amberGround), 'amber on its ground').toBeGreaterThanOrEqual(4.5)
})

test.each(THEMES)('text on filled buttons is readable, and borders that carry meaning are seen (%s)', (theme) => {
  const { ui } = TOKENS[theme]
  for (const [text, ground] of [['onGreen', 'green'], ['onBlue', 'blue'], ['onAmber', 'amber'], ['onRed', 'red']] as const) expect(contrast(ui[text], ui[ground]), text).toBeGreaterThanOrEqual(4.5)
  expect(contrast(ui.controlStrong, ui.s1)).toBeGreaterThanOrEqual(3)
})

test.each(THEMES)('names on the map are readable on land, and severities are seen on it (%s)', (theme) => {
  const { map, severity } = TOKENS[theme]
  for (const label of ['label', 'labelStrong', 'labelQuiet', 'labelWater', 'labelPark'] as const) expect(contrast(map[label], map.halo), label).toBeGreaterThanOrEqual(4.5)
  for (const level of [1, 2, 3] as const) expect(contrast(severity[level], map.land), `level ${level}`).toBeGreaterThanOrEqual(3)
})

test('by night nothing that lies on the ground is lighter than the data', () => {
  const { map, severity } = TOKENS.night
  const spoken = new Set<keyof MapColours>(['label', 'labelStrong', 'labelQuiet', 'labelWater', 'labelPark', 'selection', 'selectionHalo', 'hover', 'boundaryCounty'])
  for (const [name, value] of Object.entries(map) as [keyof MapColours, string | readonly string[]][]) {
    if (spoken.has(name)) continue
    for (const colour of typeof value === 'string' ? [value] : value) {
      expect(lightness(colour), name).toBeLessThanOrEqual(0.45)
      for (const level of [1, 2, 3] as const) expect(luminance(colour), `${name} against level ${level}`).toBeLessThan(luminance(severity[level]))
    }
  }
})

test.each(THEMES)('both themes give the same custom properties, each a colour (%s)', (theme) => {
  const variables = cssVariables(theme)
  expect(Object.keys(variables)).toEqual(Object.keys(cssVariables('night')))
  for (const [name, value] of Object.entries(variables)) expect(value, name).toMatch(/^#[0-9A-F]{6}$/i)
  expect(variables['--control-strong']).toBe(TOKENS[theme].ui.controlStrong)
})

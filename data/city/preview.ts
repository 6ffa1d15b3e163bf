/** Draws the demo city as an SVG to be looked at: `node --import tsx data/city/preview.ts OUT.svg [east north half-width] [seed]`, in metres from the old core. */
import { writeFileSync } from 'node:fs'
import { generateCity } from './city.ts'
import { toPlane } from './plane.ts'
import type { FeatureRow } from './rows.ts'

const ROAD_WIDTHS: Readonly<Record<string, number>> = { trunk: 36, primary: 26, secondary: 18, tertiary: 10, residential: 8, service: 4, rail: 10 }

const [out = 'city.svg', east = '300', north = '-300', half = '11500', seed = 'xiuchuan-1'] = process.argv.slice(2)
const city = generateCity({ seed, asOf: new Date('2026-01-01T00:00:00Z') })
const [x, y, reach] = [Number(east), Number(north), Number(half)]

function rowsOf(key: string): FeatureRow[] {
  return city.layers.find((layer) => layer.key === key)?.rows ?? []
}

function line(positions: readonly [number, number][]): string {
  return `M${positions.map((position) => toPlane(position).map(Math.round).join(',')).join('L')}`
}

function path(row: FeatureRow): string {
  const { geometry } = row
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat().map(line).join('')
  return geometry.type === 'MultiLineString' ? geometry.coordinates.map(line).join('') : ''
}

const fill = (key: string, colour: (row: FeatureRow) => string): string => rowsOf(key).map((row) => `<path d="${path(row)}" fill="${colour(row)}"/>`).join('')
const drawing = [
  fill('terrain', (row) => `hsl(150,25%,${7 + Number(row.values[2]) * 3}%)`),
  fill('water', () => '#0E2A3D'),
  fill('green-spaces', (row) => (row.values[0] === 'G2' ? '#123D2A' : '#1C6A48')),
  rowsOf('roads').map((row) => `<path d="${path(row)}" fill="none" stroke="#33474F" stroke-width="${ROAD_WIDTHS[String(row.values[2])] ?? 6}"/>`).join(''),
  fill('buildings', (row) => `hsl(200,30%,${Math.min(45, 20 + Number(row.values[2]) / 4)}%)`),
]
writeFileSync(
  out,
  `<svg xmlns="http://www.w3.org/2000/svg" width="1500" height="1500" viewBox="${x - reach} ${-y - reach} ${2 * reach} ${2 * reach}" style="background:#0A1216"><g transform="scale(1,-1)" fill-rule="evenodd">${drawing.join('')}</g></svg>`,
)

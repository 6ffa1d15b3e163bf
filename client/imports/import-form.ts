/** Between the form of an import and the options as the server takes them. Pure. */
import { ImportKind } from '../../server/contract/imports.ts'
import type { ImportOptionsInput } from '../stores/imports.ts'

export interface ImportForm {
  kind: ImportKind
  layer: string
  titleZh: string
  owner: string
  licence: string
  dataDate: string
  crs: string
  encoding: string
  fileLayer: string
  join: string
  map: { field: string; column: string }[]
  skipBad: boolean
  dryRun: boolean
}

export function emptyForm(): ImportForm {
  return { kind: 'green_spaces', layer: '', titleZh: '', owner: '', licence: '', dataDate: '', crs: '', encoding: '', fileLayer: '', join: '', map: [], skipBad: false, dryRun: true }
}

/** Options with the empty fields left out, so that the server's own defaults stand. */
export function optionsOf(form: ImportForm): ImportOptionsInput {
  const given = (text: string) => (text.trim() === '' ? undefined : text.trim())
  const texts = { layer: given(form.layer), titleZh: given(form.titleZh), owner: given(form.owner), licence: given(form.licence), dataDate: given(form.dataDate), crs: given(form.crs), encoding: given(form.encoding), fileLayer: given(form.fileLayer), join: given(form.join) }
  const map = Object.fromEntries(form.map.filter((row) => row.field !== '' && row.column.trim() !== '').map((row) => [row.field, row.column.trim()]))
  return { kind: form.kind, ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)), map, skipBad: form.skipBad, dryRun: form.dryRun }
}

const NAME_HINTS: readonly [RegExp, ImportKind][] = [
  [/\.pbf$/, 'openstreetmap'],
  [/toilet|公厕|公廁|厕所/, 'facilities'],
  [/green|park|绿地|公园|公園|綠地/, 'green_spaces'],
  [/village|district|town|街道|社区|村里|行政/, 'administrative_areas'],
  [/building|建筑|建築/, 'buildings'],
  [/road|street|道路/, 'roads'],
  [/incident|case|dispatch|disaster|案件|事件|災情/, 'incidents'],
  [/population|人口/, 'population_cells'],
  [/water|水体|水系/, 'water_bodies'],
  [/grid|网格/, 'unit_grids'],
  [/lamp|bin|part|部件|路灯/, 'parts'],
]

/** A first guess of the kind from the file's name; null when the name says nothing. */
export function guessKind(fileName: string): ImportKind | null {
  const name = fileName.toLowerCase()
  return NAME_HINTS.find(([hint]) => hint.test(name))?.[1] ?? null
}

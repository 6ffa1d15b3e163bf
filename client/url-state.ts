/**
 * The state of the console in its address: `?city=demo&v=12.4/30.51/114.32/0/45&l=…&sel=green_spaces:…&f=…`.
 * A link opens what its sender saw. The address is replaced, never pushed; keys unknown here are left alone.
 */
import { watch } from 'vue'
import { IncidentFilter, type IncidentFilterInput } from '../server/contract/incidents.ts'
import { FeatureKind } from '../server/contract/layers.ts'
import type { Camera, DrawingState, SelectionState } from './stores/state.ts'

/** One key of the address: how it is read from the state, how it is written into it, and the value that need not be said. */
export interface UrlEntry {
  name: string
  /** Text of the present state; null when there is nothing to say. */
  read: () => string | null
  /** Takes over a text; an unreadable one changes nothing. */
  write: (text: string) => void
  /** The state when the key is missing; null leaves the state as it is. */
  fallback: string | null
}

export const URL_DEBOUNCE_MILLISECONDS = 300

/** `zoom/latitude/longitude/bearing/pitch`; the last two only when the map is turned or tilted. */
export function encodeCamera(camera: Omit<Camera, 'by'>): string {
  const parts = [trim(camera.zoom, 2), trim(camera.latitude, 5), trim(camera.longitude, 5)]
  const bearing = trim(camera.bearing, 1)
  const pitch = trim(camera.pitch, 1)
  return (bearing === '0' && pitch === '0' ? parts : [...parts, bearing, pitch]).join('/')
}

/** @returns null when the text is no camera. */
export function decodeCamera(text: string): Omit<Camera, 'by'> | null {
  const parts = text.split('/')
  if (parts.length !== 3 && parts.length !== 5) return null
  const [zoom, latitude, longitude, bearing = 0, pitch = 0] = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (zoom === undefined || latitude === undefined || longitude === undefined) return null
  if (![zoom, latitude, longitude, bearing, pitch].every(Number.isFinite)) return null
  if (zoom < 0 || zoom > 24 || Math.abs(latitude) > 85 || Math.abs(longitude) > 180 || Math.abs(bearing) > 360 || pitch < 0 || pitch > 85) return null
  return { zoom, latitude, longitude, bearing, pitch }
}

/** Visible drawings, bottom to top, each with its opacity in percent when it is not the usual one: `water_bodies,grid_measure.60`. */
export function encodeDrawings(drawings: readonly DrawingState[], defaults: readonly DrawingState[]): string {
  const usual = new Map(defaults.map((one) => [one.id, one.opacity]))
  return drawings
    .filter((one) => one.visible)
    .map((one) => (percent(one.opacity) === percent(usual.get(one.id) ?? 1) ? one.id : `${one.id}.${percent(one.opacity)}`))
    .join(',')
}

/** All drawings again: those named are visible in the order named, above the others, which are hidden. Unknown names are passed over. */
export function decodeDrawings(text: string, defaults: readonly DrawingState[]): DrawingState[] {
  const usual = new Map<string, DrawingState>(defaults.map((one) => [one.id, one]))
  const shown = new Map<string, DrawingState>()
  for (const part of text.split(',')) {
    const [name = '', opacity] = part.split('.')
    const known = usual.get(name)
    if (!known) continue
    const given = opacity === undefined ? Number.NaN : Number(opacity) / 100
    shown.set(name, { id: known.id, visible: true, opacity: given >= 0 && given <= 1 ? given : known.opacity })
  }
  const hidden = defaults.filter((one) => !shown.has(one.id)).map((one) => ({ ...one, visible: false }))
  return [...hidden, ...shown.values()]
}

/** `kind:id` */
export function encodeSelection(selected: SelectionState['selected']): string | null {
  return selected ? `${selected.kind}:${selected.id}` : null
}

export function decodeSelection(text: string): SelectionState['selected'] {
  const [kind, id, ...more] = text.split(':')
  if (!id || more.length > 0 || id.length > 80) return null
  if (kind === 'blind_spot') return { kind, id }
  const known = FeatureKind.safeParse(kind)
  return known.success ? { kind: known.data, id } : null
}

/** `status:open;sources:collector,hotline_12345`, keys in the order of the contract, so that equal filters read alike; empty text for no filter. */
export function encodeFilter(filter: IncidentFilterInput): string {
  const parts = FILTER_KEYS.flatMap((key) => {
    const value = filter[key]
    return value === undefined || value === '' ? [] : [`${key}:${String(value).replace(/[%;]/g, encodeURIComponent)}`]
  })
  return parts.join(';')
}

/** Whatever of the text is a valid filter by the contract; faulty parts are left out. */
export function decodeFilter(text: string): IncidentFilterInput {
  const filter: Record<string, string> = {}
  for (const part of text.split(';')) {
    const colon = part.indexOf(':')
    const key = FILTER_KEYS.find((one) => one === part.slice(0, colon))
    if (colon < 1 || !key) continue
    const value = decodeText(part.slice(colon + 1))
    if (value !== null && value !== '' && IncidentFilter.safeParse({ [key]: value }).success) filter[key] = value
  }
  return filter
}

const FILTER_KEYS = Object.keys(IncidentFilter.shape) as (keyof IncidentFilterInput)[]

function decodeText(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function percent(opacity: number): number {
  return Math.round(opacity * 100)
}

/** A number with at most `digits` decimals and no trailing zeros; never `-0`. */
function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)) || 0)
}

/**
 * The address with the entries' present values: default ones are left out, unknown keys stay as they are.
 * Commas, slashes, colons and semicolons stay readable.
 */
export function searchOf(entries: readonly UrlEntry[], search: string): string {
  const known = new Set(entries.map((entry) => entry.name))
  const parts: string[] = []
  for (const entry of entries) {
    const text = entry.read()
    if (text !== null && text !== entry.fallback) parts.push(`${entry.name}=${readable(text)}`)
  }
  for (const [name, value] of new URLSearchParams(search)) if (!known.has(name)) parts.push(`${encodeURIComponent(name)}=${readable(value)}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function readable(text: string): string {
  return encodeURIComponent(text).replace(/%(2F|3A|3B|2C)/g, decodeURIComponent)
}

/** Hands an address to the state, entry by entry in their order. `isStart`: missing keys leave the state as it is. */
export function applySearch(entries: readonly UrlEntry[], search: string, isStart: boolean): void {
  const params = new URLSearchParams(search)
  for (const entry of entries) {
    const text = params.get(entry.name)
    if (text !== null) entry.write(text)
    else if (!isStart && entry.fallback !== null) entry.write(entry.fallback)
  }
}

/**
 * Reads the address once, then keeps address and state equal both ways: a change of state replaces the address after 300 ms,
 * going back or editing the address changes the state without a reload.
 * @returns stops it
 */
export function bindUrlState(entries: readonly UrlEntry[], debounceMilliseconds: number = URL_DEBOUNCE_MILLISECONDS): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  applySearch(entries, window.location.search, true)

  function replace(): void {
    const next = searchOf(entries, window.location.search)
    if (next === window.location.search) return
    const address = `${window.location.pathname}${next}${window.location.hash}`
    // The router keeps its own notes in history.state, the address among them: it writes it back when it leaves the page.
    window.history.replaceState({ ...(window.history.state as object | null), current: address }, '', address)
  }

  function onPopState(): void {
    clearTimeout(timer)
    applySearch(entries, window.location.search, false)
  }

  const stop = watch(
    () => entries.map((entry) => entry.read()),
    () => {
      clearTimeout(timer)
      timer = setTimeout(replace, debounceMilliseconds)
    },
  )
  window.addEventListener('popstate', onPopState)
  return () => {
    stop()
    clearTimeout(timer)
    window.removeEventListener('popstate', onPopState)
  }
}

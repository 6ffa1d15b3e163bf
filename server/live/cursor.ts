import type { Snapshot } from './queries.ts'

/** Cursors hold no colon, so that they stay as they are in an address: `xmin.xmax.running-…`. */
export function cursorOf(position: Snapshot): string {
  return position.replaceAll(':', '.').replaceAll(',', '-')
}

/** The snapshot of a cursor, or undefined when the text is none. Points carry one too. */
export function positionOf(cursor: string): Snapshot | undefined {
  const match = /^(\d{1,19})\.(\d{1,19})\.((?:\d{1,19}(?:-\d{1,19})*)?)$/.exec(cursor)
  if (!match) return undefined
  const [, low = '', high = '', running = ''] = match
  const ids = running === '' ? [] : running.split('-').map(BigInt)
  const isRising = ids.every((id, index) => id >= BigInt(low) && id < BigInt(high) && (index === 0 || id > (ids[index - 1] ?? 0n)))
  return BigInt(low) >= 1n && BigInt(low) <= BigInt(high) && isRising ? `${low}:${high}:${ids.join(',')}` : undefined
}

/**
 * Whether somebody sits before the page. What it asks by itself while nobody does is marked, so that a console left alone signs
 * out though its feed and its watches go on; and who works without asking anything is told of now and then, so that he stays.
 */
import { BACKGROUND_HEADER } from '../server/contract/accounts.ts'

/** After so long without a touch what is asked is no longer somebody's doing. */
export const AWAY_AFTER_MILLISECONDS = 60_000
/** Who touches the page but asks nothing is told of this often; the server forgets people after half an hour. */
export const TOLD_EVERY_MILLISECONDS = 5 * 60_000

const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** The page was opened by somebody. */
let lastActAt = Date.now()
let lastToldAt = Date.now()

/** Header of a request made now: none while somebody is there. */
export function presenceHeaders(now = Date.now()): Record<string, string> {
  if (now - lastActAt > AWAY_AFTER_MILLISECONDS) return { [BACKGROUND_HEADER]: '1' }
  lastToldAt = now
  return {}
}

/** Begins to notice acts; `tell` asks the server something when nothing else was asked for a while. @returns stops it */
export function watchPresence(tell: () => void): () => void {
  const noticed = () => {
    lastActAt = Date.now()
    if (lastActAt - lastToldAt > TOLD_EVERY_MILLISECONDS) tell()
  }
  for (const act of ACTS) window.addEventListener(act, noticed, { passive: true, capture: true })
  return () => {
    for (const act of ACTS) window.removeEventListener(act, noticed, { capture: true })
  }
}

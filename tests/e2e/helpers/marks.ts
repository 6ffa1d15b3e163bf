/** Marks of an answer on the map, as a pointer finds them. */
import type { Page } from 'playwright-core'

/**
 * Moves the pointer round the middle of the map until the words beside it match, and answers where that is.
 * The middle is where the console brings what was chosen in a list.
 */
export async function findMark(page: Page, words: RegExp): Promise<{ x: number; y: number }> {
  const box = (await page.locator('[data-map-state]').boundingBox())!
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  for (let away = 0; away <= 60; away += 6) {
    for (let turn = 0; turn < (away === 0 ? 1 : 8); turn += 1) {
      const at = { x: middle.x + away * Math.cos((turn * Math.PI) / 4), y: middle.y + away * Math.sin((turn * Math.PI) / 4) }
      await page.mouse.move(at.x, at.y, { steps: 2 })
      const told = await page.locator('[role="tooltip"]').filter({ hasText: words }).waitFor({ timeout: 500 }).then(() => true, () => false)
      if (told) return at
    }
  }
  throw new Error(`nothing near the middle of the map says ${words}`)
}

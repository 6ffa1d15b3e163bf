import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Breaches of WCAG 2 A and AA on the page as it stands, one line each; and a page larger than its window, which the focus would push out of sight. */
export async function breachesOf(page: Page): Promise<string[]> {
  // A colour halfway between two is nobody's to read: what moves for a moment has come to rest first.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime)).map((one) => one.finished)))
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }))
  const beyond = await page.evaluate(() => Math.max(document.body.scrollHeight - document.body.clientHeight, document.body.scrollWidth - document.body.clientWidth))
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')}`)).concat(beyond > 1 ? [`page-overflow: ${beyond} px beyond the window`] : [])
}

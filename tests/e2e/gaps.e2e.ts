import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, waitForMap } from './helpers/browser.ts'
import { listPersonas, personaOf, sitDown } from './helpers/desks.ts'

describe.skipIf(findChromium() === undefined)('management gaps', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('a count is that of its list and its file; a row is found on the map; the address brings it back', async () => {
    const { page, faults, close } = await sitDown(browser, origin, personaOf(await listPersonas(origin), 'planner-01'), { path: '/', query: 'tool=gaps&gap=attention.days:14' })
    await waitForMap(page)
    const card = page.locator('[data-layer=attention]')
    await expect.poll(() => card.textContent(), { timeout: 60_000 }).toMatch(/^[\d,]+$/)
    const count = Number((await card.textContent())!.replaceAll(',', ''))
    expect(count).toBeGreaterThan(0)
    const list = page.locator('[role=grid]').first()
    await expect.poll(async () => Number(await list.getAttribute('aria-rowcount')), { timeout: 60_000 }).toBe(count + 1)
    expect(await page.locator('input[name=days]').inputValue()).toBe('14')
    const download = page.waitForEvent('download')
    await page.locator('a[download]', { hasText: 'CSV' }).first().click()
    expect(readFileSync(await (await download).path(), 'utf8').trim().split('\r\n')).toHaveLength(count + 1)
    await list.locator('[role=row]').nth(1).click()
    await expect.poll(() => new URL(page.url()).searchParams.get('sel'), { timeout: 30_000 }).toMatch(/^unit_grids:/)
    await page.locator('label', { hasText: '漏报盲区' }).first().click()
    await page.getByRole('button', { name: '方法与来源' }).click()
    await page.locator('svg[role=img]').waitFor({ timeout: 30_000 })
    expect(await breachesOf(page)).toEqual([])
    expect(new URL(page.url()).searchParams.get('gap')).toBe('reporting.days:14')
    expect(faults).toEqual([])
    await close()
  })
})

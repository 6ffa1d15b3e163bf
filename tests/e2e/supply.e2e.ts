import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'
import { findMark } from './helpers/marks.ts'

describe.skipIf(findChromium() === undefined)('supply per person in a browser', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('green space for each person on foot: the figure, its map, whom paper alone serves, its formula, and the same after a reload', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo&tool=supply`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.getByLabel('为谁').selectOption('elders')
    await page.getByLabel('与全体居民分享').check()
    await page.getByText('步行', { exact: true }).click()
    await page.getByText('高斯', { exact: true }).click()
    await page.getByRole('button', { name: '开始分析' }).click()
    const answer = page.getByRole('article')
    await answer.getByText(/分出 [\d,.]+ m² = 供给 [\d,.]+ m²/).waitFor({ timeout: 120_000 })
    const figure = (await answer.locator('.big').textContent())!
    expect(figure).toMatch(/[\d.]+ ?m²\/人/)
    // The classes hold all elders, each once.
    const counts = (await answer.getByRole('table', { name: '图例' }).locator('tbody td:first-of-type').allTextContents()).map((text) => Number(text.replaceAll(',', '')))
    const below = Number((await answer.locator('.facts dd').first().textContent())!.replace(/[^\d]/g, ''))
    expect(counts.slice(0, 3).reduce((sum, one) => sum + one, 0)).toBe(below)
    await answer.getByText('网格', { exact: true }).click()
    await waitForMap(page)
    await answer.getByText(/账面已覆盖 [\d.]+%；其中 [\d,]+ 人/).waitFor()
    // A place in the table lies in the middle of the map after a press; on the map it says what it shares out, and a click lets it go and takes it up.
    const places = answer.getByRole('grid', { name: '各处供给' })
    await places.locator('[role=row]').nth(1).click()
    const name = (await places.locator('[role=row][aria-selected=true] [role=gridcell]').first().textContent())!.trim()
    await waitForMap(page)
    const mark = await findMark(page, new RegExp(`^${name.replaceAll(/[()]/g, '.')}供给 .*由可达的 [\\d,]+ 人分享每人 `))
    await places.locator('[role=row].hovered').waitFor()
    await page.mouse.click(mark.x, mark.y)
    await places.locator('[role=row][aria-selected=true]').waitFor({ state: 'detached' })
    await page.mouse.click(mark.x, mark.y)
    await places.locator('[role=row][aria-selected=true]').getByText(name).waitFor()
    expect(await breachesOf(page)).toEqual([])
    await answer.getByRole('button', { name: '方法与来源' }).click()
    await page.getByText('R(j) = S(j) / Σk w(k,j) P(k)').waitFor()
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('article').locator('.big').waitFor({ timeout: 60_000 })
    expect(await page.getByRole('article').locator('.big').textContent()).toBe(figure)
    expect(await page.getByLabel('为谁').inputValue()).toBe('elders')
    expect(faults).toEqual([])
    await close()
  })
})

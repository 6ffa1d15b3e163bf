import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'

describe.skipIf(findChromium() === undefined)('mends in a browser', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('the blind spots of a walk are mended: computed, ranked, shown on the map, named at the blind spot, and still there after a reload', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.getByText('步行', { exact: true }).click()
    await page.getByRole('button', { name: '开始分析' }).click()
    await page.getByRole('button', { name: '计算补救措施' }).click({ timeout: 120_000 })
    const list = page.getByRole('list', { name: '怎样补上' })
    await list.waitFor({ timeout: 120_000 })
    await page.getByText(/依次实施前 \d+ 项：\+[\d,]+ 人，占未覆盖的/).waitFor()
    await page.getByRole('button', { name: /把这 \d+ 项做成方案/ }).click()
    await page.getByText(/方案“补救：依次 \d+ 项”已建立/).waitFor()
    await page.getByRole('button', { name: /^打开方案“补救：/ }).waitFor()
    const first = list.getByRole('button').first()
    const told = await first.textContent()
    await first.click()
    await page.getByText(/新增 [\d,]+ 处住处/).waitFor()
    await waitForMap(page)
    // By people alone the list never rises.
    await page.getByText('人最多', { exact: true }).click()
    const gains = (await list.locator('strong').allTextContents()).map((text) => Number(text.replace(/[^\d]/g, '')))
    expect(gains.length).toBeGreaterThan(5)
    expect(gains).toEqual([...gains].sort((a, b) => b - a))
    expect(await breachesOf(page)).toEqual([])
    await page.getByRole('grid', { name: '盲区排序' }).locator('[role=row]').nth(1).click()
    await page.getByText('所选盲区的最好措施').waitFor()
    await page.reload()
    await list.waitFor({ timeout: 60_000 })
    expect(await list.getByRole('button').first().textContent()).toBe(told)
    expect(faults).toEqual([])
    await close()
  })
})

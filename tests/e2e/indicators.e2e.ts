import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'

describe.skipIf(findChromium() === undefined)('the indicator sheet in a browser', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('a district on one sheet: what is met, what is lacking, the parks behind a figure on the map, the file, the same after a reload', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo&tool=indicators`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.getByLabel('区县或街道').selectOption({ label: '江南区' })
    await page.getByRole('button', { name: '计算指标表' }).click()
    const sheet = page.getByRole('article')
    const parks = sheet.locator('[data-index=park_area_per_person]')
    // The first question after a start computes everything cold, on one connection.
    await parks.waitFor({ timeout: 420_000 })
    const value = (await parks.locator('.value').textContent())!
    expect(value).toMatch(/^[\d.]+ ?m²\/人/)
    await sheet.getByRole('heading', { name: /江南区/ }).waitFor()
    // What compares districts has no value for one of them, and says so.
    await sheet.locator('[data-index=least_county_park_area_per_person]').getByText('只在全城口径下有值').waitFor()
    await parks.locator('.head').click()
    await parks.getByText('G1 面积 ÷ 人口').waitFor()
    await parks.getByText(/GB 55014-2021 2\.1\.3 · 2022-01-01 起施行 · 已核对原文/).waitFor()
    await parks.locator('ol button').first().click()
    await waitForMap(page)
    expect(page.url()).toContain('sel=green_spaces')
    // The sheet stays beside the map.
    expect(await parks.locator('ol button').first().getAttribute('aria-current')).toBe('true')
    expect(await breachesOf(page)).toEqual([])
    // A tier of parks: whom it reaches on foot, the homes that it does not on the map, and its units.
    const circle = sheet.locator('[data-rule=GB50180_CIRCLE_10]')
    await circle.locator('.head').getByText(/够不到 [\d,]+ 人/).first().waitFor()
    await circle.locator('.head').click()
    await circle.getByRole('button', { name: '图上看步行够不到的住处' }).click()
    await circle.getByRole('button', { name: '收起图上的住处' }).waitFor()
    await waitForMap(page)
    await circle.getByRole('table', { name: '分区县与街道' }).getByText('纺城街道').waitFor()
    // What no data tell has no value, and says what is missing.
    await sheet.locator('[data-rule=RULE_3_TREES]').getByText('没有树木位置与每户窗外视线的数据').waitFor()
    // Toilets along streets: the longest stretch without one is drawn.
    const toilets = sheet.locator('[data-spacing=TOILET_LIVING]')
    await toilets.locator('.head').getByText(/\d+ 段超限/).waitFor()
    await toilets.locator('.head').click()
    await toilets.locator('ol button').first().click()
    await expect.poll(() => toilets.locator('ol button').first().getAttribute('aria-current')).toBe('true')
    await waitForMap(page)
    expect(await breachesOf(page)).toEqual([])
    const [file] = await Promise.all([page.waitForEvent('download'), sheet.getByRole('link', { name: '导出 CSV' }).click()])
    expect(file.suggestedFilename()).toMatch(/^demo-indicators-.*\.csv$/)
    await sheet.getByRole('button', { name: '方法与来源' }).click()
    await page.getByText('每平方米只计一次').waitFor()
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('article').locator('[data-index=park_area_per_person] .value').waitFor({ timeout: 60_000 })
    expect(await page.getByRole('article').locator('[data-index=park_area_per_person] .value').textContent()).toBe(value)
    expect(faults).toEqual([])
    await close()
  }, 600_000)

  test('without a block there is nothing to compute, and when the server cannot answer the sheet says so and can be asked again', async () => {
    const { page, close } = await openPage(browser, origin)
    await page.route('**/planning-runs', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', title: 'unavailable', status: 503, code: 'unavailable', detail: '服务器正忙 busy', requestId: 'r-1' }) }) : route.continue()))
    await page.goto(`${origin}/?city=demo&tool=indicators`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    const start = page.getByRole('button', { name: '计算指标表' })
    for (const box of await page.getByRole('group', { name: '内容' }).getByRole('checkbox').all()) await box.uncheck()
    await expect.poll(() => start.getAttribute('aria-disabled')).toBe('true')
    for (const box of await page.getByRole('group', { name: '内容' }).getByRole('checkbox').all()) await box.check()
    await start.click()
    await page.locator('#right-panel, aside, [role=region]').getByText('没有取到数据').first().waitFor()
    await page.unroute('**/planning-runs')
    await start.click()
    await page.getByRole('article').locator('[data-index]').first().waitFor({ timeout: 180_000 })
    await close()
  })
})

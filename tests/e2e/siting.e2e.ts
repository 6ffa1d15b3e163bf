import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'
import { findMark } from './helpers/marks.ts'
import { listPersonas, personaOf, sitDown } from './helpers/desks.ts'

describe.skipIf(findChromium() === undefined)('where to build next, in a browser', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('a planner asks for the best sites, sees why each is there, and sends the answer as a link; what has no answer is named and mended', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo&tool=sites`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.locator('#siting-p').fill('3')
    await page.getByRole('button', { name: '求最佳位置' }).click()
    const table = page.getByRole('grid', { name: '新建点' })
    await table.waitFor({ timeout: 120_000 })
    const [before, after] = (await page.locator('.big').textContent())!.split('→').map((text) => Number(text.replace(/[^\d]/g, '')))
    expect(after).toBeGreaterThan(before!)
    await page.getByText('已证明最优').waitFor()
    expect(await table.locator('[role=row]').count()).toBe(4)
    await table.locator('[role=row]').nth(1).click()
    await page.getByText(/只有它能服务$/).waitFor()
    // The chosen site lies in the middle of the map: pointed at, its row lights; clicked, it is let go and taken up again.
    await waitForMap(page)
    const mark = await findMark(page, /^#1 /)
    await table.locator('[role=row].hovered').waitFor()
    await page.mouse.click(mark.x, mark.y)
    await page.getByText(/只有它能服务$/).waitFor({ state: 'detached' })
    await page.mouse.click(mark.x, mark.y)
    await page.getByText(/只有它能服务$/).waitFor()
    expect(await table.locator('[role=row][aria-selected=true]').textContent()).toMatch(/^1/)
    expect(await breachesOf(page)).toEqual([])
    await page.waitForFunction(() => location.search.includes('plan='))
    await page.reload()
    await table.waitFor({ timeout: 60_000 })
    expect(Number((await page.locator('.big').textContent())!.split('→')[1]!.replace(/[^\d]/g, ''))).toBe(after)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出 CSV' }).click()])
    expect(download.suggestedFilename()).toMatch(/^demo-sites-.+\.csv$/)

    await page.getByText('一户不漏').first().click()
    await page.getByRole('button', { name: '求最佳位置' }).click()
    await page.getByText(/没有任何候选点或现有设施能到达/).waitFor({ timeout: 120_000 })
    await page.getByRole('button', { name: '不计这些住处，再算' }).click()
    await table.waitFor({ timeout: 120_000 })
    expect(faults).toEqual([])
    await close()
  })

  test('sites that hold only so many people say how full they are, and become a scenario that the whole run agrees with', async () => {
    const desk = await sitDown(browser, origin, personaOf(await listPersonas(origin), 'planner-01'), { path: '/', query: 'tool=sites' })
    const { page } = desk
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.locator('#siting-p').fill('2')
    await page.locator('#siting-capacity').selectOption('people')
    await page.locator('#siting-people-per-site').fill('-1')
    expect(await page.locator('#siting-people-per-site').getAttribute('aria-invalid')).toBe('true')
    await page.locator('#siting-people-per-site').fill('4000')
    await page.getByRole('button', { name: '求最佳位置' }).click()
    const table = page.getByRole('grid', { name: '新建点' })
    await table.waitFor({ timeout: 180_000 })
    const loads = (await table.getByText(/^[\d,]+ \/ 4,000$/).allTextContents()).map((text) => Number(text.split('/')[0]!.replace(/[^\d]/g, '')))
    expect(loads).toHaveLength(2)
    expect(Math.max(...loads)).toBeLessThanOrEqual(4000)
    await page.getByRole('button', { name: /^把这 \d 处做成方案$/ }).click()
    await page.getByText(/^方案“选址：.*已建立/).waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: /^打开方案“选址：/ }).click()
    await page.locator('.edits li').getByText('新增').first().waitFor({ timeout: 60_000 })
    await page.locator('[data-role=whole].good').waitFor({ timeout: 120_000 })
    expect(desk.faults).toEqual([])
    await desk.close()
  })
})

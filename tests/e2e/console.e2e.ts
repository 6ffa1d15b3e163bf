import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'

describe.skipIf(findChromium() === undefined)('the console in a browser', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test.each(['night', 'day'])('axe finds nothing in any panel (%s)', async (theme) => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo&theme=${theme}`)
    await waitForMap(page)
    for (const tab of ['layers', 'incidents', 'planning', 'imports']) {
      await page.click(`#rail-panel-${tab}`)
      await page.waitForSelector(`#rail-panel-${tab}[aria-selected=true]`)
      expect([tab, await breachesOf(page)]).toEqual([tab, []])
    }
    expect(faults).toEqual([])
    await close()
  })

  test('search, list and filter can be used with the keyboard alone, and the address remembers', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    await page.keyboard.press('/')
    await page.keyboard.type('公园', { delay: 30 })
    await page.waitForSelector('[role=option]')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForSelector('aside h2')
    await page.waitForFunction(() => location.search.includes('sel='))
    await page.keyboard.press('Escape')
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('i')
    const list = page.getByRole('grid', { name: '事件列表' })
    await list.waitFor()
    await list.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForSelector('ol[aria-label=办理环节]')
    expect(await page.locator('ol[aria-label=办理环节] li').count()).toBe(6)
    await page.getByRole('checkbox', { name: /一级/ }).focus()
    await page.keyboard.press('Space')
    await page.waitForFunction(() => location.search.includes('severities'))
    expect(faults).toEqual([])
    await close()
  })

  test('coverage is answered with its blind spots, each opened from the table, and survives a reload', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.getByRole('button', { name: '开始分析' }).click()
    const table = page.getByRole('grid', { name: '盲区排序' })
    await table.waitFor({ timeout: 120_000 })
    const told = await page.locator('.big').textContent()
    expect(told).toMatch(/^\d{1,3}\.\d\d%$/)
    await table.locator('[role=row]').nth(1).click()
    await page.waitForFunction(() => location.search.includes('sel=blind_spot') && location.search.includes('run='))
    await page.reload()
    await page.locator('.big').waitFor({ timeout: 60_000 })
    expect(await page.locator('.big').textContent()).toBe(told)
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('on foot, coverage says what is served on paper only, and why each blind spot is blind', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.getByText('步行', { exact: true }).click()
    await page.getByRole('button', { name: '开始分析' }).click()
    await page.getByText(/人 纸面上有服务，实际走不到/).waitFor({ timeout: 120_000 })
    const table = page.getByRole('grid', { name: '盲区排序' })
    await table.getByText(/被.+阻隔|出入口在另一侧|绕行过远|周边没有/).first().waitFor()
    await table.locator('[role=row]').nth(1).click()
    await page.getByRole('tab', { name: '对象' }).click()
    await page.getByText(/走到最近的设施要/).waitFor()
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('a cut connection says at once how old the data are, and that it is back when it is', async () => {
    const { page, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    await page.getByText('实时', { exact: true }).waitFor()
    await page.context().setOffline(true)
    await page.getByText(/连接中断，显示 \d\d:\d\d 的数据，正在重试/).waitFor({ timeout: 30_000 })
    expect(await page.getByText('没有符合条件的事件').count()).toBe(0)
    await page.context().setOffline(false)
    await page.getByText('连接已恢复', { exact: false }).waitFor({ timeout: 60_000 })
    await close()
  })

  test('the whole console speaks the other language', async () => {
    const { page, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('tab', { name: 'Incidents' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('tab', { name: '事件' }).waitFor()
    await close()
  })
})

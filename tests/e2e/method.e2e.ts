import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage } from './helpers/browser.ts'

/** What each tool is asked, of nobody else's question: by which path, and how the address names the answer. */
const ASKED = [
  { tool: 'coverage', path: 'coverage-runs', parameter: 'run', body: { facility: 'green', radiusMeters: 450, demand: 'population', ruler: 'walk' } },
  { tool: 'supply', path: 'planning-runs', parameter: 'plan', body: { kind: 'supply', input: { facility: 'green', ruler: 'straight', method: 'gaussian' } } },
  { tool: 'sites', path: 'planning-runs', parameter: 'plan', body: { kind: 'siting', input: { method: 'mclp', p: 2, rule: 'GARDEN_CITY_2022', ruler: 'straight' } } },
  { tool: 'indicators', path: 'planning-runs', parameter: 'plan', body: { kind: 'indicators', input: { blocks: ['indices'] } } },
] as const

describe.skipIf(findChromium() === undefined)('each figure of the bench', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  /** Asks and waits for the answer. @returns its id */
  async function answered(path: string, body: unknown): Promise<string> {
    const address = `${origin}/api/v1/cities/demo/${path}`
    const { id } = (await (await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json()) as { id: string }
    await expect.poll(async () => ((await (await fetch(`${address}/${id}`)).json()) as { status: string }).status, { timeout: 120_000, interval: 500 }).toBe('finished')
    return id
  }

  /** The answer has figures, and its button leads to a formula, to the sources of the data with their days, to when it was computed, and to computing it again. */
  async function expectMethod(page: Page, { isRerun = true, at = 0 } = {}): Promise<void> {
    const button = page.getByRole('article').getByRole('button', { name: '方法与来源' }).nth(at)
    await button.waitFor({ timeout: 60_000 })
    expect(await page.getByRole('article').locator('.figure').filter({ hasText: /\d/ }).count()).toBeGreaterThan(3)
    await button.click()
    const drawer = page.locator('.el-drawer').filter({ has: page.locator('[data-role=formula]:visible') })
    expect((await drawer.locator('[data-role=formula]').innerText()).length).toBeGreaterThan(40)
    const sources = await drawer.locator('[data-role=sources] li').allInnerTexts()
    expect(sources.length).toBeGreaterThan(1)
    for (const source of sources) expect(source).toMatch(/数据日期 \d{4}-\d{2}-\d{2}|日期未注明/)
    expect(await drawer.locator('[data-role=dates]').innerText()).toMatch(/\d{2}:\d{2}/)
    if (isRerun) {
      await drawer.getByRole('button', { name: '复算一次' }).click()
      await drawer.getByText(/比较 [\d,]+ 个数字，一位不差/).waitFor({ timeout: 90_000 })
      expect(await breachesOf(page)).toEqual([])
    }
    // Esc puts the drawer away, and the answer stays.
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    expect(await page.getByRole('article').first().isVisible()).toBe(true)
  }

  test('has formula, source and date one click away in every tool, and comes out again to the last digit', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    for (const { tool, path, parameter, body } of ASKED) {
      const id = await answered(path, body)
      if (tool === 'coverage') await answered('planning-runs', { kind: 'mends', input: { run: id } })
      await page.goto(`${origin}/?city=demo&l=administrative_areas&tool=${tool}&${parameter}=${id}`)
      await expectMethod(page)
      if (tool === 'coverage') {
        await page.getByRole('button', { name: '计算补救措施' }).or(page.getByRole('list', { name: '怎样补上' })).first().waitFor()
        if (await page.getByRole('button', { name: '计算补救措施' }).isVisible()) await page.getByRole('button', { name: '计算补救措施' }).click()
        await page.getByRole('list', { name: '怎样补上' }).waitFor({ timeout: 60_000 })
        await expectMethod(page, { at: 1 })
      }
    }
    await page.goto(`${origin}/?city=demo&l=administrative_areas&tool=gaps&gap=attention`)
    await page.click('#rail-panel-planning')
    await expectMethod(page, { isRerun: false })
    expect(faults).toEqual([])
    await close()
  })
})

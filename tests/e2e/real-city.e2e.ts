/** The planner's tools over a real city: an extract of OpenStreetMap and a population grid that reaches beyond it, without built-up area, districts or plots. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'
import type { Console } from './helpers/console.ts'
import { openHelsinki } from './helpers/real-city.ts'

const TRIAL = process.env['TRIAL_DATA']

describe.skipIf(findChromium() === undefined || !TRIAL)(`the bench over Helsinki${TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'}`, () => {
  let real: Console
  let browser: Browser

  beforeAll(async () => {
    real = await openHelsinki(TRIAL ?? '')
    browser = await openBrowser()
  }, 600_000)
  afterAll(async () => {
    await browser?.close()
    await real?.stop()
  })

  const open = async (query: string) => {
    const watched = await openPage(browser, real.origin)
    await watched.page.goto(`${real.origin}/?city=helsinki&${query}`)
    await waitForMap(watched.page)
    await watched.page.click('#rail-panel-planning')
    return watched
  }
  const askBuildings = async (page: Page) => {
    await page.locator('#coverage-rule').selectOption('own')
    await page.locator('#coverage-radius').fill('300')
    await page.getByText('步行', { exact: true }).click()
    await page.locator('#coverage-demand').selectOption('buildings')
  }
  const answerOf = async (page: Page, address: string) => (await (await page.request.get(`${real.origin}/api/v1/cities/helsinki/${address}`)).json()) as Record<string, unknown>

  test('coverage on foot: buildings within 300 m, on paper and in fact, and with slopes, of which the extract knows one', async () => {
    const { page, faults, close } = await open('tool=coverage')
    await askBuildings(page)
    await page.getByRole('button', { name: '开始分析' }).click()
    await page.getByText('直线可达').waitFor({ timeout: 120_000 })
    const { runs } = (await answerOf(page, 'coverage-runs')) as { runs: { summary: { ratios: { buildings: { covered: number; total: number; ratio: number } }; walking: { straight: { covered: number } } } }[] }
    const { ratios, walking } = runs[0]!.summary
    expect(ratios.buildings.total).toBe(482)
    expect(ratios.buildings.covered).toBeGreaterThan(100)
    expect(walking.straight.covered).toBeGreaterThan(ratios.buildings.covered)
    await page.getByText(`${(ratios.buildings.ratio * 100).toFixed(2)}%`).first().waitFor()
    await page.getByText(/路网/).first().waitFor()
    expect(await breachesOf(page)).toEqual([])
    // One path of the extract states its incline.
    await page.getByLabel('计坡度').check()
    await page.getByRole('button', { name: '开始分析' }).click()
    await page.getByText('4,178 段路高差未知').waitFor({ timeout: 60_000 })
    expect(faults).toEqual([])
    await close()
  })

  test('supply for each person: square metres of park among the people of the grid, handed out to the last one', async () => {
    const { page, faults, close } = await open('tool=supply')
    await page.getByRole('button', { name: '开始分析' }).click()
    const answer = page.getByRole('article')
    await answer.getByText(/分出 [\d,.]+ m² = 供给 [\d,.]+ m²/).waitFor({ timeout: 120_000 })
    expect(await answer.locator('.big').textContent()).toMatch(/[\d.]+ ?m²\/人/)
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('the best sites from a lattice among the unserved, with proof', async () => {
    const { page, faults, close } = await open('tool=sites')
    await page.locator('#siting-rule').selectOption('own')
    await page.locator('#siting-radius').fill('500')
    await page.getByText('未服务处的格点').first().click()
    await page.locator('#siting-p').fill('2')
    await page.getByRole('button', { name: '求最佳位置' }).click()
    const table = page.getByRole('grid', { name: '新建点' })
    await table.waitFor({ timeout: 180_000 })
    expect(await table.locator('[role=row]').count()).toBe(3)
    const [before, after] = (await page.locator('.big').textContent())!.split('→').map((text) => Number(text.replace(/[^\d]/g, '')))
    expect(after).toBeGreaterThan(before!)
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('a scenario: what the city cannot be asked is said; a question on foot is answered in the browser as by the whole run', async () => {
    const { page, faults, close } = await open('tool=scenario')
    await page.getByLabel('方案名称').fill('旅程：一处公园')
    await page.getByRole('button', { name: '新建方案' }).click()
    await page.getByText(/没有居住用地/).waitFor({ timeout: 60_000 })
    await page.getByText('覆盖', { exact: true }).first().click()
    await askBuildings(page)
    await page.getByText('方案', { exact: true }).first().click()
    await page.getByRole('button', { name: '新建方案' }).click()
    await page.locator('[data-role=move-time]').waitFor({ timeout: 90_000 })
    await page.locator('[data-role=whole]').waitFor({ timeout: 90_000 })
    expect(await breachesOf(page)).toEqual([])
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([])
    await close()
  })

  test('management gaps and the indicator sheet say what a city without districts and built-up area lacks, instead of a figure', async () => {
    const { page, faults, close } = await open('tool=gaps')
    await page.getByText('数据不足，无法判断').first().waitFor({ timeout: 60_000 })
    expect(await breachesOf(page)).toEqual([])
    await page.goto(`${real.origin}/?city=helsinki&tool=indicators`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.getByRole('button', { name: '计算指标表' }).click()
    await page.getByText(/没有数值|无值/).first().waitFor({ timeout: 180_000 })
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })
})

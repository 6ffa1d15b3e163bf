/**
 * The planner's tools over two real cities. Helsinki: an extract of OpenStreetMap and a population grid that reaches beyond it, without
 * built-up area, districts or plots. Taipei: a whole city with districts, villages, green land, toilets, a population grid and cases, without
 * streets, residential land or cells; its figures are those of the README beside the data.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'
import type { Console } from './helpers/console.ts'
import { openRealCities } from './helpers/real-city.ts'

const TRIAL = process.env['TRIAL_DATA']
/** Software graphics take their time over the shapes of a whole city. */
const FEW_LAYERS = 'l=administrative_areas'

describe.skipIf(findChromium() === undefined || !TRIAL)(`the bench over real cities${TRIAL ? '' : ' (skipped: set TRIAL_DATA to the folder of the trial data)'}`, () => {
  let real: Console
  let browser: Browser

  beforeAll(async () => {
    real = await openRealCities(TRIAL ?? '')
    browser = await openBrowser()
  }, 600_000)
  afterAll(async () => {
    await browser?.close()
    await real?.stop()
  })

  const openIn = async (city: string, query: string) => {
    const watched = await openPage(browser, real.origin)
    await watched.page.goto(`${real.origin}/?city=${city}&${query}`)
    await waitForMap(watched.page)
    await watched.page.click('#rail-panel-planning')
    return watched
  }
  const open = (query: string) => openIn('helsinki', query)
  const askBuildings = async (page: Page) => {
    await page.locator('#coverage-rule').selectOption('own')
    await page.locator('#coverage-radius').fill('300')
    await page.getByText('步行', { exact: true }).click()
    await page.locator('#coverage-demand').selectOption('buildings')
  }
  const answerOf = async (page: Page, address: string) => (await (await page.request.get(`${real.origin}/api/v1/cities/helsinki/${address}`)).json()) as Record<string, unknown>

  test('coverage on foot: buildings within 300 m, on paper and in fact, what would mend it, its report, and with slopes, of which the extract knows one', async () => {
    const { page, faults, close } = await open('tool=coverage')
    await askBuildings(page)
    await page.getByRole('button', { name: '开始分析' }).click()
    await page.getByText('直线可达').waitFor({ timeout: 120_000 })
    const { runs } = (await answerOf(page, 'coverage-runs')) as { runs: { id: string; summary: { ratios: { buildings: { covered: number; total: number; ratio: number } }; walking: { straight: { covered: number } } } }[] }
    const { id, summary: { ratios, walking } } = runs[0]!
    expect(ratios.buildings.total).toBe(482)
    expect(ratios.buildings.covered).toBeGreaterThan(100)
    expect(walking.straight.covered).toBeGreaterThan(ratios.buildings.covered)
    await page.getByText(`${(ratios.buildings.ratio * 100).toFixed(2)}%`).first().waitFor()
    await page.getByText(/路网/).first().waitFor()
    expect(await breachesOf(page)).toEqual([])
    await page.getByRole('button', { name: '计算补救措施' }).click()
    const mends = page.getByRole('list', { name: '怎样补上' })
    await mends.waitFor({ timeout: 120_000 })
    expect(await mends.getByRole('listitem').first().innerText()).toMatch(/\+[\d,]+/)
    expect(await breachesOf(page)).toEqual([])
    const report = await page.request.get(`${real.origin}/api/v1/cities/helsinki/coverage-runs/${id}/report?language=zh`)
    expect([report.status(), (await report.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
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

  /** Coverage of people by straight line within a radius of one's own. */
  const askPeople = async (page: Page, radiusMeters: number) => {
    await page.locator('#coverage-radius').fill(String(radiusMeters))
    await page.getByRole('button', { name: '开始分析' }).click()
  }
  const hero = (page: Page) => page.locator('article .big')

  test('Taipei: people of the grid within 300 and 500 m of green, to the person, by district, and what each figure rests on', async () => {
    const { page, faults, close } = await openIn('taipei', `tool=coverage&${FEW_LAYERS}`)
    await page.locator('#coverage-rule').selectOption('own')
    await page.locator('#coverage-demand').selectOption('population')
    await page.getByText('更多选项').click()
    await page.getByLabel(/计入所有对象/).check()
    for (const [radius, percent, covered] of [[300, '39.61%', '930,741'], [500, '64.31%', '1,511,195']] as const) {
      await askPeople(page, radius)
      await page.getByText(`${covered} 人 / 总量 2,350,032 人`).waitFor({ timeout: 120_000 })
      expect(await hero(page).textContent()).toBe(percent)
    }
    // The city has no streets: its districts are told.
    const districts = page.getByRole('grid', { name: '分单元' })
    await districts.getByText(/區$/).first().waitFor()
    expect(await districts.getAttribute('aria-rowcount')).toBe('13')
    await page.getByRole('button', { name: '方法与来源' }).click()
    const drawer = page.getByRole('dialog', { name: '方法与数据来历' })
    await drawer.getByText('EPSG:3826').first().waitFor()
    await drawer.getByText('2020-06-30').waitFor()
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('Taipei: green whose classes nobody states supplies nobody, and no figure is given; with all of it counted each square metre is handed out', async () => {
    const { page, faults, close } = await openIn('taipei', `tool=supply&${FEW_LAYERS}`)
    await page.getByRole('button', { name: '开始分析' }).click()
    const answer = page.getByRole('article')
    await answer.getByText('没有设施可以计入，不给出数值').waitFor({ timeout: 120_000 })
    expect(await answer.innerText()).not.toMatch(/低于标准|够不到|2,350,032/)
    await answer.getByRole('button', { name: '不论类别全部计入，再算' }).click()
    await answer.getByText(/分出 [\d,.]+ m² = 供给 [\d,.]+ m²/).waitFor({ timeout: 120_000 })
    // What there is over those who are there: the two parts of the mean are on the page beside it.
    const [, shared] = /供给 ([\d,.]+) m²/.exec(await answer.innerText())!
    expect(Number(shared!.replaceAll(',', '')) / 2_350_032).toBeCloseTo(Number.parseFloat((await hero(page).textContent())!), 1)
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('Taipei: people within 300 and 500 m of a toilet, and the three sites that would serve most of the others; a walk without streets is refused in words', async () => {
    const { page, faults, close } = await openIn('taipei', `tool=coverage&${FEW_LAYERS}`)
    await page.locator('#coverage-facility').selectOption('toilet')
    await page.locator('#coverage-rule').selectOption('own')
    await page.locator('#coverage-demand').selectOption('population')
    for (const [radius, percent, covered] of [[300, '88.64%', '2,083,074'], [500, '97.78%', '2,297,841']] as const) {
      await askPeople(page, radius)
      await page.getByText(`${covered} 人 / 总量 2,350,032 人`).waitFor({ timeout: 120_000 })
      expect(await hero(page).textContent()).toBe(percent)
    }
    await page.getByText('选址', { exact: true }).first().click()
    await page.locator('#siting-facility').selectOption('toilet')
    await page.locator('#siting-rule').selectOption('own')
    await page.locator('#siting-radius').fill('300')
    await page.getByText('未服务处的格点').first().click()
    await page.locator('#siting-p').fill('3')
    await page.getByRole('button', { name: '求最佳位置' }).click()
    await page.getByText('已证明最优').waitFor({ timeout: 120_000 })
    const [before, after] = (await hero(page).textContent())!.split('→').map((text) => Number(text.replace(/[^\d]/g, '')))
    expect(before).toBe(2_083_074)
    expect(after).toBeGreaterThan(before!)
    expect(await breachesOf(page)).toEqual([])
    await page.getByText('步行', { exact: true }).click()
    await page.getByText('本市没有步行路网').waitFor()
    await page.getByText('覆盖', { exact: true }).first().click()
    await page.getByText('步行', { exact: true }).click()
    await page.getByRole('button', { name: '开始分析' }).click()
    await page.getByRole('article').getByText(/^台北市没有步行路网：请先导入.*直线口径。$/).waitFor({ timeout: 60_000 })
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('Taipei: the village where addresses land that were not found reports far above what its like report; each index says what it lacks', async () => {
    const { page, faults, close } = await openIn('taipei', `tool=gaps&gap=reporting.kind:above_expected.periodDays:3000&${FEW_LAYERS}`)
    const rows = page.getByRole('grid').first().locator('[role=row]')
    await rows.getByText(/^西村里：.*上报 240 件，期望/).waitFor({ timeout: 60_000 })
    expect(await rows.nth(1).textContent()).toContain('西村里')
    expect(await rows.nth(2).textContent()).toMatch(/興雅里.*上报 34 件/)
    await page.getByRole('button', { name: '方法与来源' }).click()
    await page.locator('svg[role=img]').waitFor({ timeout: 30_000 })
    expect(await breachesOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByText('绿地指标', { exact: true }).first().click()
    await page.getByRole('button', { name: '计算指标表' }).click()
    await page.getByText(/没有数值|无值/).first().waitFor({ timeout: 180_000 })
    expect(await breachesOf(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })
})

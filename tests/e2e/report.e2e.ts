import { readFile } from 'node:fs/promises'
import ExcelJS from 'exceljs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readPdf, says } from '../server/planning-report/read-pdf.ts'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'

describe.skipIf(findChromium() === undefined)('a report in a browser', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('of a coverage run comes as a PDF that says the ratio on the screen and opens the run, and its tables as a workbook', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    await page.click('#rail-panel-planning')
    await page.getByText('步行', { exact: true }).click()
    await page.getByRole('button', { name: '开始分析' }).click()
    const open = page.getByRole('button', { name: '出报告' }).first()
    await open.waitFor({ timeout: 120_000 })
    const ratio = (await page.locator('.hero .big').first().textContent())!.trim()
    expect(ratio).toMatch(/^\d+\.\d\d%$/)
    await open.click()
    const dialog = page.getByRole('dialog', { name: '出具报告' })
    await dialog.getByText('English', { exact: true }).click()
    await dialog.getByText('横版', { exact: true }).click()
    expect(await breachesOf(page)).toEqual([])
    const coming = page.waitForEvent('download', { timeout: 120_000 })
    await dialog.getByRole('button', { name: '生成 PDF' }).click()
    const download = await coming
    expect(download.suggestedFilename()).toMatch(/^demo-report-[\da-f-]{36}-\d{4}-\d\d-\d\d-en\.pdf$/)
    const bytes = await readFile(await download.path())
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    const file = await readPdf(bytes)
    expect(file.size.map(Math.round)).toEqual([842, 595])
    for (const what of [ratio, 'Synthetic demonstration data', 'Planning report', 'Figure 1']) expect([what, says(file, what)]).toEqual([what, true])
    await dialog.waitFor({ state: 'hidden' })
    // The code's address opens the same answer for somebody else.
    const other = await openPage(browser, origin)
    await other.page.goto(file.links[0]!)
    await other.page.getByText(ratio).first().waitFor({ timeout: 60_000 })
    await other.close()
    const tables = page.waitForEvent('download')
    await page.getByRole('link', { name: '导出 XLSX' }).first().click()
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.readFile(await (await tables).path())
    const row = workbook.getWorksheet('概要 summary')!.getSheetValues().find((one) => String((one as unknown[] | undefined)?.[1]) === '人口 population：覆盖率 ratio') as unknown[]
    expect(`${(Number(row[2]) * 100).toFixed(2)}%`).toBe(ratio)
    expect(faults).toEqual([])
    await close()
  })

  test('of the indicator sheet and of management gaps comes from their panels, says what they say, and opens the same again', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    const take = async (): Promise<Awaited<ReturnType<typeof readPdf>>> => {
      await page.getByRole('button', { name: '出报告' }).first().click()
      const dialog = page.getByRole('dialog', { name: '出具报告' })
      const coming = page.waitForEvent('download', { timeout: 120_000 })
      await dialog.getByRole('button', { name: '生成 PDF' }).click()
      const file = await readPdf(await readFile(await (await coming).path()))
      await dialog.waitFor({ state: 'hidden' })
      return file
    }
    await page.goto(`${origin}/?city=demo&tool=gaps&gap=attention.days%3A60`)
    await waitForMap(page)
    const big = page.locator('.hero .big').first()
    await expect.poll(() => big.textContent(), { timeout: 60_000 }).toMatch(/^\d/)
    const gaps = await take()
    for (const what of [`发现盲区 ${(await big.textContent())!.trim()} 个`, '管理盲区：关注盲区', '合成演示数据']) expect([what, says(gaps, what)]).toEqual([what, true])
    expect(gaps.links[0]).toContain('gap=attention.days%3A60')
    await page.goto(`${origin}/?city=demo&tool=indicators`)
    await page.getByRole('button', { name: '计算指标表' }).click()
    const value = page.locator('[data-index=park_area_per_person] .value')
    await value.waitFor({ timeout: 120_000 })
    const shown = /[\d.]+/.exec((await value.textContent())!)![0]
    const sheet = await take()
    for (const what of [`${shown} m²/人`, '限值对照', '绿地现状']) expect([what, says(sheet, what)]).toEqual([what, true])
    const other = await openPage(browser, origin)
    await other.page.goto(sheet.links[0]!)
    await other.page.locator('[data-index=park_area_per_person]').getByText(shown).waitFor({ timeout: 60_000 })
    await other.close()
    expect(faults).toEqual([])
    await close()
  })
})

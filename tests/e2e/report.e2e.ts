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
})

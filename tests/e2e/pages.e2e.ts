import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Persona } from '../../server/contract/accounts.ts'
import type { IncidentSummary } from '../../server/contract/incidents.ts'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser, openPage } from './helpers/browser.ts'
import { listPersonas, personaOf, read, sitDown } from './helpers/desks.ts'

const LOOKS = [
  { theme: 'night', lang: 'zh' },
  { theme: 'day', lang: 'zh' },
  { theme: 'night', lang: 'en' },
  { theme: 'day', lang: 'en' },
] as const

describe.skipIf(findChromium() === undefined)('axe finds nothing on any page, by day and night, in both languages', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser
  let personas: Persona[]

  beforeAll(async () => {
    ;[browser, personas] = await Promise.all([openBrowser(), listPersonas(origin)])
  })
  afterAll(async () => {
    await browser?.close()
  })

  async function checkLooks(page: Page, path: string, isReady: () => Promise<void>): Promise<void> {
    for (const { theme, lang } of LOOKS) {
      await page.goto(`${origin}${path}${path.includes('?') ? '&' : '?'}city=demo&l=administrative_areas&theme=${theme}&lang=${lang}`)
      await isReady()
      expect([path, theme, lang, await breachesOf(page)]).toEqual([path, theme, lang, []])
      if (process.env['E2E_SCREENSHOTS']) await page.screenshot({ path: `${process.env['E2E_SCREENSHOTS']}/page${path.replaceAll(/\W+/g, '-').slice(0, 40)}-${theme}-${lang}.png` })
    }
  }

  test('signing in', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await checkLooks(page, '/sign-in', () => page.locator('.tier button').first().waitFor())
    expect(faults).toEqual([])
    await close()
  })

  test('the pages of the console', async () => {
    const desk = await sitDown(browser, origin, personaOf(personas, 'shift-leader-01'))
    const { page } = desk
    const { rows } = await read<{ rows: IncidentSummary[] }>(desk, '/cities/demo/incidents?states=disposing&limit=1')
    await checkLooks(page, '/workbench?f=queue:disposing', () => page.getByRole('grid').getByRole('row').nth(3).waitFor())
    await checkLooks(page, `/cases/${rows[0]?.id ?? ''}`, () => page.locator('ol.flow > li').first().waitFor())
    await checkLooks(page, '/evaluation', () => page.locator('tbody tr, [role=row]').nth(3).waitFor())
    await checkLooks(page, '/people', () => page.locator('main table, main [role=grid]').first().waitFor())
    expect(desk.faults).toEqual([])
    await desk.close()
  })

  test('dispatch, standards and the report of a case', async () => {
    const desk = await sitDown(browser, origin, personaOf(personas, 'operator-01'))
    const { page } = desk
    await checkLooks(page, '/report', () => page.getByRole('main').locator('form').waitFor())
    await checkLooks(page, '/dispatch', () => page.locator('main ol > li').nth(3).waitFor())
    await checkLooks(page, '/reference/classes', () => page.locator('main li').nth(5).waitFor())
    await checkLooks(page, '/reference/limits', () => page.locator('main table, main dl').first().waitFor())
    await checkLooks(page, '/reference/calendar', () => page.locator('main li').first().waitFor())
    expect(desk.faults).toEqual([])
    await desk.close()
  })

  test('accounts and the log', async () => {
    const desk = await sitDown(browser, origin, personaOf(personas, 'auditor-01'))
    const { page } = desk
    await checkLooks(page, '/people/accounts', () => page.locator('tbody tr').nth(3).waitFor())
    await checkLooks(page, '/people/audit', () => page.locator('tbody tr').nth(3).waitFor())
    expect(desk.faults).toEqual([])
    await desk.close()
  })
})

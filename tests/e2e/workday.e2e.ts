import { readFileSync } from 'node:fs'
import ExcelJS from 'exceljs'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Persona } from '../../server/contract/accounts.ts'
import type { Incident, IncidentAction, IncidentSummary } from '../../server/contract/incidents.ts'
import { findChromium, openBrowser } from './helpers/browser.ts'
import { ask, countQueues, type Desk, listPersonas, personaOf, read, readCase, sitDown } from './helpers/desks.ts'
import { addPhotos } from './helpers/steps.ts'

const queueCount = (page: Page, name: string): Locator => page.getByRole('navigation', { name: '队列' }).getByRole('button', { name: new RegExp(`^${name}`) }).locator('.figure').last()

/** Presses a key until the wanted thing has the focus; a keyboard leads everywhere or somebody is shut out. */
async function tabTo(page: Page, wanted: Locator, most = 60): Promise<void> {
  for (let pressed = 0; pressed < most; pressed++) {
    if (await wanted.evaluate((one) => one === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${most} presses of Tab did not lead to it`)
}

describe.skipIf(findChromium() === undefined)('a day at the workbench', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser
  let personas: Persona[]
  let operator: Desk

  beforeAll(async () => {
    ;[browser, personas] = await Promise.all([openBrowser(), listPersonas(origin)])
    operator = await sitDown(browser, origin, personaOf(personas, 'operator-03'))
    const { rows } = await read<{ rows: IncidentSummary[] }>(operator, '/cities/demo/incidents?states=disposing&limit=50')
    position = rows.find((row) => row.position !== null)?.position ?? null
  })
  afterAll(async () => {
    await browser?.close()
  })

  let position: IncidentSummary['position'] = null
  let reports = 0
  async function report(): Promise<Incident> {
    const body = { source: 'citizen_app', classKind: 'event', classCode: '0110', severity: 1, description: `当班案件 ${++reports}`, position, placeMethod: 'map' }
    const reply = await ask<Incident>(operator, 'POST', '/cities/demo/incidents', body, { 'Idempotency-Key': `workday-${Date.now()}-${reports}` })
    expect(reply.status).toBe(201)
    return reply.body
  }

  /** Moves a case to where the story begins; each step by somebody whose step it is. */
  async function advance(incident: Incident, steps: readonly { login: string; action: IncidentAction; more?: Record<string, unknown> }[]): Promise<Incident> {
    const page = await (await browser.newContext()).newPage()
    await page.goto(`${origin}/favicon.svg`)
    let at = incident
    for (const { login, action, more } of steps) {
      await ask({ page }, 'POST', '/session/persona', { persona: personaOf(personas, login).id })
      const reply = await ask<Incident>({ page }, 'POST', `/cities/demo/incidents/${at.id}/transitions`, { action, version: at.version, ...more })
      expect([action, reply.status, reply.status === 201 ? '' : reply.body]).toEqual([action, 201, ''])
      at = reply.body
    }
    await page.context().close()
    return at
  }

  test('the operator’s morning with the keyboard alone: next, accept, refuse to skip, back to the list; counts move by themselves', async () => {
    const { page } = operator
    const cases = [await report(), await report()]
    const { pending_accept: waiting, pending_filing: filing } = await countQueues(operator)
    // What came in meanwhile is in the rail without a reload.
    await expect.poll(() => queueCount(page, '待受理').textContent(), { timeout: 15_000 }).toBe(String(waiting))
    for (const _case of cases) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
      await page.keyboard.press('j')
      await page.getByRole('complementary', { name: '案件' }).locator('.state', { hasText: '待受理' }).waitFor()
      await page.keyboard.press('a')
      await page.locator('#action-form').waitFor()
      await page.keyboard.press('Enter')
      await page.locator('#action-form').waitFor({ state: 'detached' })
    }
    await expect.poll(() => queueCount(page, '待受理').textContent(), { timeout: 15_000 }).toBe(String((waiting ?? 0) - 2))
    await expect.poll(() => queueCount(page, '待立案').textContent(), { timeout: 15_000 }).toBe(String((filing ?? 0) + 2))
    // A key that is somebody else's says whose it is, and begins nothing.
    await page.keyboard.press('d')
    await page.getByText(/当前案件没有可用的“.+”/).waitFor()
    expect(await page.locator('#action-form').count()).toBe(0)
    await page.keyboard.press('Escape')
    expect(operator.faults).toEqual([])
  })

  test('a telephone call: the form says what is missing and what the place knows, opens the new case, and finds it again when the next caller tells of it', async () => {
    const { page } = operator
    const call = async (): Promise<void> => {
      await page.goto(`${origin}/workbench?city=demo&l=administrative_areas`)
      await page.getByRole('button', { name: '上报', exact: true }).waitFor()
      await page.keyboard.press('n')
      const form = page.locator('#page form')
      await form.getByRole('combobox', { name: '小类' }).click()
      await page.keyboard.type('0112')
      await page.getByRole('option', { name: /0112$/ }).first().click()
      await form.getByLabel('坐标（经度, 纬度）').fill('113.42773, 31.3579')
      await form.getByRole('region', { name: '该处情况' }).getByText('网格责任人').waitFor()
    }
    await call()
    await page.getByRole('button', { name: '上报', exact: true }).click()
    await page.getByText('请填写问题描述').waitFor()
    await page.getByLabel('问题描述').fill('来电反映：店外堆物占道')
    await page.getByLabel('反映人').fill('王先生')
    await page.getByRole('button', { name: '上报', exact: true }).click()
    await page.waitForURL(/\/cases\/[0-9a-f-]{36}/)
    await page.getByText('来电反映：店外堆物占道').first().waitFor()
    const made = /cases\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
    expect(await readCase(operator, made)).toMatchObject({ source: 'hotline_12345', classCode: '0112', state: 'pending_accept', placeMethod: 'map', position: [113.42773, 31.3579] })
    await call()
    await page.getByRole('button', { name: /^就是这件/ }).first().click()
    await page.waitForURL(new RegExp(`/cases/${made}`))
    await page.goto(`${origin}/workbench?city=demo&l=administrative_areas`)
    await page.locator('#page').waitFor()
    expect(operator.faults).toEqual([])
  })

  test('the dispatcher dispatches and returns with the keyboard alone', async () => {
    const filed: Incident[] = []
    for (let number = 0; number < 2; number++) filed.push(await advance(await report(), [{ login: 'operator-03', action: 'accept' }, { login: 'shift-leader-02', action: 'file', more: { conditionOrdinal: 1 } }]))
    const [first, second] = filed as [Incident, Incident]
    const desk = await sitDown(browser, origin, personaOf(personas, 'dispatcher-02'), { path: `/cases/${first.id}` })
    const { page } = desk
    await page.locator('#page h1').waitFor()
    await page.keyboard.press('d')
    await page.locator('#action-form input[name=department]').first().waitFor()
    await page.keyboard.press('Control+Enter')
    await page.locator('#page header .state', { hasText: '待处置' }).waitFor()
    expect((await readCase(desk, first.id)).department).toBeTruthy()
    await page.goto(`${origin}/cases/${second.id}?city=demo&l=administrative_areas`)
    await page.locator('#page h1').waitFor()
    await page.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: '退回立案', exact: true }).waitFor()
    await page.keyboard.press('r')
    await page.locator('#action-form textarea').waitFor()
    await page.keyboard.type('类别有误')
    await tabTo(page, page.getByRole('button', { name: '确认退回立案' }))
    await page.keyboard.press('Enter')
    await page.locator('#page header .state', { hasText: '待立案' }).waitFor()
    expect((await readCase(desk, second.id)).flow.at(-1)).toMatchObject({ action: 'return_to_filing', opinion: '类别有误' })
    expect(desk.faults).toEqual([])
    await desk.close()
  })

  test('an address of every open case shows them in place of one’s own queue, and goes on saying so', async () => {
    const { page } = operator
    const current = () => page.locator('nav.queues [aria-current="true"]').innerText()
    await page.goto(`${origin}/workbench?city=demo&l=administrative_areas&f=status:open`)
    await page.getByRole('grid').getByRole('row').nth(2).waitFor()
    expect(await current()).toMatch(/^全部在办/)
    await page.keyboard.press('j')
    await page.waitForURL(/sel=incidents/)
    expect(new URL(page.url()).searchParams.get('f')).toBe('status:open')
    // Without a word of a filter one begins at one's own work.
    await page.goto(`${origin}/workbench?city=demo&l=administrative_areas`)
    await page.waitForURL(/f=queue/)
    expect(await current()).not.toMatch(/^全部在办/)
  })

  test('many at once, taken back within the half minute', async () => {
    const { page } = operator
    const cases = [await report(), await report(), await report()]
    const { pending_accept: waiting } = await countQueues(operator)
    await page.goto(`${origin}/workbench?city=demo&l=administrative_areas&f=queue:pending_accept;text:${encodeURIComponent('当班案件')}`)
    await page.getByRole('grid').getByRole('row').nth(2).waitFor()
    for (const _case of cases) {
      await page.keyboard.press('j')
      await page.keyboard.press('x')
    }
    const bar = page.getByRole('region', { name: '已选 3 件' })
    await tabTo(page, bar.getByRole('button', { name: '受理', exact: true }), 120)
    await page.keyboard.press('Enter')
    await page.getByText('“受理”已办理 3 件').waitFor()
    expect((await countQueues(operator)).pending_accept).toBe((waiting ?? 0) - 3)
    await page.getByRole('button', { name: /^撤回（\d+ 秒）$/ }).press('Enter')
    await page.getByText('已撤回 3 件').waitFor()
    expect((await countQueues(operator)).pending_accept).toBe(waiting)
    for (const one of cases) expect(await readCase(operator, one.id)).toMatchObject({ state: 'pending_accept', flow: expect.arrayContaining([expect.objectContaining({ action: 'undo' })]) })
    expect(operator.faults).toEqual([])
  })

  test('a filter kept under a name comes back with one click', async () => {
    const { page } = operator
    await page.goto(`${origin}/workbench?city=demo&l=administrative_areas&f=queue:disposing;severities:1`)
    await page.getByRole('grid').getByRole('row').first().waitFor()
    await page.getByRole('button', { name: '保存当前筛选' }).click()
    const dialog = page.getByRole('dialog', { name: '保存当前筛选' })
    const name = `一级处置中 ${Date.now() % 100_000}`
    await dialog.getByLabel('名称', { exact: true }).fill(name)
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('navigation', { name: '队列' }).getByRole('button', { name: /^待立案/ }).click()
    await page.waitForFunction(() => location.search.includes('pending_filing'))
    await page.getByRole('button', { name, exact: true }).click()
    await page.waitForFunction(() => location.search.includes('queue:disposing') && location.search.includes('severities:1'))
    expect(operator.faults).toEqual([])
  })

  test('in the street with a phone: claim, photographs, submit', async () => {
    const sent = await advance(await report(), [
      { login: 'operator-03', action: 'accept' },
      { login: 'shift-leader-02', action: 'file', more: { conditionOrdinal: 1 } },
    ])
    const unit = (await read<{ units: { id: string; nameZh: string }[] }>(operator, '/cities/demo/directory')).units.find((one) => one.nameZh === '环卫中心')
    await advance(sent, [{ login: 'dispatcher-02', action: 'dispatch', more: { departmentId: unit?.id, overrideReason: '就近' } }])
    const desk = await sitDown(browser, origin, personaOf(personas, 'worker-sanitation-02'), { isPhone: true, query: `f=queue:pending_dispose;text:${encodeURIComponent(sent.caseNumber ?? '')}` })
    const { page } = desk
    const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
    await page.getByRole('grid').getByText(sent.caseNumber ?? '').tap()
    await page.locator('#page h1').waitFor()
    expect(await isWide()).toBe(false)
    const thumb = page.locator('.thumb')
    const press = async (name: string) => {
      const button = thumb.getByRole('button', { name, exact: true })
      // What is for the thumb is as large as a thumb.
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
      await button.tap()
    }
    await press('接单')
    await press('确认接单')
    await page.locator('#page header .state', { hasText: '处置中' }).waitFor()
    await press('提交处置结果')
    await addPhotos(page.locator('#action-form'), 3)
    expect(await isWide()).toBe(false)
    await press('确认提交处置结果')
    await page.locator('#page header .state', { hasText: '处置完成待确认' }).waitFor()
    await page.locator('.photos li img').nth(2).waitFor()
    expect(await isWide()).toBe(false)
    const after = await readCase(desk, sent.id)
    expect(after.flow.at(-1)).toMatchObject({ action: 'submit_result', actor: desk.persona.name })
    const { evidence } = await read<{ evidence: { kind: string; flowSequence: number | null }[] }>(desk, `/cities/demo/incidents/${sent.id}/evidence`)
    expect(evidence.map((one) => [one.kind, one.flowSequence])).toEqual(Array.from({ length: 3 }, () => ['after', after.flow.at(-1)?.sequence]))
    expect(desk.faults).toEqual([])
    await desk.close()
  })

  test('a case on paper, and the queue as a file that says what it holds', async () => {
    const { page } = operator
    const { id, reportNumber } = await report()
    await page.goto(`${origin}/cases/${id}?city=demo&l=administrative_areas`)
    await page.locator('#page h1').waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.paper').isVisible()).toBe(true)
    expect(await page.getByRole('region', { name: '办理', exact: true }).isVisible()).toBe(false)
    const paper = await page.pdf({ format: 'A4' })
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-')
    expect(paper.length).toBeGreaterThan(20_000)
    await page.emulateMedia({ media: null })
    await page.goto(`${origin}/workbench?city=demo&l=administrative_areas&f=queue:pending_accept`)
    await page.getByRole('grid').getByRole('row').first().waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /XLSX/ }).click()])
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(readFileSync((await download.path())!) as unknown as Parameters<typeof book.xlsx.load>[0])
    const words = book.worksheets.flatMap((sheet) => sheet.getSheetValues().flat()).filter((value) => typeof value === 'string')
    expect(words.some((word) => word.includes('待受理'))).toBe(true)
    expect(words).toContain(reportNumber)
    expect(operator.faults).toEqual([])
  })
})

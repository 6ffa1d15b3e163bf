import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Persona } from '../../server/contract/accounts.ts'
import { breachesOf } from './helpers/accessibility.ts'
import { findChromium, openBrowser } from './helpers/browser.ts'
import { ask, listPersonas, personaOf, read, sitDown } from './helpers/desks.ts'
import { findMark } from './helpers/marks.ts'

vi.setConfig({ testTimeout: 240_000 })
/** A quarter inside the ring that nothing serves on foot. */
const QUARTER = 'tool=scenario&v=14.2/31.3579/113.4277'
const MOVES = 24

describe.skipIf(findChromium() === undefined)('what if, in a browser', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser
  let personas: Persona[]

  beforeAll(async () => {
    ;[browser, personas] = await Promise.all([openBrowser(), listPersonas(origin)])
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('a gate is taken away from a park and put back', async () => {
    const city = '/cities/demo'
    const desk = await sitDown(browser, origin, personaOf(personas, 'planner-01'), { path: '/' })
    const { page } = desk
    const { rows } = await read<{ rows: { id: string }[] }>(desk, `${city}/features/green_spaces?limit=50`)
    const counts = await Promise.all(rows.map(async ({ id }) => ({ id, ...(await read<{ isOnRecord: boolean; entrances: unknown[] }>(desk, `${city}/green-spaces/${id}/entrances`)) })))
    const park = counts.find(({ isOnRecord, entrances }) => isOnRecord && entrances.length > 1)
    if (!park) throw new Error('no park of the demo city has two gates on record')
    await page.goto(`${origin}/?city=demo&sel=green_spaces:${park.id}`)
    const gates = page.getByRole('button', { name: /^去掉：/ })
    await expect.poll(() => gates.count(), { timeout: 60_000 }).toBe(park.entrances.length)
    await gates.first().click()
    await expect.poll(() => gates.count()).toBe(park.entrances.length - 1)
    await page.getByRole('button', { name: '放回刚去掉的' }).click()
    await expect.poll(() => gates.count()).toBe(park.entrances.length)
    expect(await breachesOf(page)).toEqual([])
    expect(desk.faults).toEqual([])
    await desk.close()
  })

  test('a park is drawn and dragged; each move is answered by the browser, the whole by the server, to the same person', async () => {
    const desk = await sitDown(browser, origin, personaOf(personas, 'planner-01'), { path: '/', query: QUARTER })
    const { page } = desk
    const figure = (label: string) => page.locator('.facts div').filter({ hasText: label }).locator('dd')
    const peopleOf = async (label: string) => Number((await figure(label).innerText()).split(' ')[0]?.replaceAll(/[^\d]/g, ''))
    await page.getByRole('radio', { name: '方案' }).waitFor({ state: 'attached' })
    await page.getByLabel('方案名称').fill('旅程：补一处绿地')
    await page.getByRole('button', { name: '新建方案' }).click()
    await page.locator('[data-role=move-time]').waitFor({ timeout: 90_000 })
    expect(await peopleOf('新增服务')).toBe(0)

    await page.getByRole('button', { name: '画绿地或设施' }).click()
    const box = (await page.locator('.map-view').boundingBox())!
    const [x, y] = [box.x + box.width * 0.45, box.y + box.height * 0.45]
    for (const [dx, dy] of [[-60, -50], [60, -50], [60, 50], [-60, 50]] as const) {
      await page.mouse.move(x + dx, y + dy, { steps: 3 })
      await page.waitForTimeout(150)
      await page.mouse.click(x + dx, y + dy)
    }
    await page.keyboard.press('Enter')
    await page.locator('.edits li').getByText('新建绿地 1').waitFor()

    await page.mouse.click(x, y)
    await page.waitForTimeout(800)
    await page.mouse.move(x, y)
    await page.mouse.down()
    for (let move = 1; move <= MOVES; move += 1) {
      await page.mouse.move(x + move * 4, y - move * 2)
      await page.waitForTimeout(50)
    }
    // How long a move takes is the what-if bench's: here the browser shares its processor with a server and a database.
    expect(Number(await page.locator('[data-role=move-time]').getAttribute('data-milliseconds'))).toBeGreaterThan(0)
    await page.mouse.up()

    const whole = page.locator('[data-role=whole]')
    await whole.waitFor({ timeout: 120_000 })
    expect(await whole.innerText()).toContain('与逐步推演一致')
    const served = await peopleOf('新增服务')
    expect(served).toBeGreaterThan(0)
    // The question is about land: its area and the official ratio are told beside people, and were held against the whole.
    expect(await figure('新增面积').innerText()).toMatch(/[1-9]/)
    expect(Number(await page.locator('[data-role=change]').getAttribute('data-points'))).toBeGreaterThan(0)
    await page.getByText('面积相差不到亿分之一').waitFor()
    expect(await breachesOf(page)).toEqual([])

    await page.getByLabel('版本名称').fill('送审稿')
    await page.getByRole('button', { name: '存为版本' }).click()
    await page.locator('.versions').getByText('送审稿').waitFor()
    await page.getByRole('button', { name: /^对比现状与/ }).click()
    const compared = page.locator('[data-role=versions] tbody tr')
    await expect.poll(() => compared.locator('td.figure').count(), { timeout: 90_000 }).toBe(6)
    expect(await compared.nth(1).innerText()).toContain(`+${served.toLocaleString('en')}`)

    // The same two sides against each other: homes on the map, units in the table, to the same person.
    await page.getByRole('button', { name: '差异地图' }).click()
    const difference = page.locator('[data-role=difference]')
    await difference.waitFor({ timeout: 60_000 })
    expect([await difference.getAttribute('data-gained'), await difference.getAttribute('data-lost')]).toEqual([String(served), '0'])
    expect(await page.locator('.difference tbody tr').count()).toBeGreaterThan(0)
    expect(await breachesOf(page)).toEqual([])
    await page.getByRole('button', { name: '差异地图' }).click()
    await difference.waitFor({ state: 'detached' })

    await page.keyboard.press('Control+z')
    await expect.poll(() => peopleOf('新增服务')).not.toBe(served)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(() => peopleOf('新增服务')).toBe(served)

    // The link opens what its sender saw.
    await expect.poll(() => page.url()).toContain('scn=')
    await page.getByText(/已存为第 \d+ 版/).waitFor()
    await page.waitForTimeout(500)
    await page.goto(page.url())
    await page.locator('.edits li').getByText('新建绿地 1').waitFor({ timeout: 90_000 })
    await expect.poll(() => peopleOf('新增服务'), { timeout: 60_000 }).toBe(served)
    expect(desk.faults).toEqual([])
    await desk.close()
  })

  test('a gate of a park is shut and the rule is changed; both can be undone, and versions under two rules are compared', async () => {
    const desk = await sitDown(browser, origin, personaOf(personas, 'planner-01'), { path: '/workbench' })
    const { page } = desk
    const { rows } = await read<{ rows: { id: string }[] }>(desk, '/cities/demo/features/green_spaces?limit=50')
    const found = await Promise.all(rows.map(async ({ id }) => ({ id, ...(await read<{ isOnRecord: boolean; entrances: { position: [number, number] }[] }>(desk, `/cities/demo/green-spaces/${id}/entrances`)) })))
    const park = found.find(({ isOnRecord, entrances }) => isOnRecord && entrances.length > 1)
    if (!park) throw new Error('no park of the demo city has two gates on record')
    const made = await ask<{ scenario: { id: string } }>(desk, 'POST', '/cities/demo/scenarios', { title: '旅程：封门改规则', question: { rule: 'GARDEN_CITY_2022', ruler: 'walk', demand: 'population' }, edits: [] })
    const [longitude, latitude] = park.entrances[0]!.position
    await page.goto(`${origin}/?city=demo&l=green_spaces&tool=scenario&v=16/${latitude}/${longitude}&scn=${made.body.scenario.id}/1&sel=green_spaces:${park.id}`)
    await page.locator('[data-role=move-time]').waitFor({ timeout: 90_000 })
    const gates = page.getByRole('button', { name: /^封闭：出入口/ })
    await expect.poll(() => gates.count(), { timeout: 60_000 }).toBe(park.entrances.length)
    for (let gate = 0; gate < park.entrances.length; gate += 1) await gates.first().click()
    await expect.poll(() => page.getByText('已封闭', { exact: true }).count()).toBe(park.entrances.length)
    const whole = page.locator('[data-role=whole]')
    await expect.poll(() => (page.url().includes('scn=') ? whole.innerText() : ''), { timeout: 120_000 }).toContain('与逐步推演一致')
    expect(await breachesOf(page)).toEqual([])
    await page.getByLabel('版本名称').fill('封门')
    await page.getByRole('button', { name: '存为版本' }).click()
    await page.locator('.versions').getByText('封门').waitFor()

    // Another rule over the same changes: answered by the moves and by the whole, and one step back.
    const asks = page.locator('[data-role=asks]')
    const first = await asks.innerText()
    const was = await page.locator('.hero .was').innerText()
    await page.getByRole('button', { name: '改规则或口径' }).click()
    await page.locator('#scenario-rule').selectOption('own')
    await page.locator('#scenario-radius').fill('150')
    await page.getByRole('button', { name: '按此重新推演' }).click()
    await expect.poll(() => page.locator('.hero .was').innerText(), { timeout: 90_000 }).not.toBe(was)
    expect(await asks.innerText()).not.toBe(first)
    await expect.poll(() => whole.innerText(), { timeout: 120_000 }).toContain('与逐步推演一致')
    await page.getByRole('button', { name: /^对比现状与/ }).click()
    const compared = page.locator('[data-role=versions] tbody tr')
    await expect.poll(() => compared.locator('td.figure').count(), { timeout: 90_000 }).toBe(9)
    expect(new Set(await compared.locator('.asks').allInnerTexts()).size).toBe(2)
    await page.getByRole('button', { name: '差异地图' }).click()
    await page.locator('[data-role=difference]').waitFor({ timeout: 90_000 })
    expect(await breachesOf(page)).toEqual([])
    await page.getByRole('button', { name: '差异地图' }).click()
    await page.keyboard.press('Control+z')
    await expect.poll(() => asks.innerText()).toBe(first)
    await expect.poll(() => page.locator('.hero .was').innerText(), { timeout: 90_000 }).toBe(was)
    expect(desk.faults).toEqual([])
    await desk.close()
  })

  test('two versions are laid on one map on either side of a seam; the address brings it back for somebody else', async () => {
    const desk = await sitDown(browser, origin, personaOf(personas, 'planner-01'), { path: '/workbench' })
    const [x, y, side] = [113.4277, 31.3579, 0.0012]
    const park = { id: crypto.randomUUID(), kind: 'facility', name: '卷帘：补绿', geometry: { type: 'Polygon', coordinates: [[[x - side, y - side], [x + side, y - side], [x + side, y + side], [x - side, y + side], [x - side, y - side]]] } }
    const made = await ask<{ scenario: { id: string } }>(desk, 'POST', '/cities/demo/scenarios', { title: '旅程：卷帘', question: { rule: 'GARDEN_CITY_2022' }, edits: [park] })
    expect(made.status).toBe(201)
    const address = (comparison: string) => `${origin}/?city=demo&l=administrative_areas&${QUARTER}&scn=${made.body.scenario.id}/1&cmp=${comparison}`
    await desk.page.goto(address('swipe/0/1/40'))
    const { page } = desk
    const seam = page.getByRole('slider', { name: /分界线/ })
    await seam.waitFor({ timeout: 90_000 })
    expect(await seam.getAttribute('aria-valuenow')).toBe('40')
    const [left, right] = [page.locator('[data-side=left]'), page.locator('[data-side=right]')]
    await expect.poll(() => right.getAttribute('data-covered'), { timeout: 120_000 }).not.toBeNull()
    expect(Number(await right.getAttribute('data-covered'))).toBeGreaterThan(Number(await left.getAttribute('data-covered')))
    expect([await left.innerText(), await right.innerText()].map((text) => /[\d.]+%/.test(text))).toEqual([true, true])

    // The park is drawn on the side of its version alone.
    const isIdle = () => page.locator('.map-view').getAttribute('data-map-state')
    const box = (await page.locator('.map-view').boundingBox())!
    const look = async (key: 'Home' | 'End', value: string) => {
      await page.keyboard.press(key)
      expect(await seam.getAttribute('aria-valuenow')).toBe(value)
      await expect.poll(isIdle, { timeout: 60_000 }).toBe('idle')
      return page.screenshot({ timeout: 120_000, clip: { x: box.x + box.width / 2 - 30, y: box.y + box.height / 2 - 30, width: 60, height: 60 } })
    }
    await expect.poll(() => right.getAttribute('data-unserved'), { timeout: 120_000 }).not.toBeNull()
    expect(Number(await right.getAttribute('data-unserved'))).toBeLessThan(Number(await left.getAttribute('data-unserved')))
    await seam.focus()
    const withPark = await look('Home', '0')
    // A map that has not yet begun to draw anew is idle too.
    await expect.poll(async () => withPark.equals(await look('End', '100')), { timeout: 30_000 }).toBe(false)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Shift+ArrowLeft')
    expect(await seam.getAttribute('aria-valuenow')).toBe('88')
    await expect.poll(() => page.url()).toContain('cmp=swipe/0/1/88')
    expect(await breachesOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await seam.waitFor({ state: 'detached' })
    await expect.poll(() => page.url()).not.toContain('cmp=')
    // Esc ends the swipe and nothing else: the answer is still there.
    expect(await page.getByRole('button', { name: '卷帘对比' }).isVisible()).toBe(true)

    await page.goto(address('swipe/0/77/50'))
    await page.getByText('这个方案没有第 77 版').first().waitFor({ timeout: 90_000 })
    // The refusal of a version that is not there is told by the browser's console too.
    expect(desk.faults.filter((fault) => !fault.includes('404'))).toEqual([])
    await desk.close()

    // What differs by unit is in the address too, for whoever opens it.
    const other = await sitDown(browser, origin, personaOf(personas, 'planner-02'), { path: '/', query: `${QUARTER}&scn=${made.body.scenario.id}/1&cmp=difference/0/1/community` })
    const classes = other.page.locator('[data-role=change-legend] [data-class]')
    await classes.first().waitFor({ timeout: 120_000 })
    const gaining = await classes.evaluateAll((items) => items.filter((item) => ['3', '4'].includes(item.getAttribute('data-class')!)).reduce((sum, item) => sum + Number(item.getAttribute('data-count')), 0))
    const rows = other.page.locator('.difference tbody tr')
    expect([gaining, await rows.count()]).toEqual([await rows.count(), await rows.count()])
    const row = rows.first().getByRole('button')
    await row.click()
    expect(await row.getAttribute('aria-pressed')).toBe('true')
    expect(await other.page.locator('[data-role=looked-unit]').innerText()).toContain(await row.innerText())
    await expect.poll(() => other.page.locator('.map-view').getAttribute('data-map-state'), { timeout: 120_000 }).toBe('idle')

    // The row brought its unit into the middle: there the map tells the same, lights the row, and a click puts it away and takes it up.
    const unit = await row.innerText()
    const onMap = await findMark(other.page, new RegExp(`${unit}[\\s\\S]*% → .*%[\\s\\S]*个百分点`))
    await expect.poll(() => rows.first().getAttribute('class')).toContain('hovered')
    const looked = other.page.locator('[data-role=looked-unit]')
    await other.page.mouse.click(onMap.x, onMap.y)
    await looked.waitFor({ state: 'detached' })
    expect(await row.getAttribute('aria-pressed')).toBe('false')
    await other.page.mouse.click(onMap.x, onMap.y)
    await looked.getByText(unit).waitFor()
    expect(await row.getAttribute('aria-pressed')).toBe('true')
    // Nothing under it was chosen in its place.
    expect(other.page.url()).not.toContain('sel=')
    expect(await breachesOf(other.page)).toEqual([])
    expect(other.faults).toEqual([])
    await other.close()
  })
})

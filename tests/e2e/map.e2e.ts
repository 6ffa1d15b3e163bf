import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { findChromium, openBrowser, openPage, waitForMap } from './helpers/browser.ts'

const SCREENSHOTS = process.env['E2E_SCREENSHOTS'] ?? mkdtempSync(path.join(os.tmpdir(), 'xiucheng-screenshots-'))
mkdirSync(SCREENSHOTS, { recursive: true })

/** Grey levels of a picture's middle: a map has many, a blank canvas one. */
async function greysOf(browser: Browser, png: Buffer): Promise<number> {
  const page = await browser.newPage()
  try {
    return await page.evaluate(async (base64) => {
      const image = new Image()
      image.src = `data:image/png;base64,${base64}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.width
      canvas.height = image.height
      const context = canvas.getContext('2d')!
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(image.width * 0.35, image.height * 0.3, image.width * 0.3, image.height * 0.4)
      const seen = new Set<number>()
      for (let index = 0; index < data.length; index += 4) seen.add((data[index]! << 16) | (data[index + 1]! << 8) | data[index + 2]!)
      return seen.size
    }, png.toString('base64'))
  } finally {
    await page.close()
  }
}

describe.skipIf(findChromium() === undefined)('the map in a browser', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test.each([
    { theme: 'night', width: 1440, height: 900 },
    { theme: 'day', width: 1440, height: 900 },
    { theme: 'night', width: 1920, height: 1080 },
    { theme: 'day', width: 1920, height: 1080 },
  ])('the whole city comes to rest without a fault or an outside request ($theme, $width × $height)', async ({ theme, width, height }) => {
    const { page, faults, outside, close } = await openPage(browser, origin, { viewport: { width, height } })
    await page.goto(`${origin}/?city=demo&theme=${theme}`)
    await waitForMap(page)
    const png = await page.screenshot({ path: path.join(SCREENSHOTS, `city-${theme}-${width}x${height}.png`) })
    expect(await greysOf(browser, png)).toBeGreaterThan(60)
    expect(faults).toEqual([])
    expect(outside).toEqual([])
    await close()
  })

  test('a link opens on what its sender saw, the address follows the map, and a click selects', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    const center = await page.evaluate(async () => {
      const reply = await fetch('/api/v1/cities/demo')
      const city: { center: [number, number] } = await reply.json()
      return city.center
    })
    await page.goto(`${origin}/?city=demo&v=15.5/${center[1]}/${center[0]}/20/50&l=terrain_areas,water_bodies,green_spaces,roads,buildings,unit_grids,administrative_areas`)
    await waitForMap(page)
    await page.screenshot({ path: path.join(SCREENSHOTS, 'near-night-1440x900.png') })
    const map = page.locator('[data-map-state]')
    const box = (await map.boundingBox())!
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await page.waitForFunction(() => new URLSearchParams(window.location.search).has('sel'), undefined, { timeout: 20_000 })
    await page.locator('canvas.maplibregl-canvas').focus()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction((from) => {
      const longitude = Number(new URLSearchParams(window.location.search).get('v')?.split('/')[2])
      return Math.abs(longitude - from) > 0.0001
    }, center[0], { timeout: 60_000 })
    expect(faults).toEqual([])
    await close()
  })

  test('the pointer is told what lies under it, and the map can be taken away as a picture', async () => {
    const { page, faults, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo&l=terrain_areas,water_bodies,green_spaces,roads,buildings,unit_grids`)
    await waitForMap(page)
    const box = (await page.locator('[data-map-state]').boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.move(box.x + box.width / 2 + 3, box.y + box.height / 2 + 3, { steps: 3 })
    await page.waitForSelector('[role="tooltip"]', { timeout: 20_000 })
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '保存为图片' }).click()])
    expect(download.suggestedFilename()).toMatch(/^demo-.*\.png$/)
    const picture = readFileSync((await download.path())!)
    expect(await greysOf(browser, picture)).toBeGreaterThan(60)
    await page.getByRole('button', { name: '出图' }).click()
    await page.getByText('A4', { exact: true }).click()
    await page.getByLabel('分辨率', { exact: true }).selectOption('96')
    await page.getByLabel('比例尺', { exact: true }).selectOption({ label: '1 : 25,000' })
    const [sheet] = await Promise.all([page.waitForEvent('download', { timeout: 120_000 }), page.getByRole('button', { name: '保存 PNG' }).click()])
    expect(sheet.suggestedFilename()).toMatch(/^demo-a4-96dpi-.*\.png$/)
    const paper = readFileSync((await sheet.path())!)
    // A4 across at 96 dots an inch, read from the header of the PNG.
    expect([paper.readUInt32BE(16), paper.readUInt32BE(20)]).toEqual([1123, 794])
    expect(await greysOf(browser, paper)).toBeGreaterThan(60)
    expect(faults).toEqual([])
    await close()
  })

  test('the map and the incidents on it come back after the graphics context was lost', async () => {
    const { page, close } = await openPage(browser, origin)
    await page.goto(`${origin}/?city=demo`)
    await waitForMap(page)
    const shot = () => page.locator('[data-map-state]').screenshot()
    const before = await greysOf(browser, await shot())
    await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.maplibregl-canvas')!
      canvas.dataset['lost'] = 'yes'
      const extension = canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!
      return new Promise<void>((resolve) => {
        canvas.addEventListener('webglcontextlost', () => setTimeout(() => extension.restoreContext(), 100), { once: true })
        canvas.addEventListener('webglcontextrestored', () => resolve(), { once: true })
        extension.loseContext()
      })
    })
    await page.waitForSelector('canvas.maplibregl-canvas:not([data-lost])', { timeout: 20_000 })
    await waitForMap(page)
    const after = await greysOf(browser, await shot())
    expect(after).toBeGreaterThan(before * 0.9)
    await close()
  })
})

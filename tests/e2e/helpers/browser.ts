import { accessSync, constants } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const CANDIDATES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where the system's Chromium lies; undefined when there is none. */
export function findChromium(): string | undefined {
  return CANDIDATES.find((candidate) => {
    if (!candidate) return false
    try {
      accessSync(candidate, constants.X_OK)
      return true
    } catch {
      // Not there or not to be run: the next one.
      return false
    }
  })
}

/** Chromium with software graphics, so that maps are drawn on a machine without a graphics card too. */
export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium was found; install it (Debian: apt-get install chromium) or name it in CHROMIUM.')
  return chromium.launch({
    executablePath,
    args: [
      '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--no-sandbox', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-default-apps', '--no-first-run', '--disable-dev-shm-usage', '--font-render-hinting=none',
    ],
  })
}

/** Two warnings of the graphics library that say nothing of ours. */
const HARMLESS = [/luma.*attribute/i, /GPU stall due to ReadPixels/i, /GL Driver Message/i, /Automatic fallback to software WebGL/i]

export interface Watched {
  page: Page
  /** Console errors and warnings, uncaught errors, failed answers: each a line. Empty when all is well. */
  faults: string[]
  /** Requests that went anywhere but to the console itself. */
  outside: string[]
  close(): Promise<void>
}

/** A page whose errors and outside requests are written down from its first byte. */
export async function openPage(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options })
  const page = await context.newPage()
  const faults: string[] = []
  const outside: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    if (!HARMLESS.some((pattern) => pattern.test(message.text()))) faults.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) outside.push(request.url())
  })
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`)
  })
  return { page, faults, outside, close: () => context.close() }
}

/** Waits until the map has loaded, drawn everything and come to rest. Software graphics take their time. */
export async function waitForMap(page: Page, within = 120_000): Promise<void> {
  await page.waitForSelector('[data-map-state="idle"]', { timeout: within })
}

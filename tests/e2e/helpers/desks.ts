/** People of the demo city at their desks and with their phones: each signs in by one click and keeps a browser of his own. */
import type { Browser } from 'playwright-core'
import type { Persona } from '../../../server/contract/accounts.ts'
import type { Incident } from '../../../server/contract/incidents.ts'
import { openPage, type Watched } from './browser.ts'

/** Few layers: what is told of the case stands beside the map, and software graphics take their time. */
const VIEW = 'city=demo&l=administrative_areas'
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

export interface Answer<T = Record<string, unknown>> {
  status: number
  body: T
}

export interface Desk extends Watched {
  persona: Persona
  /** Whether he works on a phone. */
  isPhone: boolean
}

export async function listPersonas(origin: string): Promise<Persona[]> {
  const reply = (await (await fetch(`${origin}/api/v1/personas`)).json()) as { personas: Persona[] }
  return reply.personas
}

export function personaOf(personas: readonly Persona[], login: string): Persona {
  const found = personas.find((one) => one.login === `demo-${login}`)
  if (!found) throw new Error(`the demo city has nobody of the login demo-${login}`)
  return found
}

/** Opens a browser, signs in by clicking on the persona, and comes out at a path of the console. */
export async function sitDown(browser: Browser, origin: string, persona: Persona, options: { isPhone?: boolean; path?: string; query?: string } = {}): Promise<Desk> {
  const watched = await openPage(browser, origin, options.isPhone ? PHONE : {})
  const { page } = watched
  const next = `${options.path ?? '/workbench'}?${VIEW}${options.query ? `&${options.query}` : ''}`
  await page.goto(`${origin}/sign-in?next=${encodeURIComponent(next)}`)
  const button = page.getByRole('button', { name: new RegExp(`(^|\\s)${persona.name}(\\s|$)`), includeHidden: true }).first()
  await button.waitFor({ state: 'attached' })
  // All but the first of a role are under a fold.
  const fold = page.locator('details').filter({ has: button })
  if ((await fold.count()) > 0) await fold.locator('summary').click()
  await button.click()
  await page.locator('#page').waitFor()
  return { ...watched, persona, isPhone: options.isPhone ?? false }
}

/** Goes to a case by its link, unless it stands open. */
export async function openCase(desk: Desk, origin: string, id: string): Promise<void> {
  const { page } = desk
  if (new URL(page.url()).pathname !== `/cases/${id}`) await page.goto(`${origin}/cases/${id}?${VIEW}`)
  await page.locator('#page h1').waitFor()
}

/** Calls the API as the page itself would: with its session, from its origin. A refusal is an answer. */
export async function ask<T = Record<string, unknown>>(desk: Pick<Desk, 'page'>, method: 'GET' | 'POST', path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
  const answer = await desk.page.evaluate(
    async ({ method, path, body, headers }) => {
      const response = await fetch(`/api/v1${path}`, { method, headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      return { status: response.status, body: (await response.json()) as unknown }
    },
    { method, path, body, headers },
  )
  return answer as Answer<T>
}

/** As `ask`, for what has to succeed. */
export async function read<T>(desk: Pick<Desk, 'page'>, path: string): Promise<T> {
  const answer = await ask<T>(desk, 'GET', path)
  if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

export const readCase = (desk: Pick<Desk, 'page'>, id: string): Promise<Incident> => read<Incident>(desk, `/cities/demo/incidents/${id}`)

/** How many cases each queue holds for somebody, by its key. */
export async function countQueues(desk: Pick<Desk, 'page'>): Promise<Record<string, number>> {
  const { queues } = await read<{ queues: { key: string; count: number }[] }>(desk, '/cities/demo/queues')
  return Object.fromEntries(queues.map((one) => [one.key, one.count]))
}

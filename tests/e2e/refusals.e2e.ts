import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Persona } from '../../server/contract/accounts.ts'
import { ACTION_LABELS, STATE_LABELS } from '../../server/contract/incident-workflow.ts'
import type { DirectoryUnit } from '../../server/contract/directory.ts'
import { type Incident, type IncidentAction, IncidentState, type IncidentSummary } from '../../server/contract/incidents.ts'
import { GRANTS } from '../../server/contract/permissions.ts'
import { findChromium, openBrowser } from './helpers/browser.ts'
import { ask, type Desk, listPersonas, openCase, personaOf, read, readCase, sitDown } from './helpers/desks.ts'
import { begin } from './helpers/steps.ts'

/** One of each post, and one whose department never has the cases. */
const WHO = ['operator-01', 'shift-leader-01', 'dispatcher-01', 'leader-01', 'collector-01', 'manager-sanitation', 'worker-sanitation-01', 'worker-parks-and-greens-01', 'grid-manager-01', 'evaluator-01', 'viewer-01', 'auditor-01'] as const
/** Of actions that the state itself forbids, so many of each case are tried: their sentence is one and the same. */
const STATE_SAMPLE = 3

interface Trial {
  state: string
  action: string
  /** What the page greys the button with. */
  told: { zh: string; en: string } | null
  obstacle: string | null
  status: number
  detail: string
}

/** Sends every action that somebody's page refuses on each case, as that page would. Runs in the browser. */
async function tryRefused({ ids, sample }: { ids: Record<string, string>; sample: number }): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const [index, [state, id]] of Object.entries(ids).entries()) {
    const address = `/api/v1/cities/demo/incidents/${id}`
    const send = async (action: string, version: number) => {
      const response = await fetch(`${address}/transitions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ action, version }) })
      return { status: response.status, detail: String(((await response.json()) as { detail?: string }).detail) }
    }
    const reply = await fetch(address)
    if (!reply.ok) {
      trials.push({ state, action: 'accept', told: null, obstacle: null, ...(await send('accept', 1)) })
      continue
    }
    const { actions, version } = (await reply.json()) as Incident
    const refused = actions.filter((one) => !one.allowed)
    const byState = refused.filter((one) => one.obstacle === 'state').filter((_one, at) => at % 11 === index % 11).slice(0, sample)
    for (const one of [...refused.filter((one) => one.obstacle !== 'state'), ...byState]) trials.push({ state, action: one.action, told: one.reason, obstacle: one.obstacle, ...(await send(one.action, version)) })
  }
  return trials
}

describe.skipIf(findChromium() === undefined)('every forbidden move is refused with its reason', () => {
  const origin = inject('consoleOrigin')
  let browser: Browser
  let personas: Persona[]
  /** A page of the console's origin without the console: whoever sits here is a matter of one request. */
  let page: Page
  const cases: Record<string, string> = {}
  let place: Incident['position']

  beforeAll(async () => {
    ;[browser, personas] = await Promise.all([openBrowser(), listPersonas(origin)])
    page = await browser.newPage()
    await page.goto(`${origin}/favicon.svg`)
    await sitAs('operator-01')
    const { rows } = await read<{ rows: IncidentSummary[] }>({ page }, '/cities/demo/incidents?states=closed&limit=20')
    place = rows.find((one) => one.position !== null)?.position ?? null
    // Others may have worked any queue empty, so each case is made here; the photographs are not what is tried.
    const settings = await read<{ version: number }>({ page }, '/cities/demo/workflow-settings')
    await sitAs('shift-leader-01')
    const set = await ask({ page }, 'POST', '/cities/demo/workflow-settings', { version: settings.version, filingRole: 'shift_leader', photoCheckClasses: null, requiresPhotos: false, source: '旅程：无须照片' })
    expect(set.status).toBe(201)
    for (const state of IncidentState.options) cases[state] = await made(state)
    await sitAs('operator-01')
  })
  afterAll(async () => {
    await browser?.close()
  })

  async function sitAs(login: string): Promise<void> {
    const reply = await ask({ page }, 'POST', '/session/persona', { persona: personaOf(personas, login).id })
    expect(reply.status).toBe(200)
  }

  /** What is done to a fresh report until it is in a state, each step by who may. */
  type Step = readonly [login: string, action: IncidentAction, more?: Record<string, unknown>]
  const FILED: readonly Step[] = [['operator-01', 'accept'], ['shift-leader-01', 'file', { conditionOrdinal: 1 }]]
  const TAKEN_ON: readonly Step[] = [...FILED, ['dispatcher-01', 'dispatch'], ['worker-sanitation-01', 'claim']]
  const DISPOSED: readonly Step[] = [...TAKEN_ON, ['worker-sanitation-01', 'submit_result']]
  const CONFIRMED: readonly Step[] = [...DISPOSED, ['manager-sanitation', 'confirm']]
  const CHECKED: readonly Step[] = [...CONFIRMED, ['operator-01', 'accept_on_evidence']]
  const WAYS: Record<IncidentState, readonly Step[]> = {
    draft: [],
    pending_accept: [],
    void: [['operator-02', 'withdraw', { opinion: '误报' }]],
    verifying: [['operator-01', 'send_verify']],
    pending_filing: FILED.slice(0, 1),
    not_filed: [['operator-01', 'refuse', { refusalReason: 'out_of_scope', opinion: '不在受理范围' }]],
    pending_dispatch: FILED,
    pending_dispose: TAKEN_ON.slice(0, -1),
    disposing: TAKEN_ON,
    suspended: [...TAKEN_ON, ['worker-sanitation-01', 'request_suspension', { opinion: '待天晴' }], ['dispatcher-01', 'suspend', { opinion: '同意' }]],
    disposed: DISPOSED,
    pending_check: CONFIRMED,
    checking: [...CONFIRMED, ['operator-01', 'send_check']],
    pending_close: CHECKED,
    closed: [...CHECKED, ['shift-leader-01', 'close', { closingConditionMet: true }]],
    closed_special: [['operator-01', 'accept'], ['shift-leader-01', 'request_special_close', { specialKind: 'informing', opinion: '告知' }], ['leader-01', 'close_special', { opinion: '同意' }]],
  }

  let reports = 0
  /** Reports a case and takes it to a state. */
  async function made(state: IncidentState): Promise<string> {
    // Nobody goes on with a report of his own, but a draft is seen by nobody else.
    await sitAs(state === 'draft' ? 'operator-01' : 'operator-02')
    const body = { source: 'citizen_app', classKind: 'event', classCode: '0110', description: '不许办理的案件', position: place, placeMethod: 'map', isDraft: state === 'draft' }
    const reply = await ask<Incident>({ page }, 'POST', '/cities/demo/incidents', body, { 'Idempotency-Key': `refusals-${Date.now()}-${++reports}` })
    expect(reply.status).toBe(201)
    let incident = reply.body
    for (const [login, action, more = {}] of WAYS[state]) {
      await sitAs(login)
      const needed = action === 'dispatch' ? { departmentId: await sanitationId() } : more
      const taken = await ask<Incident>({ page }, 'POST', `/cities/demo/incidents/${incident.id}/transitions`, { action, version: incident.version, ...needed })
      expect([action, taken.status, taken.status === 201 ? '' : taken.body]).toEqual([action, 201, ''])
      incident = taken.body
    }
    expect(incident.state).toBe(state)
    return incident.id
  }

  async function sanitationId(): Promise<string> {
    const { units } = await read<{ units: DirectoryUnit[] }>({ page }, '/cities/demo/directory')
    return units.find((one) => one.nameZh === '环卫中心')?.id ?? ''
  }

  test('there is a case in each of the 16 states', () => {
    expect(Object.keys(cases).toSorted()).toEqual(IncidentState.options.toSorted())
  })

  test.each(WHO)('the server tells %s what the page tells', async (login) => {
    await sitAs(login)
    const trials = await page.evaluate(tryRefused, { ids: cases, sample: STATE_SAMPLE })
    const mayAct = personaOf(personas, login).posts.some((post) => GRANTS['incidents.act'][post.role] !== undefined)
    const wrong = trials.filter(({ told, obstacle, status, detail }) => {
      // Whoever may act on no case is stopped at the door; whoever may not see one is told that there is none.
      if (!mayAct) return status !== 403
      if (told === null) return status !== 404
      const isAboutCase = obstacle === 'state' || obstacle === 'rule' || obstacle === 'request'
      return status !== (isAboutCase ? 409 : 403) || detail !== `${told.zh}。${told.en}.`
    })
    expect(wrong).toEqual([])
    expect(trials.length).toBeGreaterThanOrEqual(Object.keys(cases).length)
  })

  test('after all of this no case has moved', async () => {
    await sitAs('operator-01')
    for (const [state, id] of Object.entries(cases)) expect(state).toBe((await readCase({ page }, id)).state)
  })

  test.each([
    ['dispatcher-01', 'pending_accept'],
    ['operator-01', 'disposing'],
    ['manager-sanitation', 'disposed'],
  ])('the page of %s greys what he may not do with a case (%s), and says why', async (login, state) => {
    const desk = await sitDown(browser, origin, personaOf(personas, login), { path: `/cases/${cases[state] ?? ''}` })
    await desk.page.getByText(STATE_LABELS[state as IncidentState].zh, { exact: true }).first().waitFor()
    const incident = await readCase(desk, cases[state] ?? '')
    const refused = incident.actions.filter((one) => !one.allowed)
    const shown = await desk.page.locator('button.grey').evaluateAll((buttons) => buttons.map((one) => [one.getAttribute('aria-disabled'), one.getAttribute('aria-label')]))
    const nameOf = (action: IncidentAction): string => ACTION_LABELS[action].zh
    const greyed = refused.filter((one) => one.obstacle !== 'state' && one.obstacle !== 'request')
    expect(new Set(shown.map(String))).toEqual(new Set(greyed.map((one) => String(['true', `${nameOf(one.action)}：${one.reason?.zh ?? ''}`]))))
    await desk.page.locator('.others > summary').click()
    await desk.page.locator('.others dd').first().waitFor()
    const listed = await desk.page.locator('.others dd').allTextContents()
    expect(new Set(listed)).toEqual(new Set(refused.filter((one) => !greyed.includes(one)).map((one) => one.reason?.zh)))
    // A grey button acts on nothing.
    await desk.page.locator('button.grey').first().click({ force: true })
    expect(await desk.page.locator('#action-form').count()).toBe(0)
    expect(desk.faults).toEqual([])
    await desk.close()
  })

  test('of two who press at once one wins, and the other reads who did what', async () => {
    await sitAs('operator-01')
    const id = await made('pending_accept')
    const path = `/cases/${id}`
    const desks: Desk[] = []
    for (const login of ['operator-01', 'operator-02']) desks.push(await sitDown(browser, origin, personaOf(personas, login), { path }))
    const [first, second] = desks as [Desk, Desk]
    for (const desk of desks) {
      await openCase(desk, origin, id)
      await begin(desk, 'accept')
    }
    // The second one's request is on its way while the first one's is done.
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    let sent = (): void => {}
    const isSent = new Promise<void>((resolve) => (sent = resolve))
    await second.page.route('**/transitions', async (route) => {
      sent()
      await held
      await route.continue()
    })
    const confirm = (desk: Desk) => desk.page.locator('#action-form').getByRole('button', { name: '确认受理', exact: true }).click()
    await confirm(second)
    await isSent
    await confirm(first)
    await first.page.getByText('“受理”已办理').waitFor()
    letGo()
    await second.page.getByText(`${first.persona.name}刚刚办理了“受理”`).waitFor()
    await second.page.locator('#page header .state', { hasText: '待立案' }).waitFor()
    const incident = await readCase(first, id)
    expect(incident.flow.filter((entry) => entry.action === 'accept').map((entry) => entry.actor)).toEqual([first.persona.name])
    expect(first.faults).toEqual([])
    // The refusal itself is all that the second browser has to tell of.
    expect(second.faults.filter((fault) => !fault.includes('409'))).toEqual([])
    for (const desk of desks) await desk.close()
  })
})

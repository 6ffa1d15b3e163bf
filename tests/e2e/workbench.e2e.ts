import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Persona } from '../../server/contract/accounts.ts'
import { IncidentAction, type IncidentSummary, type Incident, TRANSITIONS, transitionOf } from '../../server/contract/incidents.ts'
import { findChromium, openBrowser } from './helpers/browser.ts'
import { ask, type Desk, listPersonas, openCase, personaOf, read, readCase, sitDown } from './helpers/desks.ts'
import { type Filled, play, type Stage } from './helpers/steps.ts'

const SCREENSHOTS = process.env['E2E_SCREENSHOTS']
if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true })

// A story of forty steps takes its time on a busy machine.
vi.setConfig({ testTimeout: 480_000 })

type Who = 'intake' | 'operator' | 'leaderOfShift' | 'dispatcher' | 'boss' | 'manager' | 'worker' | 'colleague' | 'collector' | 'checker' | 'viewer'
const AT_DESKS: readonly Who[] = ['operator', 'leaderOfShift', 'dispatcher']

describe.skipIf(findChromium() === undefined)('a case through every transition, by the right people', () => {
  const origin = inject('consoleOrigin')
  const desks = new Map<Who, Desk>()
  let browser: Browser
  let personas: Persona[]
  let people: Record<Who, Persona>
  let stage: Stage
  /** Somewhere in the street of the collector and the checker. */
  let place: { position: [number, number]; address: string }

  beforeAll(async () => {
    ;[browser, personas] = await Promise.all([openBrowser(), listPersonas(origin)])
    const collector = personaOf(personas, 'collector-01')
    const street = collector.posts[0]?.areaCode ?? ''
    const checker = personas.find((one) => one.posts.some((post) => post.role === 'checker' && post.areaCode === street))
    if (!checker) throw new Error('nobody checks the street of the first collector')
    people = {
      collector, checker, intake: personaOf(personas, 'operator-02'), operator: personaOf(personas, 'operator-01'), leaderOfShift: personaOf(personas, 'shift-leader-01'), dispatcher: personaOf(personas, 'dispatcher-01'), boss: personaOf(personas, 'leader-01'),
      manager: personaOf(personas, 'manager-sanitation'), worker: personaOf(personas, 'worker-sanitation-01'), colleague: personaOf(personas, 'worker-sanitation-02'), viewer: personaOf(personas, 'viewer-01'),
    }
    const watcher = await desk('viewer')
    stage = { origin, watcher, played: [] }
    const { rows } = await read<{ rows: IncidentSummary[] }>(watcher, `/cities/demo/incidents?areas=${street.padEnd(12, '0')}&limit=20`)
    const near = rows.find((one) => one.position !== null)
    if (!near?.position) throw new Error('the street of the first collector has no case to stand beside')
    place = { position: [near.position[0], near.position[1]], address: `${near.streetName ?? ''}旅程路1号` }
    // The demo lets photographs be; here every step that they prove has to have them.
    const leaderOfShift = await desk('leaderOfShift')
    const settings = await read<{ version: number }>(leaderOfShift, '/cities/demo/workflow-settings')
    const set = await ask(leaderOfShift, 'POST', '/cities/demo/workflow-settings', { version: settings.version, filingRole: 'shift_leader', photoCheckClasses: null, requiresPhotos: true, source: '旅程：须附照片' })
    expect(set.status).toBe(201)
  })
  afterAll(async () => {
    await browser?.close()
  })

  async function desk(who: Who): Promise<Desk> {
    const known = desks.get(who)
    if (known) return known
    const opened = await sitDown(browser, origin, people[who], { isPhone: !AT_DESKS.includes(who), query: who === 'dispatcher' ? 'theme=day' : '' })
    desks.set(who, opened)
    return opened
  }

  let reports = 0
  async function report(who: Who, source: string, more: Record<string, unknown> = {}): Promise<Incident> {
    const number = ++reports
    const [longitude, latitude] = place.position
    const reply = await ask<Incident>(
      await desk(who),
      'POST',
      '/cities/demo/incidents',
      { source, classKind: 'event', classCode: '0110', description: `旅程案件 ${number}`, position: [longitude + number * 0.00002, latitude], placeMethod: 'map', address: place.address, ...more },
      { 'Idempotency-Key': `journey-${Date.now()}-${number}` },
    )
    expect([reply.status, reply.body]).toEqual([201, expect.objectContaining({ description: `旅程案件 ${number}` })])
    return reply.body
  }

  const act = async (id: string, who: Who, action: IncidentAction, filled: Filled = {}): Promise<Incident> => play(stage, await desk(who), id, action, filled)

  async function look(who: Who, name: string): Promise<void> {
    if (SCREENSHOTS) await (await desk(who)).page.screenshot({ path: path.join(SCREENSHOTS, `case-${name}.png`) })
  }

  async function fromFilingToHandling(id: string, person: Who): Promise<void> {
    await act(id, 'leaderOfShift', 'file')
    await act(id, 'dispatcher', 'dispatch', { department: '环卫中心', opinion: '旅程：就近' })
    await act(id, 'manager', 'sign', { receiver: people[person].name })
  }

  test('found by a collector, returned twice, handled, sent back, reworked, checked and closed', async () => {
    const { id } = await report('collector', 'collector', { isDraft: true })
    await act(id, 'collector', 'submit', { photos: 2 })
    await look('collector', '01-submitted-phone')
    await act(id, 'operator', 'accept')
    await look('operator', '02-accepted')
    await act(id, 'leaderOfShift', 'file')
    await look('leaderOfShift', '03-filed')
    await act(id, 'dispatcher', 'return_to_filing')
    await act(id, 'leaderOfShift', 'file')
    await act(id, 'dispatcher', 'dispatch', { department: '环卫中心', opinion: '旅程：就近' })
    await look('dispatcher', '04-dispatched-day')
    await act(id, 'manager', 'return_to_dispatch')
    const again = await act(id, 'dispatcher', 'dispatch', { department: '环卫中心', opinion: '旅程：就近' })
    expect(again).toMatchObject({ returnCount: 2, department: '环卫中心' })
    await act(id, 'boss', 'supervise', { supervisionKind: 'leader' })
    await look('boss', '05-supervised-phone')
    await act(id, 'dispatcher', 'urge')
    await act(id, 'manager', 'reply_supervision')
    await act(id, 'manager', 'sign', { receiver: people.worker.name })
    await act(id, 'worker', 'refuse_assignment')
    await act(id, 'worker', 'claim')
    await act(id, 'manager', 'revoke')
    await act(id, 'manager', 'sign')
    await act(id, 'manager', 'assign', { receiver: people.colleague.name })
    await look('manager', '06-assigned-phone')
    await act(id, 'colleague', 'submit_result', { photos: 2 })
    await act(id, 'manager', 'send_back')
    await act(id, 'colleague', 'submit_result')
    await look('colleague', '07-submitted-phone')
    await act(id, 'manager', 'confirm')
    await act(id, 'operator', 'send_check', { receiver: people.checker.name })
    await act(id, 'checker', 'check_unable')
    await act(id, 'operator', 'send_check', { receiver: people.checker.name })
    await act(id, 'checker', 'check_failed')
    const reworked = await act(id, 'operator', 'rework')
    expect(reworked).toMatchObject({ reworkCount: 1, department: '环卫中心' })
    await look('operator', '08-reworked')
    await act(id, 'worker', 'claim')
    await act(id, 'worker', 'submit_result')
    await act(id, 'manager', 'confirm')
    await act(id, 'operator', 'send_check', { receiver: people.checker.name })
    await act(id, 'checker', 'check_passed')
    const closed = await act(id, 'leaderOfShift', 'close')
    await look('leaderOfShift', '09-closed')
    expect(closed).toMatchObject({ closingConditionMet: true, endedAt: expect.any(String) })
  })

  test('verified first, then extended, suspended and resumed, accepted on its photographs', async () => {
    const { id } = await report('intake', 'hotline_12345', { reportedBy: '王小明', reporterPhone: '13800001234' })
    await act(id, 'operator', 'send_verify', { receiver: people.collector.name })
    await act(id, 'collector', 'verify_unable')
    await act(id, 'operator', 'send_verify', { receiver: people.collector.name })
    await act(id, 'collector', 'verify_true')
    await fromFilingToHandling(id, 'worker')
    await act(id, 'worker', 'request_extension')
    await act(id, 'dispatcher', 'refuse_extension')
    const asked = await act(id, 'manager', 'request_extension')
    await act(id, 'dispatcher', 'endorse_extension')
    const extended = await act(id, 'boss', 'extend')
    const clock = extended.clocks.find((one) => one.stage === 'dispose')
    expect(clock?.dueAt).toBe(asked.requests.at(-1)?.newDueAt)
    expect(clock?.originalDueAt).not.toBe(clock?.dueAt)
    await look('boss', '10-extended-phone')
    await act(id, 'worker', 'request_suspension')
    await act(id, 'dispatcher', 'refuse_suspension')
    await act(id, 'manager', 'request_suspension')
    await act(id, 'dispatcher', 'suspend')
    await look('dispatcher', '11-suspended-day')
    await act(id, 'dispatcher', 'resume')
    await act(id, 'worker', 'submit_result')
    await act(id, 'manager', 'confirm')
    await act(id, 'operator', 'accept_on_evidence')
    await act(id, 'leaderOfShift', 'close')
  })

  test('found untrue, by the collector and confirmed by the operator', async () => {
    const { id } = await report('intake', 'hotline_12345')
    await act(id, 'operator', 'send_verify', { receiver: people.collector.name })
    await act(id, 'collector', 'report_untrue')
    await act(id, 'operator', 'verify_again')
    await act(id, 'collector', 'report_untrue')
    await act(id, 'operator', 'verify_false')
    await look('operator', '12-untrue')
  })

  test('refused, withdrawn, merged, handled on the spot', async () => {
    const refused = await report('intake', 'citizen_app')
    const after = await act(refused.id, 'operator', 'refuse', { refusalReason: 'outside_managed_area' })
    expect(after.refusalReason).toBe('outside_managed_area')
    const withdrawn = await report('collector', 'collector')
    await act(withdrawn.id, 'collector', 'withdraw')
    const [master, duplicate] = [await report('intake', 'citizen_app'), await report('intake', 'hotline_12345')]
    const merged = await act(duplicate.id, 'operator', 'merge_duplicate', { masterNumber: master.reportNumber })
    expect(merged.master?.id).toBe(master.id)
    expect((await readCase(stage.watcher, master.id)).merged.map((one) => one.id)).toEqual([duplicate.id])
    await look('operator', '13-merged')
    const handled = await act((await report('collector', 'collector')).id, 'collector', 'handle_self')
    expect(handled.isSelfHandled).toBe(true)
  })

  test('closed specially by two people, and taken up again as a new case that points back', async () => {
    const { id } = await report('intake', 'citizen_app')
    await act(id, 'operator', 'accept')
    await act(id, 'leaderOfShift', 'request_special_close', { specialKind: 'informing' })
    await act(id, 'boss', 'refuse_special_close')
    await act(id, 'leaderOfShift', 'request_special_close', { specialKind: 'abnormal' })
    const closed = await act(id, 'boss', 'close_special')
    expect(closed.specialKind).toBe('abnormal')
    await look('boss', '14-closed-specially-phone')
    const operator = await desk('operator')
    await openCase(operator, origin, id)
    await operator.page.getByRole('button', { name: '重新立项' }).click()
    await operator.page.getByLabel('重新立项的原因').fill('问题再次出现')
    await operator.page.getByRole('button', { name: '确认重新立项' }).click()
    await operator.page.waitForURL((url) => url.pathname.startsWith('/cases/') && !url.pathname.endsWith(id))
    const next = await readCase(operator, new URL(operator.page.url()).pathname.split('/').at(-1) ?? '')
    expect(next).toMatchObject({ state: 'pending_accept', reopenedFrom: { id, state: 'closed_special' } })
    expect((await readCase(operator, id)).state).toBe('closed_special')
    await operator.page.getByText('由此重新立项').waitFor()
    await look('operator', '15-reopened')
  })

  test('an overtime is appealed: once dismissed, once granted, and the fact stays', async () => {
    const { manager } = people
    const unit = manager.posts[0]?.organisationZh
    const { rows } = await read<{ rows: IncidentSummary[] }>(await desk('manager'), '/cities/demo/incidents?states=closed&limit=500')
    const late: string[] = []
    for (const one of rows.filter((row) => row.department === unit)) {
      const incident = await readCase(await desk('manager'), one.id)
      if (incident.actions.some((choice) => choice.action === 'request_appeal' && choice.allowed)) late.push(one.id)
      if (late.length === 2) break
    }
    const [dismissed, granted] = late
    if (!dismissed || !granted) throw new Error('the department has not closed two cases late')
    await act(dismissed, 'manager', 'request_appeal')
    await act(dismissed, 'dispatcher', 'endorse_appeal')
    await act(dismissed, 'operator', 'refuse_appeal')
    await act(granted, 'manager', 'request_appeal')
    await act(granted, 'dispatcher', 'endorse_appeal')
    const exempt = await act(granted, 'operator', 'approve_appeal')
    expect(exempt.isOvertimeExempt).toBe(true)
    const handling = exempt.clocks.find((one) => one.stage === 'dispose')
    expect(handling).toMatchObject({ isExempt: true })
    expect(Date.parse(handling?.stoppedAt ?? '')).toBeGreaterThan(Date.parse(handling?.dueAt ?? ''))
    await look('operator', '16-exempt')
  })

  test('every row of the table and every action was played, and nothing went wrong on anybody’s page', () => {
    const actions = new Set(stage.played.map((one) => one.action))
    expect(IncidentAction.options.filter((action) => !actions.has(action))).toEqual([])
    const numbers = new Set([...actions].map((action) => transitionOf(action).number))
    expect([...new Set(TRANSITIONS.map((row) => row.number))].filter((number) => !numbers.has(number))).toEqual([])
    expect([...desks].flatMap(([who, one]) => one.faults.map((fault) => `${who}: ${fault}`))).toEqual([])
    expect([...desks].flatMap(([who, one]) => one.outside.map((address) => `${who}: ${address}`))).toEqual([])
  })
})

/** Playing a step as a person does: the button on the case page, the form it opens, its confirmation. */
import type { Locator } from 'playwright-core'
import sharp from 'sharp'
import { expect } from 'vitest'
import { STAGES, stageMarks } from '../../../client/cases/stages.ts'
import { type CaseClock, LIGHT_LABELS, lightOf, RUNNING_STAGE } from '../../../server/contract/clocks.ts'
import { ACTION_LABELS, isEnded, REFUSAL_REASON_LABELS, SPECIAL_KIND_LABELS, STATE_LABELS, SUPERVISION_KIND_LABELS } from '../../../server/contract/incident-workflow.ts'
import { type Incident, type IncidentAction, type IncidentState, type RefusalReason, type SpecialKind, type SupervisionKind, transitionOf } from '../../../server/contract/incidents.ts'
import { type QueueKey, QUEUES } from '../../../server/contract/queues.ts'
import { countQueues, type Desk, openCase, readCase } from './desks.ts'

/** What is filled in; what an action needs and is not given is filled in by something that will do. */
export interface Filled {
  opinion?: string
  /** Name of the unit; `suggested` leaves the first suggestion as it stands. */
  department?: string
  receiver?: string
  refusalReason?: RefusalReason
  specialKind?: SpecialKind
  supervisionKind?: SupervisionKind
  masterNumber?: string
  /** Photographs added although none is needed. */
  photos?: number
}

const STAGE_WORDS: Record<(typeof STAGES)[number], string> = { report: '上报', file: '立案', dispatch: '派遣', dispose: '处置', check: '核查', close: '结案' }

let photos = 0

/** A photograph unlike any other, so that none counts as sent before. */
export async function aPhoto(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const number = ++photos
  const color = { r: (number * 53) % 256, g: (number * 97) % 256, b: (number * 193) % 256 }
  const buffer = await sharp({ create: { width: 640, height: 480, channels: 3, background: color } }).jpeg().toBuffer()
  return { name: `现场-${number}.jpg`, mimeType: 'image/jpeg', buffer }
}

const fieldset = (form: Locator, legend: string): Locator => form.locator('fieldset').filter({ has: form.page().locator('legend', { hasText: legend }) })

export async function addPhotos(form: Locator, count: number): Promise<void> {
  const sent = Promise.all(Array.from({ length: count }, aPhoto))
  await form.locator('input[type=file][multiple]').setInputFiles(await sent)
  await form.getByText(`已存 ${count}/${count}`).waitFor()
}

/** Fills the form of an action in. */
async function fill(form: Locator, action: IncidentAction, filled: Filled): Promise<void> {
  const { needs } = transitionOf(action)
  const page = form.page()
  if (needs.includes('condition')) await fieldset(form, '立案条件').getByRole('radio').first().check()
  if (needs.includes('closing')) await form.getByLabel('已确认达到上述结案条件').check()
  if (needs.includes('refusal_reason')) await form.getByLabel(REFUSAL_REASON_LABELS[filled.refusalReason ?? 'out_of_scope'].zh).check()
  if (needs.includes('special_kind')) await form.getByLabel(SPECIAL_KIND_LABELS[filled.specialKind ?? 'informing'].zh).check()
  if (needs.includes('supervision_kind')) await form.getByLabel(SUPERVISION_KIND_LABELS[filled.supervisionKind ?? 'leader'].zh).check()
  if (needs.includes('department')) {
    await chooseDepartment(form, filled.department ?? '')
  }
  if (filled.receiver !== undefined) await form.getByLabel('人员').selectOption({ label: filled.receiver })
  if (needs.includes('new_due_at')) {
    const later = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10)
    await form.getByRole('combobox', { name: '申请延期至' }).fill(`${later} 18:00`)
    await page.keyboard.press('Enter')
  }
  if (needs.includes('master')) {
    await form.getByRole('searchbox').fill(filled.masterNumber ?? '')
    await form.getByRole('radio').first().check()
  }
  const count = filled.photos ?? (needs.some((need) => need.startsWith('photo')) ? 1 : 0)
  if (count > 0) await addPhotos(form, count)
  const opinion = filled.opinion ?? (needs.includes('opinion') ? `旅程：${ACTION_LABELS[action].zh}` : undefined)
  if (opinion !== undefined) await form.locator('textarea').fill(opinion)
}

/** The unit by its suggestion, else from the list of all the others. */
async function chooseDepartment(form: Locator, name: string): Promise<void> {
  const suggestion = form.locator('label.option').filter({ hasText: name })
  const other = form.getByLabel('改派其他部门').or(form.getByLabel('选择部门'))
  // What is suggested is known, or that nothing is.
  await form.locator('label.option').or(form.getByText('请直接选择')).first().waitFor()
  if ((await suggestion.count()) > 0) await suggestion.first().getByRole('radio').check()
  else await other.selectOption({ label: name })
}

/** The queue that holds a case in a state; none for one that has ended or is not in yet. */
function queueOf(state: IncidentState): QueueKey | undefined {
  return (Object.keys(QUEUES) as QueueKey[]).find((key) => {
    const { content } = QUEUES[key] as { content: { states?: readonly IncidentState[] } }
    return content.states?.includes(state)
  })
}

/** The clock that has to run now, and no other of the stages. */
function checkClocks(incident: Incident): CaseClock | undefined {
  const running = incident.clocks.filter((one) => one.stoppedAt === null && one.stage !== 'total' && one.stage !== 'return_window')
  const expected = isEnded(incident.state) ? [] : [RUNNING_STAGE[incident.state]].filter(Boolean)
  expect([incident.state, running.map((one) => one.stage)]).toEqual([incident.state, expected])
  const [clock] = running
  if (clock) expect([incident.state, clock.pausedAt !== null]).toEqual([incident.state, incident.state === 'suspended'])
  return clock
}

/** What the case page has to show of a case: state, stage, holder, light, number of steps, the last of them. */
export async function checkPage(desk: Desk, incident: Incident): Promise<void> {
  const { page } = desk
  const last = incident.flow.at(-1)
  // The newest step is there once the page has heard of it.
  await page.getByText(`${incident.flow.length} 步`, { exact: true }).waitFor({ timeout: 15_000 })
  const shown = {
    state: (await page.locator('#page header .state').textContent())?.trim(),
    stage: await page.locator('ol[aria-label=办理环节] li[aria-current=step] > span:first-of-type').allTextContents(),
    holder: (await page.locator('#page header').getByText('当前承办：').textContent())?.includes(`当前承办：${incident.holder ?? '—'}`),
    step: (await page.locator('ol.flow > li:first-child strong').textContent())?.trim(),
  }
  const now = stageMarks(incident).find((mark) => mark.state === 'now')
  expect(shown).toEqual({ state: STATE_LABELS[incident.state].zh, stage: now ? [STAGE_WORDS[now.stage]] : [], holder: true, step: ACTION_LABELS[last?.action as IncidentAction].zh })
  const clock = checkClocks(incident)
  if (clock?.dueAt) {
    const light = lightOf(clock, Date.now(), incident.isSupervised)
    expect(await page.getByRole('timer').textContent()).toContain(light ? LIGHT_LABELS[light].zh : '')
  }
}

export interface Stage {
  origin: string
  /** Who looks on: what others do has to come to his page by itself. */
  watcher: Desk
  /** Every step that was played. */
  played: { action: IncidentAction; incident: string }[]
}

/** Begins an action on the case that stands open: presses its button, wherever it is, and gives the form. */
export async function begin(desk: Desk, action: IncidentAction): Promise<Locator> {
  const bar = desk.page.getByRole('region', { name: '办理', exact: true })
  const button = bar.getByRole('button', { name: ACTION_LABELS[action].zh, exact: true })
  await bar.locator('.acts, .others').first().waitFor()
  if ((await button.count()) === 0) await bar.locator('.others > summary').click()
  await button.click()
  const form = desk.page.locator('#action-form')
  await form.waitFor()
  return form
}

/**
 * Plays one step through the browser and looks at everything that has to move with it: the page of who did it, the page of who
 * looks on, the flow, the clocks, and the counts of the queues.
 * @returns the case as it stands then.
 */
export async function play(stage: Stage, desk: Desk, id: string, action: IncidentAction, filled: Filled = {}): Promise<Incident> {
  const { origin, watcher, played } = stage
  await Promise.all([openCase(desk, origin, id), openCase(watcher, origin, id)])
  const [before, queuesBefore] = await Promise.all([readCase(watcher, id), countQueues(watcher)])
  const form = await begin(desk, action)
  await fill(form, action, filled)
  await form.getByRole('button', { name: `确认${ACTION_LABELS[action].zh}`, exact: true }).click()
  await form.waitFor({ state: 'detached' })
  const [after, queuesAfter] = await Promise.all([readCase(watcher, id), countQueues(watcher)])
  const { to } = transitionOf(action)
  const last = after.flow.at(-1)
  expect(after.state).toBe(to ?? before.state)
  expect(last).toMatchObject({ action, fromState: before.state, toState: after.state, actor: desk.persona.name, actorRole: desk.persona.posts[0]?.role, operation: transitionOf(action).operation })
  expect(after.flow).toHaveLength(before.flow.length + 1)
  const [left, entered] = [queueOf(before.state), queueOf(after.state)]
  if (left !== entered) {
    if (left) expect([left, queuesAfter[left]]).toEqual([left, (queuesBefore[left] ?? 0) - 1])
    if (entered) expect([entered, queuesAfter[entered]]).toEqual([entered, (queuesBefore[entered] ?? 0) + 1])
  }
  if (action !== 'merge_duplicate') await Promise.all([checkPage(desk, after), checkPage(watcher, after)])
  played.push({ action, incident: id })
  return after
}

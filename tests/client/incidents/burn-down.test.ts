import { mount } from '@vue/test-utils'
import fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import BurnDown from '../../../client/incidents/BurnDown.vue'
import { burnDown, type BurnDownCase, stretchedScale } from '../../../client/incidents/burn-down.ts'
import { i18n } from '../../../client/i18n/index.ts'
import type { CaseClock } from '../../../server/contract/clocks.ts'

/** 2026-11-23, a time in UTC. */
const at = (time: string) => `2026-11-23T${time}:00.000Z`
const ms = (time: string) => Date.parse(at(time))

function aClock(stage: CaseClock['stage'], from: string, to: string | null, due: string | null, parts: Partial<CaseClock> = {}): CaseClock {
  const dueAt = due === null ? null : at(due)
  return { stage, round: 1, startedAt: at(from), stoppedAt: to === null ? null : at(to), limit: null, originalDueAt: dueAt, dueAt, blueAt: dueAt, amberAt: dueAt, darkRedAt: dueAt === null ? null : at('23:00'), pausedAt: null, pausedMilliseconds: 0, isExempt: false, elapsedShare: null, light: null, ...parts }
}

/** Accepted within five minutes, then handled since 02:00 with an extension from 08:00 to 10:00 and a rest from 03:00 to 05:00. */
const CASE: BurnDownCase = {
  clocks: [aClock('accept', '01:00', '01:05', '01:15'), aClock('total', '01:05', null, null), aClock('dispose', '01:05', null, '10:00', { originalDueAt: at('08:00') }), aClock('return_window', '01:05', '02:00', '03:05')],
  flow: [{ fromState: null, toState: 'pending_accept', at: at('01:00') }, { fromState: 'disposing', toState: 'suspended', at: at('03:00') }, { fromState: 'suspended', toState: 'disposing', at: at('05:00') }],
  endedAt: null,
}

describe('the picture of a burn-down bar', () => {
  test('stages follow each other, the running one reaches to now and what is left to its end', () => {
    const picture = burnDown(CASE, ms('07:00'), false)
    expect(picture?.stages.map(({ key, isRunning, light }) => [key, isRunning, light])).toEqual([['accept/1', false, 'green'], ['dispose/1', true, 'green']])
    const handling = picture?.stages[1]
    expect((handling?.left ?? 0) + (handling?.width ?? 0)).toBeCloseTo(picture?.now ?? -1)
    expect((picture?.ahead?.left ?? 0) + (picture?.ahead?.width ?? 0)).toBeCloseTo(100)
    expect(picture?.ends.map(({ key, at: end }) => [key, end])).toEqual([['due', ms('10:00')], ['original', ms('08:00')]])
    expect(picture?.rests.map(({ from, to }) => [from, to])).toEqual([[ms('03:00'), ms('05:00')]])
  })
  test('a late case has nothing left ahead; a supervised one is dark red before its time', () => {
    expect(burnDown(CASE, ms('11:00'), false)).toMatchObject({ ahead: null, leading: { light: 'red' } })
    expect(burnDown(CASE, ms('02:00'), true)?.leading?.light).toBe('dark_red')
  })
  test('an ended case stands still: no now, its last handling tells how it went', () => {
    const ended: BurnDownCase = { ...CASE, clocks: [aClock('dispose', '01:05', '09:00', '08:00')], endedAt: at('09:00') }
    expect(burnDown(ended, ms('20:00'), false)).toMatchObject({ now: null, ahead: null, leading: { light: 'red', isRunning: false } })
  })
  test('a suspension that goes on reaches to now', () => {
    expect(burnDown({ ...CASE, flow: CASE.flow.slice(0, 2) }, ms('07:00'), false)?.rests).toMatchObject([{ from: ms('03:00'), to: null }])
  })
  test('a case without clocks has no bar', () => {
    expect(burnDown({ clocks: [], flow: [], endedAt: null }, ms('07:00'), false)).toBeNull()
  })
  test('the scale keeps the order, fills the bar and leaves no stretch too narrow to see', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1e9 }), { minLength: 2, maxLength: 12 }), (instants) => {
        const sorted = instants.toSorted((a, b) => a - b)
        const places = sorted.map(stretchedScale(instants))
        expect(places[0]).toBe(0)
        expect(places.at(-1)).toBeCloseTo(100)
        for (let index = 1; index < places.length; index++) expect((places[index] ?? 0) - (places[index - 1] ?? 0)).toBeGreaterThan(1.5)
      }),
    )
  })
})

describe('the bar itself', () => {
  beforeEach(() => setActivePinia(createPinia()))
  const bar = (isSupervised = false) => mount(BurnDown, { props: { incident: CASE, now: ms('07:00'), isSupervised }, global: { plugins: [i18n] }, attachTo: document.body })

  test('says in words how the case stands, and each stage to a screen reader', () => {
    const shown = bar()
    expect(shown.get('[role=timer]').text()).toMatch(/时间充裕.*处置剩余/s)
    expect(shown.findAll('button').map((button) => button.attributes('aria-label'))).toEqual([expect.stringMatching(/^受理 /), expect.stringMatching(/^处置 .*进行中.*原定截止/)])
    expect(bar(true).get('[role=timer]').text()).toContain('严重超时或督办')
  })
  test('arrow keys walk the stages and the line below follows', async () => {
    const shown = bar()
    const [first, second] = shown.findAll('button')
    expect([first?.attributes('tabindex'), second?.attributes('tabindex')]).toEqual(['-1', '0'])
    second?.element.focus()
    await second?.trigger('keydown', { key: 'ArrowLeft' })
    expect(document.activeElement).toBe(first?.element)
    expect(shown.get('.telling').text()).toMatch(/^受理/)
    await first?.trigger('keydown', { key: 'End' })
    expect(shown.get('.telling').text()).toMatch(/^处置/)
  })
})

import fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type DraftRule, differencesOf, movedTo, toDraft, toInput } from '../../../client/dispatch/draft.ts'
import { useDispatchRulesStore } from '../../../client/stores/dispatch-rules.ts'
import type { RoutingRule, RoutingRuleInput } from '../../../server/contract/dispatch.ts'

const UNIT = (code: string) => ({ id: code, code, nameZh: `单位${code}`, nameEn: code })
const aRule = (title: string, over: Partial<RoutingRule> = {}): RoutingRule => ({ id: title, ordinal: 1, title, conditions: {}, target: UNIT('HW'), person: null, legalBasis: null, isEnabled: true, isTargetGone: false, disabledReason: null, ...over })
const titles = (rules: readonly { title: string }[]) => rules.map((rule) => rule.title)

describe('what sets two lists of rules apart', () => {
  const before = toDraft([aRule('甲'), aRule('乙', { conditions: { sources: ['collector'] } }), aRule('丙', { target: UNIT('ZF') }), aRule('丁', { target: UNIT('YL') })], 1)
  const told = (after: readonly DraftRule[]) => differencesOf(before, after).map((one) => [one.kind, (one.after ?? one.before)?.rule.title, ...one.fields])

  test('nothing, whatever the keys', () => {
    expect(told(before.map((rule) => ({ ...rule, key: rule.key + 100 })))).toEqual([])
  })

  test('one moved to the top is one move, not as many as there are rules', () => {
    expect(told(movedTo(before, before[3]!.key, 0))).toEqual([['changed', '丁', 'order']])
  })

  test('a change, a renaming, an addition and a removal, each as itself', () => {
    const after = [{ ...before[0]!, target: UNIT('ZF') }, { ...before[1]!, title: '乙改' }, before[2]!, ...toDraft([aRule('新', { conditions: { weekdays: [1] } })], 50)]
    expect(told(after)).toEqual([['changed', '甲', 'target'], ['changed', '乙改', 'title'], ['added', '新'], ['removed', '丁']])
  })

  test('any shuffle is told by moves only, fewer than there are rules', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
        const found = differencesOf(before, order.map((at) => before[at]!))
        expect(found.every((one) => one.kind === 'changed' && one.fields.join() === 'order')).toBe(true)
        expect(found.length).toBeLessThan(4)
        expect(found.length === 0).toBe(order.join() === '0,1,2,3')
      }),
    )
  })
})

describe('the draft', () => {
  let version: number
  let inForce: RoutingRule[]
  let sent: { baseVersion: number; note: string; rules: RoutingRuleInput[] }[]
  let refusal: object | null

  const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
  const setOf = () => ({ version, note: '', createdBy: '甲', activatedAt: '2026-11-01T00:00:00Z', rules: inForce })

  beforeEach(() => {
    version = 3
    inForce = [aRule('甲'), aRule('乙'), aRule('丙')]
    sent = []
    refusal = null
    sessionStorage.clear()
    setActivePinia(createPinia())
    vi.stubGlobal('fetch', async (_address: string, init: RequestInit) => {
      if (init.method !== 'POST') return answer({ ...setOf(), versions: [] })
      const body = JSON.parse(String(init.body)) as (typeof sent)[number]
      if (refusal) return answer(refusal, 409)
      sent.push(body)
      version += 1
      inForce = body.rules.map((rule) => aRule(rule.title))
      return answer(setOf(), 201)
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  async function aDraft() {
    const store = useDispatchRulesStore()
    await store.load('demo')
    return store
  }

  test('is reordered, and every step can be taken back and done again', async () => {
    const store = await aDraft()
    const third = store.draft[2]!.key
    store.moveRule(third, 0)
    expect(titles(store.draft)).toEqual(['丙', '甲', '乙'])
    store.removeRule(store.draft[1]!.key)
    store.changeRule(third, { isEnabled: false })
    for (let step = 0; step < 3; step++) store.undo()
    expect([titles(store.draft), store.isChanged]).toEqual([['甲', '乙', '丙'], false])
    for (let step = 0; step < 2; step++) store.redo()
    expect([titles(store.draft), store.isChanged]).toEqual([['丙', '乙'], true])
  })

  test('moving beyond an end stops there and is no step to take back', async () => {
    const store = await aDraft()
    store.moveRule(store.draft[0]!.key, -1)
    expect(store.past).toHaveLength(0)
    store.moveRule(store.draft[0]!.key, 99)
    expect(titles(store.draft)).toEqual(['乙', '丙', '甲'])
  })

  test('never loses or doubles a rule by moving', () => {
    const rules = toDraft(['a', 'b', 'c', 'd', 'e'].map((title) => aRule(title)), 1)
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -3, max: 9 }))), (moves) => {
      const after = moves.reduce((list, [key, to]) => movedTo(list, key, to), rules)
      expect(titles(after).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
    }))
  })

  test('comes into force with the version it began from, and is then the rules in force', async () => {
    const store = await aDraft()
    store.changeRule(store.draft[0]!.key, { title: '甲改' })
    expect(await store.save('改名')).toBe(true)
    expect(sent).toMatchObject([{ baseVersion: 3, note: '改名', rules: [{ title: '甲改' }, { title: '乙' }, { title: '丙' }] }])
    expect([store.version, store.isChanged]).toEqual([4, false])
  })

  test('that another was quicker than is kept: measured by the newer rules it can be sent again, or given up', async () => {
    const store = await aDraft()
    store.changeRule(store.draft[0]!.key, { title: '甲改' })
    refusal = { type: 'about:blank', title: 'stale', status: 409, code: 'stale', detail: '派遣规则已由乙更新到第 4 版' }
    version = 4
    inForce = [aRule('甲'), aRule('乙')]
    expect(await store.save('')).toBe(false)
    expect([store.isStale, titles(store.draft), store.saveFailure?.message]).toEqual([true, ['甲改', '乙', '丙'], '派遣规则已由乙更新到第 4 版'])
    await store.rebase()
    expect([store.isStale, store.baseVersion, titles(store.draft)]).toEqual([false, 4, ['甲改', '乙', '丙']])
    refusal = null
    expect(await store.save('')).toBe(true)
    expect(sent[0]).toMatchObject({ baseVersion: 4 })
    store.changeRule(store.draft[0]!.key, { title: '又改' })
    await store.takeNewest()
    expect([store.isChanged, titles(store.draft)]).toEqual([false, ['甲改', '乙', '丙']])
  })

  test('outlives another page and loading anew, and says so; another city has its own', async () => {
    const store = await aDraft()
    store.removeRule(store.draft[0]!.key)
    await store.load('demo')
    expect(titles(store.draft)).toEqual(['乙', '丙'])
    await expect.poll(() => sessionStorage.length).toBe(1)
    setActivePinia(createPinia())
    const anew = await aDraft()
    expect([titles(anew.draft), anew.wasKept, anew.isChanged]).toEqual([['乙', '丙'], true, true])
    await anew.load('other')
    expect(titles(anew.draft)).toEqual(['甲', '乙', '丙'])
  })

  test('a rule whose unit is gone comes switched off and is freed by another unit', async () => {
    inForce = [aRule('甲', { isEnabled: true, isTargetGone: true, disabledReason: '派往单位“环卫”已撤销' })]
    const store = await aDraft()
    expect(store.draft[0]).toMatchObject({ isEnabled: false, isTargetGone: true })
    store.changeRule(store.draft[0]!.key, { target: UNIT('ZF') })
    store.changeRule(store.draft[0]!.key, { isEnabled: true })
    expect([store.draft[0]!.isTargetGone, store.draft[0]!.disabledReason, toInput(store.draft)[0]]).toMatchObject([false, null, { target: 'ZF', isEnabled: true }])
  })

  test('what the server has against a rule stands with that rule, also after it moved', async () => {
    const store = await aDraft()
    refusal = { type: 'about:blank', title: 'bad request', status: 409, code: 'bad_request', detail: '…', errors: [{ path: 'body.rules.1.target', message: '没有单位' }] }
    store.moveRule(store.draft[2]!.key, 0)
    const key = store.draft[1]!.key
    await store.save('')
    store.moveRule(key, 2)
    expect([...store.faults]).toEqual([[key, ['没有单位']]])
  })
})

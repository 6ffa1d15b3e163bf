import { useSessionStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Reply } from '../../server/contract/endpoint.ts'
import { getRoutingRules, putRoutingRules } from '../../server/contract/dispatch.ts'
import { call } from '../api.ts'
import { type DraftRule, differencesOf, movedTo, toDraft, toInput } from '../dispatch/draft.ts'
import { useLoading } from './loading.ts'

export type RuleSet = Reply<typeof getRoutingRules>

interface KeptDraft {
  baseVersion: number
  rules: DraftRule[]
}

const UNDO_STEPS = 100

/**
 * The routing rules in force and the draft somebody edits. The draft outlives going to another page and loading this one anew
 * (it is kept with the browser tab), until it comes into force or is given up.
 */
export const useDispatchRulesStore = defineStore('dispatch-rules', () => {
  const city = ref<string | null>(null)
  const inForce = shallowRef<RuleSet | null>(null)
  const draft = shallowRef<DraftRule[]>([])
  /** The version the draft began from. */
  const baseVersion = ref(0)
  /** Earlier and later states of the draft, the nearest last. */
  const past = shallowRef<DraftRule[][]>([])
  const future = shallowRef<DraftRule[][]>([])
  const wasKept = ref(false)
  const kept = useSessionStorage<Record<string, KeptDraft>>('xiucheng.dispatch-draft', {})
  const loading = useLoading()
  const saving = useLoading()
  const comparing = useLoading()
  /** An earlier version that is looked at. */
  const compared = shallowRef<RuleSet | null>(null)
  const sentKeys = shallowRef<number[]>([])
  let nextKey = 1

  const version = computed(() => inForce.value?.version ?? 0)
  const draftText = computed(() => JSON.stringify(toInput(draft.value)))
  const forceRules = computed(() => toDraft(inForce.value?.rules ?? [], -1_000_000))
  const differences = computed(() => differencesOf(forceRules.value, draft.value))
  const isChanged = computed(() => draftText.value !== JSON.stringify(toInput(forceRules.value)))
  /** Another version came into force since the draft began: known from a refused write, or from what was loaded. */
  const isStale = computed(() => isChanged.value && (baseVersion.value !== version.value || saving.failure.value?.code === 'stale'))
  const comparedRules = computed(() => toDraft(compared.value?.rules ?? [], -2_000_000))

  /** What the server said against rules of the draft, by the rule's key. */
  const faults = computed(() => {
    const found = new Map<number, string[]>()
    for (const { path, message } of saving.failure.value?.fields ?? []) {
      const key = sentKeys.value[Number(/^body\.rules\.(\d+)/.exec(path)?.[1] ?? -1)]
      if (key !== undefined) found.set(key, [...(found.get(key) ?? []), message])
    }
    return found
  })

  function keep(): void {
    if (city.value === null) return
    const { [city.value]: _before, ...others } = kept.value
    kept.value = isChanged.value ? { ...others, [city.value]: { baseVersion: baseVersion.value, rules: draft.value } } : others
  }

  function begin(rules: readonly DraftRule[], base: number): void {
    draft.value = rules.map((rule) => ({ ...rule, key: nextKey++ }))
    baseVersion.value = base
    past.value = []
    future.value = []
    saving.reset()
    keep()
  }

  /** The draft anew from the rules in force. */
  function discard(): void {
    wasKept.value = false
    begin(forceRules.value, version.value)
  }

  /** Looks at the rules in force. A draft that differs from what it began from stays. */
  function load(key: string): Promise<boolean> {
    const isOther = city.value !== key
    return loading.run(
      (signal) => call(getRoutingRules, { params: { city: key }, query: {} }, { signal }),
      (reply) => {
        const hadDraft = !isOther && isChanged.value
        city.value = key
        inForce.value = reply
        if (hadDraft) return
        const stored = kept.value[key]
        if (stored) begin(stored.rules, stored.baseVersion)
        else begin(forceRules.value, reply.version)
        wasKept.value = stored !== undefined && isChanged.value
      },
    )
  }

  /** Takes the newest rules as what the draft is measured by, and keeps the draft. */
  async function rebase(): Promise<void> {
    if (city.value === null || !(await load(city.value))) return
    baseVersion.value = version.value
    saving.reset()
    keep()
  }

  /** Gives the draft up for the newest rules. */
  async function takeNewest(): Promise<void> {
    if (city.value === null) return
    discard()
    if (await load(city.value)) discard()
  }

  /** Changes the draft; the state before can be had back. */
  function edit(change: (rules: DraftRule[]) => DraftRule[]): void {
    past.value = [...past.value.slice(1 - UNDO_STEPS), draft.value]
    future.value = []
    draft.value = change(draft.value)
    keep()
  }

  function undo(): void {
    const last = past.value.at(-1)
    if (!last) return
    past.value = past.value.slice(0, -1)
    future.value = [...future.value, draft.value]
    draft.value = last
    keep()
  }

  function redo(): void {
    const next = future.value.at(-1)
    if (!next) return
    future.value = future.value.slice(0, -1)
    past.value = [...past.value, draft.value]
    draft.value = next
    keep()
  }

  /** @returns key of the new rule, last in order. */
  function addRule(title: string, target: DraftRule['target']): number {
    const key = nextKey++
    edit((rules) => [...rules, { key, title, conditions: {}, target, person: null, legalBasis: null, isEnabled: true, isTargetGone: false, disabledReason: null }])
    return key
  }

  /** Another unit or person takes the place of one that is gone. */
  function changeRule(key: number, change: Partial<Omit<DraftRule, 'key'>>): void {
    const renewed = change.target || change.person !== undefined ? { isTargetGone: false, disabledReason: null } : {}
    const person = change.target && change.person === undefined ? { person: null } : {}
    edit((rules) => rules.map((rule) => (rule.key === key ? { ...rule, ...renewed, ...person, ...change } : rule)))
  }

  function removeRule(key: number): void {
    edit((rules) => rules.filter((rule) => rule.key !== key))
  }

  /** Puts a rule at another place, counted from 0; the first that fits decides, so the order is the rule. */
  function moveRule(key: number, to: number): void {
    const from = draft.value.findIndex((rule) => rule.key === key)
    const place = Math.min(draft.value.length - 1, Math.max(0, to))
    if (from >= 0 && from !== place) edit((rules) => movedTo(rules, key, place))
  }

  /** Puts the draft into force as the next version. */
  async function save(note: string): Promise<boolean> {
    const key = city.value
    if (key === null) return false
    sentKeys.value = draft.value.map((rule) => rule.key)
    const done = await saving.run(
      (signal) => call(putRoutingRules, { params: { city: key }, body: { baseVersion: baseVersion.value, note, rules: toInput(draft.value) } }, { signal }),
      (made) => {
        inForce.value = { ...made, versions: inForce.value?.versions ?? [] }
        wasKept.value = false
        begin(forceRules.value, made.version)
      },
    )
    if (done) await load(key)
    return done
  }

  function compare(which: number): Promise<boolean> {
    const key = city.value
    if (key === null) return Promise.resolve(false)
    return comparing.run(
      (signal) => call(getRoutingRules, { params: { city: key }, query: { version: which } }, { signal }),
      (reply) => {
        compared.value = reply
      },
    )
  }

  function closeComparison(): void {
    comparing.reset()
    compared.value = null
  }

  /** The rules of the version looked at as the draft: saved, they come into force as a new version. */
  function takeBack(): void {
    const rules = comparedRules.value.map((rule) => ({ ...rule, key: nextKey++ }))
    edit(() => rules)
    closeComparison()
  }

  return {
    city, inForce, draft, baseVersion, past, future, wasKept, compared, comparedRules, version, draftText, forceRules, differences, isChanged, isStale, faults,
    status: loading.status, failure: loading.failure, saveStatus: saving.status, saveFailure: saving.failure, compareStatus: comparing.status, compareFailure: comparing.failure,
    load, rebase, takeNewest, discard, undo, redo, addRule, changeRule, removeRule, moveRule, save, compare, closeComparison, takeBack,
  }
})

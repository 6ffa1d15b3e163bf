import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { type ClockRulesDefinition, type ClockRulesView, listClockRules, putClockRules } from '../../server/contract/clock-rules.ts'
import { listWorkCalendars, putWorkCalendar, type WorkCalendarDefinition, type WorkCalendarView } from '../../server/contract/clocks.ts'
import type { Reply } from '../../server/contract/endpoint.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'

/** The working calendar and the rules of the clock of a city, each with its versions. */
export const useCalendarStore = defineStore('calendar', () => {
  const calendars = shallowRef<WorkCalendarView[]>([])
  const yearsInUse = shallowRef<Reply<typeof listWorkCalendars>['yearsInUse']>([])
  const rules = shallowRef<ClockRulesView[]>([])
  const calendarLoading = useLoading()
  const rulesLoading = useLoading()
  const saving = useLoading()

  const calendar = computed(() => calendars.value.find((one) => one.isInForce) ?? null)
  const rule = computed(() => rules.value.find((one) => one.isInForce) ?? null)
  /** What an edit gives back: the city's own newest version, in force or to come. */
  const calendarVersion = computed(() => Math.max(0, ...calendars.value.filter((one) => one.owner === 'city').map((one) => one.version)))
  const ruleVersion = computed(() => Math.max(0, ...rules.value.filter((one) => one.owner === 'city').map((one) => one.version)))

  function loadCalendars(city: string): Promise<boolean> {
    return calendarLoading.run(
      (signal) => call(listWorkCalendars, { params: { city } }, { signal }),
      (reply) => {
        calendars.value = reply.calendars
        yearsInUse.value = reply.yearsInUse
      },
    )
  }

  function loadRules(city: string): Promise<boolean> {
    return rulesLoading.run(
      (signal) => call(listClockRules, { params: { city } }, { signal }),
      (reply) => {
        rules.value = reply.rules
      },
    )
  }

  /** @returns the new version; null when it was refused, with why in `saveFailure`. */
  async function saveCalendar(city: string, version: number, effectiveFrom: string, definition: WorkCalendarDefinition): Promise<number | null> {
    let written: number | null = null
    const isDone = await saving.run(
      (signal) => call(putWorkCalendar, { params: { city }, body: { version, effectiveFrom, definition } }, { signal }),
      (reply) => {
        written = reply.version
      },
    )
    if (isDone) await loadCalendars(city)
    return isDone ? written : null
  }

  async function saveRules(city: string, version: number, definition: ClockRulesDefinition): Promise<number | null> {
    let written: number | null = null
    const isDone = await saving.run(
      (signal) => call(putClockRules, { params: { city }, body: { version, definition } }, { signal }),
      (reply) => {
        written = reply.version
      },
    )
    if (isDone) await loadRules(city)
    return isDone ? written : null
  }

  /** Forgets what belongs to the city left behind. */
  function clear(): void {
    calendarLoading.reset()
    rulesLoading.reset()
    saving.reset()
    calendars.value = []
    yearsInUse.value = []
    rules.value = []
  }

  return {
    calendars, yearsInUse, rules, calendar, rule, calendarVersion, ruleVersion, calendarStatus: calendarLoading.status, calendarFailure: calendarLoading.failure, rulesStatus: rulesLoading.status, rulesFailure: rulesLoading.failure,
    saveStatus: saving.status, saveFailure: saving.failure, loadCalendars, loadRules, saveCalendar, saveRules, clear, forgetSaving: saving.reset,
  }
})

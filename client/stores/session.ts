import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { type City, listCities } from '../../server/contract/cities.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'
import type { ConnectionState, Locale, Theme } from './state.ts'

/** Who looks, at which city, in which language and light, and whether the feed is alive. */
export const useSessionStore = defineStore('session', () => {
  const locale = ref<Locale>('zh')
  const theme = ref<Theme>('night')
  const cities = shallowRef<City[]>([])
  const city = shallowRef<City | null>(null)
  const connection = ref<ConnectionState>({ status: 'connecting', lastHeardAt: null, restoredAt: null })
  /** Server clock minus this machine's, in ms, as of the last word heard; what is due is judged by the server's clock. */
  const clockOffset = ref(0)
  /** When the last word came in, by this machine's clock; ages are measured with one clock only. */
  const heardHereAt = ref<number | null>(null)
  const loading = useLoading()

  const isOffline = computed(() => connection.value.status === 'lost')

  /** Asks for the cities; keeps the chosen one, or takes `preferred`, or the first that is ready. */
  function loadCities(preferred?: string | null): Promise<boolean> {
    return loading.run(
      (signal) => call(listCities, {}, { signal }),
      (reply) => {
        cities.value = reply.cities
        const wanted = preferred ?? city.value?.key
        city.value = reply.cities.find((one) => one.key === wanted) ?? reply.cities.find((one) => one.status === 'ready') ?? reply.cities[0] ?? null
      },
    )
  }

  /** @returns false when there is no such city; the present one stays. */
  function chooseCity(key: string): boolean {
    const found = cities.value.find((one) => one.key === key)
    if (!found) return false
    city.value = found
    return true
  }

  function setLocale(next: Locale): void {
    locale.value = next
  }

  function setTheme(next: Theme): void {
    theme.value = next
  }

  /** What the feed knows of itself; only live.ts calls it. */
  function setConnection(next: Partial<ConnectionState>): void {
    connection.value = { ...connection.value, ...next }
    if (next.lastHeardAt !== undefined && next.lastHeardAt !== null) {
      const now = Date.now()
      heardHereAt.value = now
      clockOffset.value = next.lastHeardAt - now
    }
  }

  /** Name of a city in the language of the session. */
  function cityName(one: City): string {
    return locale.value === 'zh' ? one.nameZh : one.nameEn
  }

  return { locale, theme, cities, city, connection, clockOffset, heardHereAt, isOffline, status: loading.status, failure: loading.failure, loadCities, chooseCity, setLocale, setTheme, setConnection, cityName }
})

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { addEntrance, endEntrance, type Entrance, type Entrances, keepEntrances, listEntrances } from '../../server/contract/entrances.ts'
import type { Position } from '../../server/contract/geojson.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'

/** Gates of the green space that is chosen, and the last change, which can be taken back. */
export const useEntrancesStore = defineStore('entrances', () => {
  const held = shallowRef<Entrances | null>(null)
  /** While a gate is wanted, a click on the map is its place and chooses nothing. */
  const isWanted = ref(false)
  const taken = shallowRef<{ city: string; green: string; entrance: Entrance } | null>(null)
  const loading = useLoading()
  const changing = useLoading()
  let place: { city: string; green: string } | null = null

  const positions = computed(() => Float32Array.from((held.value?.entrances ?? []).flatMap((one) => one.position)))

  function load(city: string, green: string): Promise<boolean> {
    if (held.value?.green.id !== green) held.value = null
    isWanted.value = false
    taken.value = null
    place = { city, green }
    return loading.run((signal) => call(listEntrances, { params: { city, green } }, { signal }), (reply) => {
      held.value = reply
    })
  }

  function change(work: (params: { city: string; green: string }) => Promise<Entrances>, done?: () => void): Promise<boolean> {
    const params = place
    if (!params) return Promise.resolve(false)
    return changing.run(() => work(params), (reply) => {
      if (place?.green === params.green) held.value = reply
      done?.()
    })
  }

  function add(position: Position, name: string | null): Promise<boolean> {
    isWanted.value = false
    return change((params) => call(addEntrance, { params, body: { position, name } }), () => (taken.value = null))
  }

  /** Ends a gate; one that was only found is put on record with the others first. */
  function end(entrance: Entrance): Promise<boolean> {
    return change(
      async (params) => {
        const known = entrance.id ? entrance : (await call(keepEntrances, { params, body: {} })).entrances.find(({ position }) => position[0] === entrance.position[0] && position[1] === entrance.position[1])
        return known?.id ? call(endEntrance, { params: { ...params, entrance: known.id }, body: {} }) : call(listEntrances, { params })
      },
      () => {
        if (place) taken.value = { ...place, entrance }
      },
    )
  }

  /** Puts the gate that was ended last back where it was. */
  function takeBack(): Promise<boolean> {
    const last = taken.value
    return last ? add(last.entrance.position, last.entrance.name) : Promise.resolve(false)
  }

  function want(wanted: boolean): void {
    isWanted.value = wanted
  }

  function clear(): void {
    loading.reset()
    changing.reset()
    held.value = null
    isWanted.value = false
    taken.value = null
    place = null
  }

  return { held, positions, isWanted, taken, status: loading.status, failure: loading.failure, changeStatus: changing.status, changeFailure: changing.failure, load, add, end, takeBack, want, clear }
})

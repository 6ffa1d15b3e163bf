import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

/** The place of a report that is being written: while it is wanted, a click on the map is its answer and chooses nothing. */
export const useReportPlaceStore = defineStore('report-place', () => {
  const isWanted = ref(false)
  /** Longitude and latitude, EPSG:4490. */
  const picked = shallowRef<[number, number] | null>(null)

  function pick(longitude: number, latitude: number): void {
    picked.value = [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))]
  }

  return { isWanted, picked, pick }
})

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { type DirectoryPerson, type DirectoryUnit, getDirectory } from '../../server/contract/directory.ts'
import { call } from '../api.ts'
import { useLoading } from './loading.ts'

/** Units and people of the city, for handing cases to them. */
export const useDirectoryStore = defineStore('directory', () => {
  const units = shallowRef<DirectoryUnit[]>([])
  const people = shallowRef<DirectoryPerson[]>([])
  const loading = useLoading()
  let known = ''

  /** @param reader whose directory it is: another person may see more or less */
  async function load(city: string, reader: string): Promise<void> {
    if (known === `${city} ${reader}`) return
    await loading.run(
      (signal) => call(getDirectory, { params: { city } }, { signal }),
      (reply) => {
        units.value = reply.units
        people.value = reply.people
        known = `${city} ${reader}`
      },
    )
  }

  return { units, people, status: loading.status, failure: loading.failure, load }
})

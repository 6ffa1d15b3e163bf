import { publicIdOf } from '../../data/city/ids.ts'
import { listCities } from '../cities/cities.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/db.ts'
import { demoOrganisations, demoPeople } from './demo-people.ts'
import { insertDemoAccounts, insertDemoOrganisations, insertDemoPosts, listDemoAreas, updateDemoOwners } from './demo-queries.ts'

/** The instant in the ids of the demo's people: fixed, so that every installation has the same ones. */
const MADE_AT = new Date('2026-11-23T00:00:00Z')

/**
 * Gives a demo city its organisations and people. What is there already is left as it is, so that it can be called at every start.
 * @returns how many accounts were added.
 */
export async function loadDemoPeople(db: Db, city: { cityId: number; key: string }): Promise<number> {
  const areas = await listDemoAreas(db, city.cityId)
  const idOf = (kind: string, key: string) => publicIdOf(city.key, MADE_AT, kind, key)
  const people = demoPeople(areas).map((person, index) => ({ ...person, login: `${city.key}-${person.key}`, publicId: idOf('account', person.key), phone: `199${String(90_000_000 + index)}` }))
  return db.transaction(async (tx) => {
    await insertDemoOrganisations(tx, city.cityId, demoOrganisations(areas).map((organisation) => ({ ...organisation, publicId: idOf('organisation', organisation.code) })))
    await updateDemoOwners(tx, city.cityId)
    const added = new Set(await insertDemoAccounts(tx, city.cityId, people.map(({ publicId, login, name, phone }) => ({ publicId, login, name, phone }))))
    const posts = people
      .filter((person) => added.has(person.login))
      .flatMap((person) => (person.areaCodes.length === 0 ? [null] : person.areaCodes).map((areaCode) => ({ publicId: idOf('post', `${person.key} ${areaCode ?? ''}`), login: person.login, role: person.role, organisationCode: person.organisationCode, areaCode })))
    await insertDemoPosts(tx, city.cityId, posts)
    return added.size
  })
}

/** Gives every demo city its people, unless DEMO=none. Called at start. */
export async function prepareDemoPeople(db: Db, config: Config): Promise<void> {
  if (config.DEMO === 'none') return
  for (const city of await listCities(db)) if (city.isDemo && city.status === 'ready') await loadDemoPeople(db, city)
}

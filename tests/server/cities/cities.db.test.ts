import { afterAll, expect, test } from 'vitest'
import { getCity, listCities } from '../../../server/cities/cities.ts'
import { City } from '../../../server/contract/cities.ts'
import { aCity, openTestDb } from '../../helpers/db.ts'

const db = openTestDb()
afterAll(() => db.close())

test('a city is found by its key, in the contract’s shape', async () => {
  const { key } = await aCity(db)
  const city = await getCity(db, key)
  expect(City.parse(city)).toMatchObject({ key, measureSrid: 4547, boundingBox: null })
  expect((await listCities(db)).map((row) => row.key)).toContain(key)
})

test('a city that does not exist is named in the refusal (not_found)', async () => {
  await expect(getCity(db, 'atlantis')).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('atlantis') })
})

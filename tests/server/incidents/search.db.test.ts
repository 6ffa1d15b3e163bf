import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countIncidents, listIncidents } from '../../../server/contract/incidents.ts'
import { sql } from '../../../server/db/sql.ts'
import { EVERYTHING, incidentFilter } from '../../../server/incidents/incidents.ts'
import { syncCaseClasses } from '../../../server/incidents/reference.ts'
import { aContext, openTestApi, type TestApi } from '../../helpers/api.ts'
import { aCity, openTestDb, type TestCity } from '../../helpers/db.ts'
import { advance, report } from './reporting.ts'

const db = openTestDb()
let api: TestApi
let city: TestCity

beforeAll(async () => {
  await syncCaseClasses(db)
  api = await openTestApi(aContext(db))
  city = await aCity(db)
})
afterAll(async () => {
  await api.close()
  await db.close()
})

async function find(at: TestCity, text: string): Promise<string[]> {
  return (await api.call(listIncidents, { params: { city: at.key }, query: { text } })).rows.map((row) => row.id)
}

test('a case is found by two characters of its class, address or description, by one, by several words, and by its numbers', async () => {
  const own = await aCity(db)
  const [lamp, cover] = [await report(api, own, { description: '路灯不亮，影响 Night 通行', address: '人民路12号' }), await report(api, own, { description: '雨水井盖破损', address: '解放路7号' })]
  const [ofLamp, ofCover] = [[lamp.id], [cover.id]]
  expect(await find(own, '路灯')).toEqual(ofLamp)
  expect(await find(own, '井盖')).toEqual(ofCover)
  expect(await find(own, '灯')).toEqual(ofLamp)
  expect(await find(own, '解放路')).toEqual(ofCover)
  expect(await find(own, 'nIGHT')).toEqual(ofLamp)
  expect(await find(own, '通行 人民')).toEqual(ofLamp)
  expect(await find(own, '通行　7号')).toEqual([])
  // Both characters stand in it, but not side by side.
  expect(await find(own, '路亮')).toEqual([])
  expect((await find(own, '路')).sort()).toEqual([lamp.id, cover.id].sort())
  expect(await find(own, lamp.reportNumber)).toEqual(ofLamp)
  expect((await find(own, lamp.reportNumber.slice(0, 9))).sort()).toEqual([lamp.id, cover.id].sort())
  const filed = await advance(api, own, lamp, 'accept', 'file')
  expect(await find(own, filed.caseNumber ?? 'none')).toEqual(ofLamp)
})

/** Few letters, so that words meet texts; marks of patterns, a letter of two units, spaces of both widths. */
const letter = fc.constantFrom('路', '灯', '井', '盖', 'a', 'B', '1', '0', '%', '_', '\\', "'", '-', '𠮷', ' ', '　', '\t')
const words = (max: number) => fc.array(letter, { minLength: 1, maxLength: max }).map((letters) => letters.join(''))

test('what is found for any words is what contains each of them, over any texts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(words(12), { minLength: 1, maxLength: 12 }), fc.array(words(5), { minLength: 1, maxLength: 12 }), async (texts, questions) => {
      const own = await aCity(db)
      const prefix = uuidv7()
      await db.query(sql`
        insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, description, place_method, reported_at)
        select gen_random_uuid(), ${own.cityId}, ${`${prefix}/`} || t.n, 'GBT30428.2-2013', 'event', '0112', '', '01', 3, 'class', 'pending_accept', 'collector', '甲', t.words, 'none', now()
        from unnest(${texts}::text[]) with ordinality t (words, n)`)
      for (const text of questions.map((question) => question.trim()).filter(Boolean)) {
        const asked = text.toLowerCase().split(/\s+/u)
        const expected = texts.flatMap((words, index) => {
          const told = `${prefix}/${index + 1}   ${words}`.toLowerCase()
          return asked.every((word) => told.includes(word)) ? [index + 1] : []
        })
        const rows = await db.query<{ n: number }>(sql`select split_part(i.report_number, '/', 2)::int as n from incidents i where ${incidentFilter(own, EVERYTHING, { text }, new Date())} order by 1`)
        expect(rows.map((row) => row.n), text).toEqual(expected)
      }
    }),
    { numRuns: 40 },
  )
})

test.each(['鼹', '鼹鼠', 'SL-20261120-99999'])('among thousands of cases %s is looked up in the index', async (text) => {
  const gone = new Error('rolled back')
  const plan: string[] = []
  await db.transaction(async (tx) => {
    await tx.query(sql`
      insert into incidents (public_id, city_id, report_number, scheme_id, class_kind, class_code, class_name, large_code, severity, severity_from, state, source, reported_by, description, place_method, reported_at)
      select gen_random_uuid(), ${city.cityId}, 'SL-' || n, 'GBT30428.2-2013', 'event', '0112', '道路不洁', '01', 3, 'class', 'pending_accept', 'collector', '甲', '路灯不亮，编号' || n, 'none', now()
      from generate_series(1, 4000) n`)
    await tx.query(sql`analyze incidents`)
    const rows = await tx.query<Record<string, string>>(sql`explain select 1 from incidents i where ${incidentFilter(city, EVERYTHING, { text }, new Date())}`)
    plan.push(...rows.map((row) => row['QUERY PLAN'] ?? ''))
    throw gone
  }).catch((error: unknown) => { if (error !== gone) throw error })
  expect(plan.join('\n')).toContain('incidents_search_idx')
})

test('the count of a search is the length of its list', async () => {
  const own = await aCity(db)
  for (let index = 0; index < 7; index += 1) await report(api, own, { description: index % 2 ? '护栏缺失' : '护栏松动' })
  const counts = await api.call(countIncidents, { params: { city: own.key }, query: { text: '护栏 缺失' } })
  expect([counts.total, (await find(own, '护栏 缺失')).length]).toEqual([3, 3])
})

import { describe, expect, test } from 'vitest'
import { inOwnLanguage } from '../../../client/i18n/own-language.ts'
import { getCoverageRun } from '../../../server/contract/coverage.ts'
import { getPlanningRun } from '../../../server/contract/planning.ts'
import { AppError } from '../../../server/errors.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { aPlanningServer } from './a-planning-server.ts'

const { db, jobs, api } = aPlanningServer()

interface Told {
  /** In both languages, Chinese first. */
  told: [string, string]
  errors: { path: string; message: string }[]
}

const halvesOf = (text: string): [string, string] => [inOwnLanguage(text, 'zh'), inOwnLanguage(text, 'en')]

/** What is said to whoever asks: at once, or by the run that could not be carried out. */
async function refusalOf(city: SmallCity, sort: 'coverage' | 'planning', body: object): Promise<Told> {
  const response = await api().fetch(`/api/v1/cities/${city.key}/${sort}-runs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const answer = (await response.json()) as { id: string; detail?: string; errors?: Told['errors'] }
  if (!response.ok) return { told: halvesOf(answer.detail ?? ''), errors: answer.errors ?? [] }
  // A run that cannot be carried out keeps what its job was refused with.
  await jobs.idle().catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
  })
  const run = sort === 'coverage' ? await api().call(getCoverageRun, { params: { city: city.key, run: answer.id } }) : await api().call(getPlanningRun, { params: { city: city.key, run: answer.id } })
  // Sites without a meaningful answer say why in notices.
  const notice = 'kind' in run && run.kind === 'siting' ? run.result?.notices.find(({ isFatal }) => isFatal) : undefined
  return { told: notice ? [notice.zh, notice.en] : halvesOf(run.error?.message ?? ''), errors: [] }
}

/** Each half is whole in its own language: no English sentence in the Chinese one, no Chinese in the English one. */
function expectBoth({ told: [chinese, english], errors }: Told, zh: RegExp, en: RegExp): void {
  expect([chinese, english]).toEqual([expect.stringMatching(zh), expect.stringMatching(en)])
  expect(chinese).not.toMatch(/[a-z]{3,} [a-z]{2,} [a-z]{2,}/)
  for (const text of [english, ...errors.map(({ message }) => inOwnLanguage(message, 'en'))]) expect(text).not.toMatch(/[\u4e00-\u9fff]/)
  for (const { message } of errors) expect(inOwnLanguage(message, 'zh')).toMatch(/[\u4e00-\u9fff]/)
}

async function aCity({ homes = true, paths = true, plot = false } = {}): Promise<SmallCity> {
  const city = await aSmallCity(db)
  await city.park([0, 0, 100, 100], { name: '园' })
  if (homes) await city.building([300, 45, 10, 10], 100)
  if (paths) await city.path([[50, 50], [320, 50]])
  if (plot) await city.plot([600, 0, 100, 100], { name: '地' })
  return city
}
const WALK = { radiusMeters: 500, demand: 'population', ruler: 'walk' }
const SITING = { method: 'mclp', p: 1, radiusMeters: 500, demand: 'population' }
const siting = (input: object) => ({ kind: 'siting', input: { ...SITING, ...input } })

describe('what cannot be answered says what, where and how to mend it, in either language', () => {
  test.each<[string, Parameters<typeof aCity>[0], 'coverage' | 'planning', object, RegExp, RegExp]>([
    ['no network', { paths: false }, 'coverage', WALK, /没有步行路网/, /has no walking network/],
    ['no homes', { homes: false }, 'coverage', WALK, /没有.*数据.*请先导入/, /Import/],
    ['no homes to site for', { homes: false, plot: true }, 'planning', siting({}), /没有.*数据/, /no .* data/],
    ['no candidates', {}, 'planning', siting({}), /候选|地块/, /candidate|plot/i],
    ['a facility that the city has none of', {}, 'coverage', { radiusMeters: 500, facility: 'space_port' }, /没有“space_port”这一类设施：.*导入|改选/, /has no facilities of class "space_port"/],
    ['a layer that is not there', {}, 'coverage', { radiusMeters: 500, demand: 'population', layers: ['x'] }, /没有图层 x：/, /has no layer "x"/],
    ['a rule that is not there', {}, 'coverage', { rule: 'NO_SUCH' }, /没有服务半径规则“NO_SUCH”：请从/, /There is no service rule "NO_SUCH"\. Choose one of/],
    ['a radius below nothing', {}, 'coverage', { radiusMeters: -1, demand: 'population' }, /内容有误.*修改/, /body cannot be used; see errors/],
    ['more sites than the limit', { plot: true }, 'planning', siting({ p: 100_000 }), /内容有误/, /body cannot be used/],
    ['neither number nor budget', { plot: true }, 'planning', siting({ p: undefined }), /请给出新建数量 p/, /Give p/],
  ])('%s', async (_name, made, sort, body, zh, en) => {
    expectBoth(await refusalOf(await aCity(made), sort, body), zh, en)
  })

  test('homes without anybody in them weigh nothing', async () => {
    const city = await aCity({ homes: false, plot: true })
    await city.building([300, 45, 10, 10], 0)
    expectBoth(await refusalOf(city, 'planning', siting({})), /权重|人口|没有/, /weigh|people|population/i)
  })

  test('demand that no candidate reaches is named', async () => {
    const city = await aCity({ plot: true })
    await city.building([50_000, 45, 10, 10], 40)
    expectBoth(await refusalOf(city, 'planning', siting({ method: 'lscp', p: undefined })), /没有任何候选点.*可放宽/, /reached by nothing.*Widen/)
  })
})

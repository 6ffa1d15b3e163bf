/** A server to ask about sites, and the town that most questions are asked of. */
import { expect } from 'vitest'
import type { z } from 'zod'
import { getPlanningRun, startPlanningRun } from '../../../server/contract/planning.ts'
import type { SitingQuestion, SitingResult } from '../../../server/contract/planning-siting.ts'
import { aSmallCity, type SmallCity } from '../coverage/a-small-city.ts'
import { aPlanningServer } from './a-planning-server.ts'

export type Asked = Partial<z.input<typeof SitingQuestion>>

/** Names of the chosen plots, by gain. */
export const names = (result: SitingResult) => result.answer!.sites.map(({ name }) => name)

export function aSitingServer() {
  const { db, jobs, api } = aPlanningServer()
  const ask = (city: SmallCity, input: Asked) => api().call(startPlanningRun, { params: { city: city.key }, body: { kind: 'siting', input: { method: 'mclp', radiusMeters: 300, ...input } } })
  async function look(city: SmallCity, id: string) {
    const run = await api().call(getPlanningRun, { params: { city: city.key, run: id } })
    if (run.kind !== 'siting') throw new TypeError(`run ${id} is of kind ${run.kind}`)
    return run
  }
  async function solve(city: SmallCity, input: Asked): Promise<SitingResult> {
    const { id } = await ask(city, input)
    await jobs.idle()
    const run = await look(city, id)
    expect(run).toMatchObject({ status: 'finished', error: null })
    if (!run.result) throw new Error('no answer of siting')
    return run.result
  }
  /** Four blocks of homes in a row, 1 km apart, of 100, 200, 300 and 400 people, a plot beside each, and a park beside the last. */
  async function aRow(): Promise<SmallCity> {
    const city = await aSmallCity(db)
    for (const [index, people] of [100, 200, 300, 400].entries()) {
      await city.building([index * 1000, 0, 20, 20], people)
      await city.plot([index * 1000, 100, 50, 50], { name: `plot ${index}`, landUse: index === 0 ? '工业仓储用地' : '待建用地' })
    }
    await city.park([3000, -200, 100, 100])
    return city
  }
  return { db, jobs, api, ask, look, solve, aRow }
}

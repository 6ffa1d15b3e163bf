import { expect, test } from 'vitest'
import { siteAt } from '../../../client/map/siting-layers.ts'
import { siteTooltip } from '../../../client/map/tooltip.ts'

const sites = [{ number: 1, position: [100, 100] as [number, number], geometry: null }, { number: 2, position: [118, 100] as [number, number], geometry: null }]
const project = ([x, y]: [number, number]) => ({ x, y })

test('a site is hit on its ring and on the plate above it, the nearer of two, and nowhere else', () => {
  const at = (x: number, y: number) => siteAt({ sites }, { x, y }, project)
  expect([at(100, 100), at(118, 100), at(103, 75), at(116, 73)]).toEqual([1, 2, 1, 2])
  expect([at(100, 130), at(60, 100), at(100, 50)]).toEqual([null, null, null])
})

test('the words beside the pointer name the site, whom it serves and how full it is', () => {
  const site = { number: 3, id: null, name: null, landUse: null, ownership: null, areaM2: 400, radiusMeters: 300, communityName: '柳岸社区', position: [113, 22] as [number, number], cost: null, capacity: 50, load: 49.6, gain: 40, serves: { demands: 3, weight: 1234, meanMeters: 80, greatestMeters: 200 }, loss: 40, runnerUp: null }
  expect(siteTooltip(site, 'people', 'zh')).toEqual({ title: '#3 柳岸社区', lines: ['是 1,234 人的最近一处', '负荷 50 / 50 人'] })
  const { load: _load, capacity: _capacity, ...free } = site
  expect(siteTooltip(free, 'beds', 'zh').lines).toEqual(['是 1,234 床的最近一处'])
  expect(siteTooltip(free, 'buildings', 'en')).toEqual({ title: '#3 柳岸社区', lines: ['nearest to 1,234 buildings'] })
})

/** The demo city from seed to rows: pure, the same bytes for the same seed and instant. */
import { divideCity } from './areas.ts'
import { raiseBuildings } from './buildings.ts'
import { weaveFabric } from './fabric.ts'
import { communityOwners, controlLayer, permitLayer } from './control.ts'
import { polygonsGeometry, ringGeometry } from './geometry.ts'
import { openFacilities } from './facilities.ts'
import { gatherEstates, plantGreens } from './greens.ts'
import { numberGrids } from './grids.ts'
import { publicIdOf } from './ids.ts'
import { reportIncidents } from './incidents.ts'
import { areaLayers, baseLayers, forestsOf, greenLayers, peopleLayers } from './land-layers.ts'
import { findLeftovers } from './leftovers.ts'
import { EstateNames, StreetNames } from './names.ts'
import { layNetwork } from './network.ts'
import { layParcels } from './parcels.ts'
import { setParts } from './parts.ts'
import { drawPlan, type Scale } from './plan.ts'
import { boxOf } from './polygon.ts'
import { countSquares, peopleOf, settlePeople } from './population.ts'
import { Random } from './random.ts'
import { networkRows, roadLayer } from './road-layers.ts'
import { Addresses, listKerbs } from './roadside.ts'
import { layRoads } from './roads.ts'
import type { DemoCity, LayerRows } from './rows.ts'
import { facilityLayer, parkEntrances, partLayer, placeCodes } from './service-layers.ts'
import { raiseHills, rollGround } from './terrain.ts'

export interface CityOptions {
  seed: string
  asOf: Date
  scale?: Scale
}

const DAY = 86_400_000

/** The catalogue's entry for incidents; its rows have a table and a shape of their own. */
const INCIDENT_LAYER: LayerRows = { key: 'incidents', kind: 'incidents', titleZh: '城市管理案件', titleEn: 'Incidents', owner: '绣川市城市运行管理中心（演示）', columns: [], rows: [], quality: { synthetic: true } }

/** Generates every row of the demo city. Takes a few seconds; touches neither clock, chance nor database. */
export function generateCity(options: CityOptions): DemoCity {
  const work = generateInStages(options)
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** The same in stages of a second or two, each named before it begins, so that a server can answer in between. */
export function* generateInStages({ seed, asOf, scale = 'full' }: CityOptions): Generator<string, DemoCity> {
  yield 'streets'

  const random = new Random(seed)
  const validFrom = new Date(asOf.getTime() - 90 * DAY)
  const provenance = { seed: `${seed}/${scale}`, validFrom }
  const plan = drawPlan(random.fork('plan'), scale)
  const fabric = weaveFabric(plan, random.fork('fabric'))
  const areas = divideCity(plan, fabric, random.fork('areas'))
  yield 'parcels'
  const parcels = layParcels(plan, fabric, random.fork('parcels'))
  const rootAt = (cell: { community: number }): string => areas.codes[cell.community]!.name.replace(/社区$/, '')
  const greens = plantGreens(plan, fabric, parcels, rootAt, random.fork('greens'))
  const plots = findLeftovers(plan, fabric, parcels, random.fork('plots'))
  const estates = gatherEstates(fabric, parcels, new EstateNames(random.fork('estates')), rootAt)
  yield 'buildings'
  const { buildings, lanes } = raiseBuildings(fabric, parcels, random.fork('buildings'))
  const people = settlePeople(fabric, parcels, buildings, peopleOf(scale, plan), random.fork('people'))
  const grids = numberGrids(fabric, areas, buildings, people, random.fork('grids'))
  yield 'roads'
  const { roads, names } = layRoads(plan, fabric, new StreetNames(random.fork('streets')))
  const network = networkRows(layNetwork(fabric, lanes, buildings), rollGround(plan, random.fork('ground')), provenance)
  yield 'hills'
  const hills = raiseHills(plan, random.fork('hills'))
  const estatePeople = estates.map((estate) => estate.cells.reduce((sum, cell) => sum + grids[cell]!.population, 0))
  yield 'services'
  const kerbs = listKerbs(fabric, names)
  const addresses = new Addresses(fabric, areas, kerbs)
  const facilities = openFacilities(plan, fabric, parcels, greens, addresses, rootAt, random.fork('facilities'))
  const codesOf = (cell: number): ReturnType<typeof placeCodes> => placeCodes(fabric, areas, grids, cell)
  const parts = setParts(plan, fabric, kerbs, greens, (cell) => codesOf(cell).county, random.fork('parts'))
  yield 'incidents'
  const { incidents, numbers } = reportIncidents({ plan, fabric, parts, addresses, codesOf, provenance }, asOf, random.fork('incidents'))
  const greenRows = greenLayers(plan, fabric, greens, forestsOf(plan, hills), provenance)
  const greenKeys = greenRows[0]!.rows.map((row) => row.sourceKey)
  const plotNames = plots.map((plot) => `${rootAt(fabric.cells[plot.cell]!)}${plot.class}`)
  const ground = { fabric, areas, parcels, greens, kerbs }
  yield 'rows'
  const box = boxOf(plan.city)
  return {
    publicId: publicIdOf(seed, validFrom, 'city', scale),
    nameZh: '绣川市',
    nameEn: 'Xiuchuan',
    asOf,
    validFrom,
    source: `合成演示数据 synthetic demo data, seed ${seed}`,
    boundary: polygonsGeometry(areas.city),
    extent: ringGeometry([[box.minX, box.minY], [box.maxX, box.minY], [box.maxX, box.maxY], [box.minX, box.maxY]]),
    layers: [
      ...areaLayers(areas, fabric, grids, provenance),
      ...greenRows,
      ...baseLayers(plan, hills, plots, plotNames, estates, estatePeople, provenance),
      ...peopleLayers(buildings, people, countSquares(buildings, people), () => null, provenance),
      roadLayer(roads, provenance),
      network.layer,
      facilityLayer(facilities, addresses, provenance),
      partLayer(parts, grids, provenance),
      permitLayer(ground, asOf, random.fork('permits'), provenance),
      controlLayer(ground, random.fork('control'), provenance),
      INCIDENT_LAYER,
    ],
    entrances: parkEntrances(greens, greenKeys, provenance),
    nodes: network.nodes,
    edges: network.edges,
    incidents,
    numbers,
    owners: communityOwners(ground, grids, provenance),
  }
}


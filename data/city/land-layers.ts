/** Catalogue layers of land and people: areas, cells, green, homes, water, hills, plots, population, buildings. */
import type { Areas } from './areas.ts'
import type { Building } from './buildings.ts'
import type { Fabric } from './fabric.ts'
import { polygonsGeometry, ringGeometry, ringsGeometry } from './geometry.ts'
import type { Estate, Green } from './greens.ts'
import type { GridCell } from './grids.ts'
import { buildLayer, type Provenance, round } from './layer-builder.ts'
import type { LeftoverPlot } from './leftovers.ts'
import { outlines } from './outlines.ts'
import type { Plan } from './plan.ts'
import type { Ring } from './plane.ts'
import { contains, ringArea } from './polygon.ts'
import type { People, PopulationSquare } from './population.ts'
import type { LayerRows } from './rows.ts'
import type { Hill } from './terrain.ts'

const PLANNING = '自然资源和规划局'
const GARDENS = '园林绿化局'
const CENTRE = '城市运行管理中心'
const number = (prefix: string, index: number, digits = 5): string => `${prefix}${String(index + 1).padStart(digits, '0')}`

export function areaLayers({ areas, codes }: Areas, fabric: Fabric, grids: readonly GridCell[], provenance: Provenance): LayerRows[] {
  const population = new Map<string, number>()
  fabric.cells.forEach((cell, index) => {
    const code = codes[cell.community]!
    for (const area of [code.county, code.street, code.community]) population.set(area, (population.get(area) ?? 0) + grids[index]!.population)
  })
  return [
    buildLayer(
      { key: 'administrative-areas', kind: 'administrative_areas', titleZh: '行政区划（区县、街道、社区）', titleEn: 'Counties, streets and communities', owner: '民政局', columns: [['level', 'text'], ['code', 'text'], ['parent_code', 'text'], ['name', 'text'], ['population', 'integer'], ['area_m2', 'double precision']] },
      areas.map((area) => ({ key: area.code, values: { level: area.level, code: area.code, parent_code: area.parentCode, name: area.name, population: population.get(area.code) ?? 0, area_m2: round(area.areaM2) }, geometry: polygonsGeometry(area.polygons) })),
      provenance,
    ),
    buildLayer(
      {
        key: 'unit-grids', kind: 'unit_grids', titleZh: '单元网格', titleEn: 'Unit grid cells', owner: CENTRE,
        columns: [['code', 'text'], ['name', 'text'], ['community_code', 'text'], ['street_code', 'text'], ['county_code', 'text'], ['grade', 'text'], ['population', 'integer'], ['owner_name', 'text'], ['area_m2', 'double precision']],
        quality: { rule: 'GB/T 30428.1: no gap, no overlap, each cell within one community' },
      },
      fabric.cells.map((cell, index) => {
        const grid = grids[index]!
        const code = codes[cell.community]!
        return {
          key: grid.code,
          values: { code: grid.code, name: grid.name, community_code: code.community, street_code: code.street, county_code: code.county, grade: grid.grade, population: grid.population, owner_name: grid.owner, area_m2: round(cell.area) },
          geometry: ringsGeometry([fabric.mesh.ring(cell.face)]),
        }
      }),
      provenance,
    ),
  ]
}

export function greenLayers(plan: Plan, fabric: Fabric, greens: readonly Green[], forests: readonly { name: string; classCode: string; ring: Ring }[], provenance: Provenance): LayerRows[] {
  const rows = greens.map((green, index) => ({
    key: number('LD', index),
    values: { class_code: green.classCode, name: green.name, counts_as_activity_site: green.counts, access: green.access, green_ratio: Math.round(green.greenRatio * 100), owner_name: '绣川市园林绿化中心', built_year: green.builtYear, area_m2: round(green.areaM2) },
    geometry: ringsGeometry(green.rings),
  }))
  const outer = forests.map((forest, index) => ({
    key: number('QY', index),
    values: { class_code: forest.classCode, name: forest.name, counts_as_activity_site: false, access: 'open', green_ratio: 95, owner_name: '绣川市林业中心', built_year: 1992, area_m2: round(ringArea(forest.ring)) },
    geometry: ringsGeometry([forest.ring]),
  }))
  const lined = greens.map((green, index) => ({ green, index })).filter(({ green }) => green.areaM2 > 4000)
  return [
    buildLayer({ key: 'green-spaces', kind: 'green_spaces', titleZh: '城市绿地', titleEn: 'Urban green spaces', owner: GARDENS, columns: [['class_code', 'text'], ['name', 'text'], ['counts_as_activity_site', 'boolean'], ['access', 'text'], ['green_ratio', 'real'], ['owner_name', 'text'], ['built_year', 'integer'], ['area_m2', 'double precision']], quality: { classes: 'CJJ/T 85-2017' } }, [...rows, ...outer], provenance),
    buildLayer({ key: 'green-lines', kind: 'green_lines', titleZh: '城市绿线', titleEn: 'Green control lines', owner: PLANNING, columns: [['code', 'text'], ['name', 'text'], ['area_m2', 'double precision']] }, lined.map(({ green, index }) => ({ key: number('LX', index), values: { code: number('LX', index), name: `${green.name}绿线`, area_m2: round(green.areaM2) }, geometry: ringsGeometry(green.rings) })), provenance),
    buildLayer({ key: 'built-up-area', kind: 'built_up_areas', titleZh: '建成区', titleEn: 'Built-up area', owner: PLANNING, columns: [['name', 'text'], ['area_m2', 'double precision']] }, builtUp(fabric), provenance),
    buildLayer({ key: 'historic-districts', kind: 'historic_districts', titleZh: '历史文化街区', titleEn: 'Historic districts', owner: PLANNING, columns: [['name', 'text'], ['area_m2', 'double precision']] }, historicDistricts(plan, fabric), provenance),
  ]
}

function builtUp(fabric: Fabric): { key: string; values: Record<string, string | number>; geometry: ReturnType<typeof polygonsGeometry> }[] {
  const polygons = outlines(fabric.mesh, new Map(fabric.cells.map((cell) => [cell.face, 0]))).get(0)!
  const area = fabric.cells.reduce((sum, cell) => sum + cell.area, 0)
  return [{ key: 'JCQ01', values: { name: '绣川市建成区', area_m2: round(area) }, geometry: polygonsGeometry(polygons) }]
}

/** Two quarters of the old core on either side of its main street. */
function historicDistricts(plan: Plan, fabric: Fabric): { key: string; values: Record<string, string | number>; geometry: ReturnType<typeof polygonsGeometry> }[] {
  const reach = 470 * plan.factor
  const labels = new Map<number, number>()
  for (const cell of fabric.cells) {
    if (cell.zone !== 'old' || cell.ground !== 'land') continue
    const [x, y] = cell.middle
    if (x < -20 && x > -reach * 1.15 && Math.abs(y - reach * 0.35) < reach * 0.62) labels.set(cell.face, 0)
    if (x > 20 && x < reach * 1.1 && Math.abs(y + reach * 0.55) < reach * 0.6) labels.set(cell.face, 1)
  }
  const names = ['文庙坊历史文化街区', '织造府历史文化街区']
  return [...outlines(fabric.mesh, labels)].sort(([a], [b]) => a - b).map(([index, polygons]) => {
    const area = polygons.reduce((sum, [outer, ...holes]) => sum + ringArea(outer!) - holes.reduce((total, hole) => total + ringArea(hole), 0), 0)
    return { key: number('LS', index, 2), values: { name: names[index]!, area_m2: round(area) }, geometry: polygonsGeometry(polygons) }
  })
}

export function baseLayers(plan: Plan, hills: readonly Hill[], plots: readonly LeftoverPlot[], plotNames: readonly string[], estates: readonly Estate[], estatePeople: readonly number[], provenance: Provenance): LayerRows[] {
  const waters: { name: string; class: string; rings: Ring[] }[] = [{ name: '绣川', class: 'river', rings: [cityRiver(plan), ...(plan.island ? [plan.island.toReversed()] : [])] }]
  if (plan.lake) waters.push({ name: '月湖', class: 'lake', rings: [plan.lake] })
  if (plan.moat) waters.push({ name: '护城河', class: 'moat', rings: [plan.moat.outer, plan.moat.inner.toReversed()] })
  const areaOf = (rings: readonly Ring[]): number => ringArea(rings[0]!) - rings.slice(1).reduce((sum, ring) => sum + ringArea(ring), 0)
  return [
    buildLayer({ key: 'water', kind: 'water_bodies', titleZh: '水系', titleEn: 'Water', owner: '水利局', columns: [['name', 'text'], ['class', 'text'], ['area_m2', 'double precision']] }, waters.map((water, index) => ({ key: number('SX', index, 2), values: { name: water.name, class: water.class, area_m2: round(areaOf(water.rings)) }, geometry: polygonsGeometry([water.rings]) })), provenance),
    buildLayer({ key: 'terrain', kind: 'terrain_areas', titleZh: '山体', titleEn: 'Hills', owner: PLANNING, columns: [['name', 'text'], ['class', 'text'], ['level', 'integer'], ['area_m2', 'double precision']] }, hills.flatMap((hill) => hill.polygons.map((polygon, index) => ({ key: `ST${hill.level}-${String(index + 1).padStart(3, '0')}`, values: { name: null, class: 'hill', level: hill.level, area_m2: round(areaOf(polygon)) }, geometry: polygonsGeometry([polygon]) }))), provenance),
    buildLayer({ key: 'leftover-plots', kind: 'leftover_plots', titleZh: '边角地、闲置地、废弃地', titleEn: 'Leftover plots', owner: PLANNING, columns: [['code', 'text'], ['name', 'text'], ['class', 'text'], ['ownership', 'text'], ['land_use', 'text'], ['area_m2', 'double precision']] }, plots.map((plot, index) => ({ key: number('BJ', index, 4), values: { code: number('BJ', index, 4), name: plotNames[index]!, class: plot.class, ownership: plot.ownership, land_use: plot.landUse, area_m2: round(plot.areaM2) }, geometry: ringsGeometry([plot.ring]) })), provenance),
    buildLayer({ key: 'residential-land', kind: 'residential_areas', titleZh: '居住用地', titleEn: 'Residential land', owner: PLANNING, columns: [['code', 'text'], ['name', 'text'], ['population', 'integer'], ['area_m2', 'double precision']] }, estates.map((estate, index) => ({ key: number('JZ', index, 4), values: { code: number('JZ', index, 4), name: estate.name, population: estatePeople[index]!, area_m2: round(estate.areaM2) }, geometry: ringsGeometry(estate.rings) })), provenance),
  ]
}

/** The river from one border of the city to the other. */
function cityRiver(plan: Plan): Ring {
  const reach = 1500 * plan.factor
  const east = Math.max(...plan.city.map(([x]) => x)) + reach
  const west = Math.min(...plan.city.map(([x]) => x)) - reach
  return plan.river.filter(([x]) => x > west && x < east)
}

export function peopleLayers(buildings: readonly Building[], people: readonly People[], squares: readonly PopulationSquare[], nameOf: (index: number) => string | null, provenance: Provenance): LayerRows[] {
  return [
    buildLayer(
      { key: 'population-100m', kind: 'population_cells', titleZh: '人口格网（100 m）', titleEn: 'Population in 100 m squares', owner: '统计局', columns: [['code', 'text'], ['population', 'double precision'], ['elders', 'double precision'], ['children', 'double precision'], ['area_m2', 'double precision']], quality: { method: 'counted from buildings; ages brought to the national shares of 2020: 13.50 % of 65 and older, 17.95 % of 0 to 14 (Seventh National Population Census, Communiqué No. 5)' } },
      squares.map((square) => ({ key: square.code, values: { code: square.code, population: square.population, elders: square.elders, children: square.children, area_m2: 10_000 }, geometry: ringGeometry(square.ring) })),
      provenance,
    ),
    buildLayer(
      { key: 'buildings', kind: 'buildings', titleZh: '建筑', titleEn: 'Buildings', owner: PLANNING, columns: [['name', 'text'], ['class', 'text'], ['height_meters', 'real'], ['floors', 'integer'], ['population', 'double precision'], ['elders', 'double precision'], ['children', 'double precision'], ['area_m2', 'double precision']] },
      buildings.map((building, index) => ({
        key: number('JZW', index),
        values: { name: nameOf(index), class: building.class, height_meters: building.heightMeters, floors: building.floors, population: people[index]!.population, elders: people[index]!.elders, children: people[index]!.children, area_m2: round(building.areaM2) },
        geometry: ringsGeometry([building.ring]),
      })),
      provenance,
    ),
  ]
}

/** Forest parks and scenic areas in the hills, outside the built-up area. */
export function forestsOf(plan: Plan, hills: readonly Hill[]): { name: string; classCode: string; ring: Ring }[] {
  const names = [['绣岭国家森林公园', 'EG12'], ['凤山风景名胜区', 'EG11'], ['云台郊野公园', 'EG14'], ['青溪郊野公园', 'EG14'], ['苍梧生态保育林', 'EG2'], ['栖霞森林公园', 'EG12']] as const
  const level = hills.find((hill) => hill.level === 3)?.polygons.map(([outer]) => outer!) ?? []
  return level
    .filter((ring) => ring.every((point) => contains(plan.city, point)))
    .sort((a, b) => ringArea(b) - ringArea(a))
    .slice(0, names.length)
    .map((ring, index) => ({ name: names[index]![0], classCode: names[index]![1], ring }))
}

/** Catalogue layers of services: facilities, parts, entrances of parks. */
import type { Areas } from './areas.ts'
import { SCHEME_ID } from './classes.ts'
import type { Fabric } from './fabric.ts'
import type { Facility } from './facilities.ts'
import { pointGeometry } from './geometry.ts'
import type { Green } from './greens.ts'
import type { GridCell } from './grids.ts'
import { publicIdOf } from './ids.ts'
import { buildLayer, type Provenance } from './layer-builder.ts'
import type { Part } from './parts.ts'
import type { Point } from './plane.ts'
import { distance } from './polygon.ts'
import type { Addresses } from './roadside.ts'
import type { EntranceRow, LayerRows } from './rows.ts'

export function facilityLayer(facilities: readonly Facility[], addresses: Addresses, provenance: Provenance): LayerRows {
  return buildLayer(
    { key: 'facilities', kind: 'facilities', titleZh: '公共服务设施', titleEn: 'Public facilities', owner: '城市运行管理中心', columns: [['code', 'text'], ['class', 'text'], ['name', 'text'], ['address', 'text'], ['capacity', 'double precision'], ['level', 'text'], ['owner_name', 'text']] },
    facilities.map((facility, index) => {
      const code = `SS${String(index + 1).padStart(5, '0')}`
      return {
        key: code,
        values: { code, class: facility.class, name: facility.name, address: addresses.of(facility.cell, facility.point), capacity: facility.capacity, level: facility.level, owner_name: facility.owner },
        attributes: facility.attributes,
        geometry: pointGeometry(facility.point),
      }
    }),
    provenance,
  )
}

export function partLayer(parts: readonly Part[], grids: readonly GridCell[], provenance: Provenance): LayerRows {
  return buildLayer(
    { key: 'parts', kind: 'parts', titleZh: '城市管理部件', titleEn: 'Managed parts', owner: '城市运行管理中心', columns: [['code', 'text'], ['scheme_id', 'text'], ['class_code', 'text'], ['name', 'text'], ['state', 'text'], ['department', 'text'], ['maintainer', 'text'], ['grid_code', 'text']], quality: { accuracy: 'A ±0.5 m (synthetic)' } },
    parts.map((part) => ({
      key: part.code,
      values: { code: part.code, scheme_id: SCHEME_ID, class_code: part.classCode, name: part.name, state: part.state, department: part.department, maintainer: part.maintainer, grid_code: grids[part.cell]!.code },
      attributes: { set_loc: part.place, data_source: '普查' },
      geometry: pointGeometry(part.point),
    })),
    provenance,
  )
}

/** One gate for a pocket park, up to six for a large one, spread along its border. */
export function parkEntrances(greens: readonly Green[], greenKeys: readonly string[], { seed, validFrom }: Provenance): EntranceRow[] {
  return greens.flatMap((green, index) => {
    if (green.classCode === 'G2') return []
    const wanted = green.areaM2 > 100_000 ? 6 : green.areaM2 > 20_000 ? 4 : green.areaM2 > 4000 ? 2 : 1
    const sides = green.rings.flatMap((ring) => ring.map((point, at) => ({ middle: middleOf(point, ring[(at + 1) % ring.length]!), length: distance(point, ring[(at + 1) % ring.length]!) })))
    const gates: Point[] = []
    for (const { middle } of sides.sort((a, b) => b.length - a.length)) {
      if (gates.length >= wanted) break
      if (gates.every((gate) => distance(gate, middle) > Math.sqrt(green.areaM2) * 0.45)) gates.push(middle)
    }
    return gates.map((gate, order): EntranceRow => ({
      publicId: publicIdOf(seed, validFrom, 'entrance', `${greenKeys[index]!}/${order}`),
      greenKey: greenKeys[index]!,
      name: `${green.name}${sideOf(green.middle, gate)}${order > 3 ? '侧' : ''}门`,
      geometry: pointGeometry(gate),
    }))
  })
}

const middleOf = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]

function sideOf(middle: Point, gate: Point): string {
  const angle = Math.atan2(gate[1] - middle[1], gate[0] - middle[0])
  return ['东', '北', '西', '南'][((Math.round(angle / (Math.PI / 2)) % 4) + 4) % 4]!
}

/** 15-digit cell and the codes above it, by index of the cell. */
export function placeCodes(fabric: Fabric, areas: Areas, grids: readonly GridCell[], cell: number): { county: string; street: string; community: string; grid: string } {
  const { county, street, community } = areas.codes[fabric.cells[cell]!.community]!
  return { county, street, community, grid: grids[cell]!.code }
}

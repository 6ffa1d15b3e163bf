/** What the city allows and watches: permits along streets and on building sites, control areas, and who answers for each community. */
import type { Areas } from './areas.ts'
import type { Fabric } from './fabric.ts'
import { polygonsGeometry, ringGeometry, ringsGeometry } from './geometry.ts'
import type { Green } from './greens.ts'
import type { GridCell } from './grids.ts'
import { publicIdOf } from './ids.ts'
import { buildLayer, type Draft, type Provenance, round } from './layer-builder.ts'
import type { Parcel } from './parcels.ts'
import type { Ring } from './plane.ts'
import { ringArea } from './polygon.ts'
import type { Random } from './random.ts'
import { type Kerb, pointOn } from './roadside.ts'
import type { LayerRows, OwnerRow } from './rows.ts'

const DAY = 86_400_000
const SITE_OWNERS = ['绣川城建集团', '绣川轨道交通公司', '绣川水务集团', '绣川燃气公司', '绣川供电公司'] as const
const SCENIC_PARKS = 3
const NIGHT_MARKETS = 4
const KEY_COMMUNITIES = 3
const EVENING = 18 * 60
const MIDNIGHT = 24 * 60

interface Ground {
  fabric: Fabric
  areas: Areas
  parcels: readonly Parcel[]
  greens: readonly Green[]
  kerbs: readonly Kerb[]
}

/** A strip beside a street: from its edge `near` to `far` metres, over part of its length. */
function strip(kerb: Kerb, from: number, to: number, near: number, far: number): Ring {
  return [pointOn(kerb, from, near), pointOn(kerb, to, near), pointOn(kerb, to, far), pointOn(kerb, from, far)]
}

function period(asOf: Date, random: Random, most: number): { starts_at: string; ends_at: string } {
  const start = asOf.getTime() - random.integer(1, most) * DAY
  // A few have run out: they must not show with a case of today.
  return { starts_at: new Date(start).toISOString(), ends_at: new Date(random.chance(0.2) ? asOf.getTime() - DAY / 2 : asOf.getTime() + random.integer(5, most) * DAY).toISOString() }
}

export function permitLayer({ fabric, areas, parcels, kerbs }: Ground, asOf: Date, random: Random, provenance: Provenance): LayerRows {
  const rows: Draft[] = []
  const code = (word: string): string => `${word}〔${asOf.getUTCFullYear()}〕${String(rows.length + 1).padStart(3, '0')}号`
  const add = (kind: string, word: string, name: string, holder: string, issuer: string, times: ReturnType<typeof period>, ring: Ring): void => {
    const key = code(word)
    rows.push({ key, values: { code: key, name, kind, holder, issued_by: issuer, ...times }, geometry: ringGeometry(ring) })
  }
  const streets = random.shuffle(kerbs.filter((kerb) => kerb.length > 60 && kerb.street !== null && (kerb.class === 'local' || kerb.class === 'secondary')))
  for (const kerb of streets.slice(0, 24)) add('excavation', '掘路', `${kerb.street}管线开挖`, SITE_OWNERS[random.integer(0, SITE_OWNERS.length - 1)]!, '城市管理局', period(asOf, random, 40), strip(kerb, 0.25, 0.25 + 30 / kerb.length, -4, 0))
  const busy = streets.slice(24).filter((kerb) => fabric.cells[kerb.cell]!.use === 'commercial')
  for (const kerb of busy.slice(0, 20)) add('occupation', '占道', `${kerb.street}外摆经营`, `${areas.codes[fabric.cells[kerb.cell]!.community]!.name}商户`, '城市管理局', period(asOf, random, 60), strip(kerb, 0.4, 0.4 + 15 / kerb.length, 0, 3))
  const sites = random.shuffle(parcels.filter((parcel) => parcel.rest && (parcel.purpose === 'towers' || parcel.purpose === 'offices') && ringArea(parcel.rest) > 6000))
  for (const site of sites.slice(0, 12)) add('construction', '施工', `${areas.codes[fabric.cells[site.cell]!.community]!.name}地块项目`, '绣川城建集团', '住房和城乡建设局', period(asOf, random, 300), site.rest!)
  return buildLayer(
    { key: 'permits', kind: 'permits', titleZh: '占道、挖掘与施工许可', titleEn: 'Permits to occupy, dig and build', owner: '行政审批局', columns: [['code', 'text'], ['name', 'text'], ['kind', 'text'], ['holder', 'text'], ['issued_by', 'text'], ['starts_at', 'timestamptz'], ['ends_at', 'timestamptz']] },
    rows,
    provenance,
  )
}

export function controlLayer({ fabric, areas, greens }: Ground, random: Random, provenance: Provenance): LayerRows {
  const rows: Draft[] = []
  const add = (word: string, values: Draft['values'], areaM2: number, geometry: Draft['geometry']): void => {
    const key = `${word}${String(rows.length + 1).padStart(3, '0')}`
    rows.push({ key, values: { code: key, area_m2: round(areaM2), ...values }, geometry })
  }
  for (const green of [...greens].sort((a, b) => b.areaM2 - a.areaM2).slice(0, SCENIC_PARKS)) add('FJ', { kind: 'scenic', name: `${green.name}景区`, tip: '景区内案件须同时告知景区管理单位' }, green.areaM2, ringsGeometry(green.rings))
  const markets = random.shuffle(fabric.cells.filter((cell) => cell.use === 'commercial' && (cell.zone === 'old' || cell.zone === 'inner')))
  for (const cell of markets.slice(0, NIGHT_MARKETS)) {
    add('YS', { kind: 'no_report', name: `${areas.codes[cell.community]!.name}夜市`, classes: 'event:0401,event:0406', from_minute: EVENING, to_minute: MIDNIGHT, tip: '核准夜市，18:00 至 24:00 的经营活动不予采集；占用消防通道除外' }, cell.area, ringsGeometry([fabric.mesh.ring(cell.face)]))
  }
  const centres = [...new Set(fabric.cells.filter((cell) => cell.zone === 'cbd').map((cell) => areas.codes[cell.community]!.community))].sort()
  for (const area of areas.areas.filter((one) => centres.slice(0, KEY_COMMUNITIES).includes(one.code))) add('ZD', { kind: 'key_area', name: `${area.name}重点管控区`, tip: '重点区域：立案后优先派遣' }, area.areaM2, polygonsGeometry(area.polygons))
  return buildLayer(
    {
      key: 'control-areas', kind: 'control_areas', titleZh: '管控区域', titleEn: 'Control areas', owner: '城市运行管理中心',
      columns: [['code', 'text'], ['name', 'text'], ['kind', 'text'], ['classes', 'text'], ['from_minute', 'integer'], ['to_minute', 'integer'], ['tip', 'text'], ['area_m2', 'double precision']],
    },
    rows,
    provenance,
  )
}

/** As in any city, a few communities were handed over and never taken up, and for some nobody is named. */
const WITHOUT_OWNER = { every: 50, at: 23 }
const WITHOUT_PERSON = { every: 33, at: 17 }

/** The street's office answers for nearly every one of its communities; the keeper of its first cells is the person to call. */
export function communityOwners({ fabric, areas }: Pick<Ground, 'fabric' | 'areas'>, grids: readonly GridCell[], { seed, validFrom }: Provenance): OwnerRow[] {
  const keepers = new Map<number, string>()
  fabric.cells.forEach((cell, index) => {
    if (!keepers.has(cell.community)) keepers.set(cell.community, grids[index]!.owner)
  })
  return areas.codes.flatMap((code, community) => (community % WITHOUT_OWNER.every === WITHOUT_OWNER.at ? [] : [{ publicId: publicIdOf(seed, validFrom, 'grid-owner', code.community), areaCode: code.community, organisation: `${code.streetName}办事处`, person: community % WITHOUT_PERSON.every === WITHOUT_PERSON.at ? null : (keepers.get(community) ?? null) }]))
}

/** The official denominator: area of residential land, cut by the service areas where a parcel is neither wholly in nor wholly out. */
import type { Queryable } from '../db/db.ts'
import { SERVED } from '../engine/parcels.ts'
import type { Level } from './city-inputs.ts'
import type { ComputationThread } from './computation-thread.ts'
import { cutBySquare, intersectionAreas, measureLeftover, type Plane } from './geometry-queries.ts'
import type { ParcelRow } from './input-queries.ts'

/** Side of the squares that the service areas are joined in; what one statement has to hold. */
const TILE_METERS = 2000

export interface Tools {
  db: Queryable
  plane: Plane
  thread: ComputationThread
  signal: AbortSignal
  /** Statements at the same time. */
  concurrency: number
}

/** Runs `work` over the items, a few at a time; answers in their order. Stops at the first failure or at the signal. */
export async function inTurn<Item, Answer>(items: readonly Item[], concurrency: number, signal: AbortSignal, work: (item: Item, index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = []
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      signal.throwIfAborted()
      const index = next++
      answers[index] = await work(items[index]!, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane))
  return answers
}

/** Area of each shape in each unit of each level: [level][shape] → unit → square metres. */
export async function sharesByUnit(tools: Tools, shapes: readonly Uint8Array[], areas: readonly number[], levels: readonly Level[]): Promise<Map<number, number>[][]> {
  const { db, plane, thread, signal } = tools
  const attributions = await thread.compute('attributeShapes', { shapes: [...shapes], levels: levels.map((level) => level.shapes) }, signal)
  return inTurn(attributions, 1, signal, async ({ owner, pairs }, level) => {
    const shares = shapes.map(() => new Map<number, number>())
    owner.forEach((unit, shape) => {
      if (unit >= 0) shares[shape]!.set(unit, areas[shape]!)
    })
    const chunks: (typeof pairs)[] = []
    for (let start = 0; start < pairs.length; start += 1000) chunks.push(pairs.slice(start, start + 1000))
    const cut = await inTurn(chunks, tools.concurrency, signal, (chunk) =>
      intersectionAreas(db, plane, shapes, levels[level]!.shapes, chunk.map(({ parcel, unit }) => ({ left: parcel, right: unit }))),
    )
    chunks.forEach((chunk, index) =>
      chunk.forEach(({ parcel, unit }, at) => {
        const area = cut[index]![at]!
        if (area > 0) shares[parcel]!.set(unit, area)
      }),
    )
    return shares
  })
}

export interface ResidentialResult {
  totalM2: number
  leftoverM2: number
  /** Sums per unit, for each level. */
  levels: { covered: Float64Array; total: Float64Array }[]
  /** What no service area reaches, as single polygons. */
  gaps: { areaM2: number; wkb: Uint8Array }[]
}

export interface ServedPiece {
  areaM2: number
  wkb: Uint8Array
}

/** Cuts residential land (none for other cities) by the service areas, and draws the served area square by square. */
export async function cutResidential(
  tools: Tools,
  input: { facilities: Uint8Array[]; radii: Float64Array; parcels: ParcelRow[]; levels: Level[]; clip: Uint8Array | null },
  progress: (share: number) => Promise<void>,
): Promise<{ residential: ResidentialResult; served: ServedPiece[] }> {
  const { db, plane, thread, signal } = tools
  const shapes = input.parcels.map((parcel) => parcel.wkb as Uint8Array)
  const areas = input.parcels.map((parcel) => parcel.areaM2)
  const plan = await thread.compute('planTiles', { facilities: input.facilities, radii: input.radii, parcels: shapes, tileMeters: TILE_METERS, everywhere: true }, signal)
  await progress(0.1)
  const parcelShares = await sharesByUnit(tools, shapes, areas, input.levels)
  await progress(0.3)

  const served: ServedPiece[] = []
  const gaps: { areaM2: number; wkb: Uint8Array; parcel: number }[] = []
  let done = 0
  const cuts = await inTurn(plan.tiles, tools.concurrency, signal, async (tile) => {
    const rows = await cutBySquare(db, plane, tile.pieces, tile.parcels.map((parcel) => shapes[parcel]!), tile.box, input.clip)
    done += 1
    await progress(0.3 + (0.5 * done) / plan.tiles.length)
    return rows
  })
  cuts.forEach((rows, tile) => {
    for (const { parcel, areaM2, wkb } of rows) {
      if (parcel < 0) served.push({ areaM2, wkb })
      else gaps.push({ areaM2, wkb, parcel: plan.tiles[tile]!.parcels[parcel]! })
    }
  })

  // A gap of a parcel that lies wholly in one unit lies in that unit too; only gaps of divided parcels are looked at again.
  const unitOfWhole = (level: number, parcel: number) => {
    const [share, ...others] = parcelShares[level]![parcel]!
    return share && others.length === 0 && share[1] === areas[parcel] ? share[0] : undefined
  }
  const cutGaps = input.levels.map((_level, level) => gaps.filter((gap) => unitOfWhole(level, gap.parcel) === undefined))
  const gapShares = await inTurn(input.levels, 1, signal, async (level, index) => (await sharesByUnit(tools, cutGaps[index]!.map((gap) => gap.wkb), cutGaps[index]!.map((gap) => gap.areaM2), [level]))[0]!)
  await progress(0.95)

  const levels = input.levels.map((level, index) => {
    const total = new Float64Array(level.units.length)
    const left = new Float64Array(level.units.length)
    parcelShares[index]!.forEach((shares, parcel) => {
      for (const [unit, area] of shares) {
        total[unit]! += area
        if (plan.classes[parcel] === SERVED.no) left[unit]! += area
      }
    })
    for (const gap of gaps) {
      const unit = unitOfWhole(index, gap.parcel)
      if (unit !== undefined) left[unit]! += gap.areaM2
    }
    for (const shares of gapShares[index]!) for (const [unit, area] of shares) left[unit]! += area
    return { total, covered: total.map((area, unit) => Math.max(0, area - left[unit]!)) }
  })
  const whole = input.parcels.filter((_parcel, index) => plan.classes[index] === SERVED.no)
  const allGaps = [...whole.map(({ areaM2, wkb }) => ({ areaM2, wkb: wkb as Uint8Array })), ...gaps.map(({ areaM2, wkb }) => ({ areaM2, wkb }))]
  return {
    residential: { totalM2: areas.reduce((sum, area) => sum + area, 0), leftoverM2: allGaps.reduce((sum, gap) => sum + gap.areaM2, 0), levels, gaps: allGaps },
    served,
  }
}

/** Residential land served in another scenario, square metres: the same cut, without shapes. */
export async function measureServed(tools: Tools, input: { facilities: Uint8Array[]; radii: Float64Array; parcels: ParcelRow[] }): Promise<number> {
  const { db, plane, thread, signal } = tools
  const shapes = input.parcels.map((parcel) => parcel.wkb as Uint8Array)
  const plan = await thread.compute('planTiles', { facilities: input.facilities, radii: input.radii, parcels: shapes, tileMeters: TILE_METERS, everywhere: false }, signal)
  const leftovers = await inTurn(plan.tiles, tools.concurrency, signal, (tile) => measureLeftover(db, plane, tile.pieces, tile.parcels.map((parcel) => shapes[parcel]!)))
  const left = leftovers.reduce((sum, area) => sum + area, 0)
  return input.parcels.reduce((sum, parcel, index) => sum + (plan.classes[index] === SERVED.no ? 0 : parcel.areaM2), 0) - left
}


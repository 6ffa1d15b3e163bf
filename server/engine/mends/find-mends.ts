/** Ranks mends: the gain of each alone, and of the first of them one after the other, so that nobody is counted twice. */
import type { Candidates } from './candidates.ts'
import type { MendKind } from '../../contract/mends.ts'
import { effortOf, type MendableGround, type MendEdit, type MendEfforts, type MendGain } from './mend.ts'

export interface MendQuestion {
  candidates: readonly Candidates[]
  efforts: MendEfforts
  /** Size of a mend for its effort: metres of a way, square metres of a plot. */
  sizeOf: (edit: MendEdit) => number
  /** What is gained with each home: people, or 1; 0 for homes that do not count. */
  weights: Float64Array
  people: Float64Array
  /** Blind spot of each home; -1 outside all. */
  spots: Int32Array
  spotCount: number
  /** Mends told; mends taken in turn; mends among which the turns are chosen. */
  listed: number
  turns: number
  turnsFrom: number
  /** A mend is another's equal where it does the same place nearer than this. */
  apartMeters: number
}

export interface RankedMend {
  edit: MendEdit
  effort: number
  /** What the question asks after: people, or buildings. */
  gain: number
  people: number
  served: number[]
  lost: number[]
  /** 1 for the first taken in turn, and what it adds to those before it; null where it was not taken. */
  turn: { number: number; gain: number; people: number; homes: number; togetherGain: number; togetherPeople: number } | null
}

export interface MendAnswer {
  /** By gain for each unit of effort. */
  mends: RankedMend[]
  /** The mend of the list that serves most in each blind spot; -1 for none. */
  bestOfSpot: Int32Array
  /** What that mend gains in that blind spot. */
  gainOfSpot: Float64Array
  /** Candidates of each kind with a gain above zero. */
  gaining: Map<MendKind, number>
  /** Gaining mends that are not told: another does nearly the same with more gain, or the list is full. */
  alike: number
  unlisted: number
}

/** Of every kind at least so many are told, by gain for effort and by gain alone: a crossing is never as cheap as a gate, and may be what is asked for. */
export const TOLD_OF_KIND = 12

function firstOfEachKind(mends: readonly RankedMend[]): RankedMend[] {
  const byKind = new Map<MendKind, RankedMend[]>()
  for (const mend of mends) byKind.set(mend.edit.kind, [...(byKind.get(mend.edit.kind) ?? []), mend])
  return [...byKind.values()].flatMap((of) => [...of.slice(0, TOLD_OF_KIND), ...[...of].sort((a, b) => b.gain - a.gain).slice(0, TOLD_OF_KIND)])
}

const sumOf = (homes: readonly number[], weights: Float64Array) => homes.reduce((sum, home) => sum + weights[home]!, 0)

/** Where a mend is, for telling whether two are nearly the same. */
function placeOf(edit: MendEdit): { key: string; x: number; y: number } | undefined {
  if (edit.kind === 'gate') return { key: `gate ${edit.facility}`, x: edit.point[0], y: edit.point[1] }
  if (edit.kind === 'crossing') return { key: `crossing ${edit.barrier}`, x: (edit.line[0] + edit.line[2]) / 2, y: (edit.line[1] + edit.line[3]) / 2 }
  return undefined
}

/** @param heard called now and then with the share that is done, 0 to 1 */
export function findMends(ground: MendableGround, question: MendQuestion, heard: (share: number) => void = () => undefined): MendAnswer {
  const { weights, people, spots, spotCount, efforts, sizeOf } = question
  const gainIn = ({ served, lost }: MendGain, of: Float64Array) => sumOf(served, of) - sumOf(lost, of)
  const edits = question.candidates.flatMap((kind) => kind.edits)
  const found: RankedMend[] = []
  const gaining = new Map<MendKind, number>()
  edits.forEach((edit, at) => {
    if (at % 256 === 0) heard((0.8 * at) / edits.length)
    const all = ground.gainOf(edit)
    const { served, lost } = { served: all.served.filter((home) => weights[home]! > 0), lost: all.lost.filter((home) => weights[home]! > 0) }
    const gain = gainIn({ served, lost }, weights)
    if (!(gain > 0)) return
    gaining.set(edit.kind, (gaining.get(edit.kind) ?? 0) + 1)
    found.push({ edit, effort: effortOf(efforts, edit.kind, sizeOf(edit)), gain, people: gainIn({ served, lost }, people), served, lost, turn: null })
  })
  const worth = (mend: RankedMend) => mend.gain / mend.effort
  found.sort((a, b) => worth(b) - worth(a) || b.gain - a.gain)

  const kept: RankedMend[] = []
  const byPlace = new Map<string, { x: number; y: number }[]>()
  for (const mend of found) {
    const place = placeOf(mend.edit)
    if (place) {
      const others = byPlace.get(place.key) ?? []
      if (others.some(({ x, y }) => Math.hypot(x - place.x, y - place.y) < question.apartMeters)) continue
      byPlace.set(place.key, [...others, place])
    }
    kept.push(mend)
  }

  const best = bestOfSpots(kept, spots, spotCount, weights)
  const told = new Set([...kept.slice(0, question.listed), ...firstOfEachKind(kept), ...best.flatMap((one) => (one ? [one.mend] : []))])
  takeInTurn(ground, kept.slice(0, question.turnsFrom), question, gainIn, (share) => heard(0.8 + 0.2 * share)).forEach((mend) => told.add(mend))
  const mends = kept.filter((mend) => told.has(mend))
  const numbers = new Map(mends.map((mend, number) => [mend, number]))
  heard(1)
  return {
    mends,
    bestOfSpot: Int32Array.from(best, (one) => (one ? numbers.get(one.mend)! : -1)),
    gainOfSpot: Float64Array.from(best, (one) => one?.gain ?? 0),
    gaining,
    alike: found.length - kept.length,
    unlisted: kept.length - mends.length,
  }
}

/** For each blind spot the mend that serves most of it; of equals the cheaper, which comes first. */
function bestOfSpots(mends: readonly RankedMend[], spots: Int32Array, spotCount: number, weights: Float64Array): ({ mend: RankedMend; gain: number } | undefined)[] {
  const best: ({ mend: RankedMend; gain: number } | undefined)[] = Array.from({ length: spotCount })
  for (const mend of mends) {
    const inSpot = new Map<number, number>()
    for (const home of mend.served) if (spots[home]! >= 0) inSpot.set(spots[home]!, (inSpot.get(spots[home]!) ?? 0) + weights[home]!)
    for (const [spot, gain] of inSpot) {
      const former = best[spot]
      if (!former || gain > former.gain || (gain === former.gain && mend.effort < former.mend.effort)) best[spot] = { mend, gain }
    }
  }
  return best
}

/** Takes the mend with the most gain for its effort, mends the ground, looks again, so many times; what another has served already does not count. */
function takeInTurn(start: MendableGround, mends: readonly RankedMend[], { turns, weights, people }: MendQuestion, gainIn: (gain: MendGain, of: Float64Array) => number, heard: (share: number) => void): RankedMend[] {
  const taken: RankedMend[] = []
  let ground = start
  let [togetherGain, togetherPeople] = [0, 0]
  for (let number = 1; number <= turns; number += 1) {
    heard((number - 1) / turns)
    let best: { mend: RankedMend; gain: MendGain; worth: number } | undefined
    for (const mend of mends) {
      if (mend.turn) continue
      const gain = ground.gainOf(mend.edit)
      const worth = gainIn(gain, weights) / mend.effort
      if (worth > 0 && (!best || worth > best.worth)) best = { mend, gain, worth }
    }
    if (!best) break
    const { mend, gain } = best
    const [added, addedPeople] = [gainIn(gain, weights), gainIn(gain, people)]
    togetherGain += added
    togetherPeople += addedPeople
    mend.turn = { number, gain: added, people: addedPeople, homes: gain.served.filter((home) => weights[home]! > 0).length - gain.lost.filter((home) => weights[home]! > 0).length, togetherGain, togetherPeople }
    taken.push(mend)
    ground = ground.mended(mend.edit)
  }
  return taken
}

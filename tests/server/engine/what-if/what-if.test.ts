import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineWkb, pointWkb, polygonWkb } from '../../../../server/engine/packed-geometry.ts'
import type { WhatIfBase } from '../../../../server/engine/what-if/base.ts'
import type { IdentifiedEdit, MovableEdit } from '../../../../server/engine/what-if/plane-edits.ts'
import { WhatIf } from '../../../../server/engine/what-if/what-if.ts'
import { square } from '../shapes.ts'

const SPAN = 1200
const at = fc.tuple(fc.integer({ min: -50, max: SPAN + 50 }), fc.integer({ min: -50, max: SPAN + 50 }))

/** Streets as a lattice with some of them missing, a scrap beside it, homes and parks anywhere. */
const townOf = (aGap: fc.Arbitrary<boolean>) => fc
  .record({ gaps: fc.array(aGap, { minLength: 60, maxLength: 60 }), homes: fc.array(at, { minLength: 20, maxLength: 60 }), parks: fc.array(at, { minLength: 1, maxLength: 4 }), isWalk: fc.boolean() })
  .map(({ gaps, homes, parks, isWalk }): WhatIfBase => {
    const side = 6
    const step = SPAN / (side - 1)
    const streets: { from: number; to: number; line: number[] }[] = []
    const node = (column: number, row: number) => row * side + column
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        const here = [column * step, row * step]
        if (column + 1 < side && !(gaps[streets.length % gaps.length]! && gaps[(column * 7 + row) % gaps.length])) streets.push({ from: node(column, row), to: node(column + 1, row), line: [...here, here[0]! + step, here[1]!] })
        if (row + 1 < side) streets.push({ from: node(column, row), to: node(column, row + 1), line: [...here, here[0]! + 20, here[1]! + step / 2, here[0]!, here[1]! + step] })
      }
    }
    streets.push({ from: 36, to: 37, line: [SPAN + 200, 0, SPAN + 200, 150] })
    const points = Float64Array.from(homes.flat())
    const gates = parks.map(([x, y]) => Float64Array.of(x, y))
    return {
      bands: [{ minAreaM2: 0, maxAreaM2: null, zone: 'all', radiusMeters: 400 }], historic: [], points, weights: Float64Array.from(homes, (_home, home) => home + 1),
      facilities: parks.map(([x, y], park) => ({ id: `park ${park}`, name: null, wkb: polygonWkb([square(x, y, 80)]), radiusMeters: park % 2 === 0 ? 400 : 250, isShut: park === 3, isBarred: false, isOnRecord: park === 1, gates: gates[park]!, isPoint: Uint8Array.of(park === 2 ? 1 : 0) })),
      walking: isWalk
        ? {
            paths: { nodeCount: 38, from: Uint32Array.from(streets, ({ from }) => from), to: Uint32Array.from(streets, ({ to }) => to), courses: streets.map(({ line }) => lineWkb(line)), isBridge: Uint8Array.from(streets, (_street, street) => (street % 9 === 8 ? 1 : 0)), lengthMeters: Float64Array.from(streets, ({ line }) => line.reduce((sum, _value, place) => (place >= 2 && place % 2 === 0 ? sum + Math.hypot(line[place]! - line[place - 2]!, line[place + 1]! - line[place - 1]!) : sum), 0)) },
            homeToleranceMeters: 90, gateToleranceMeters: 60, pointToleranceMeters: 120, openEdgeSpacingMeters: 50, scrapShare: 0.3,
          }
        : null,
      area: isWalk ? null : { kind: 'residential', parcels: homes.slice(0, 6).map(([x, y]) => polygonWkb([square(x, y, 260)])), areasM2: new Float64Array(Math.min(6, homes.length)).fill(260 * 260) },
    }
  })

const aTown = townOf(fc.boolean())
const aPath = fc.record({ kind: fc.constant('path' as const), line: fc.array(at, { minLength: 2, maxLength: 4 }).map((places) => places.flat()), isCrossing: fc.boolean() })
const aMove: fc.Arbitrary<MovableEdit> = fc.oneof(
  aPath,
  fc.record({ kind: fc.constant('facility' as const), wkb: fc.tuple(at, fc.integer({ min: 20, max: 300 })).map(([[x, y], side]) => polygonWkb([square(x, y, side)])) }),
  fc.record({ kind: fc.constant('facility' as const), wkb: at.map(([x, y]) => pointWkb(x, y)) }),
  fc.record({ kind: fc.constant('change' as const), feature: fc.constantFrom('park 0', 'park 3'), wkb: fc.tuple(at, fc.integer({ min: 60, max: 200 })).map(([[x, y], side]) => polygonWkb([square(x, y, side), square(x + 20, y + 20, side / 3).toReversed()])) }),
  fc.record({ kind: fc.constant('gate' as const), feature: fc.constant('park 0'), point: at }),
)
const anEdit: fc.Arbitrary<IdentifiedEdit> = fc.tuple(fc.uuid(), fc.oneof(aMove, fc.record({ kind: fc.constant('close_path' as const), point: at }), fc.record({ kind: fc.constant('close_gate' as const), feature: fc.constantFrom('park 0', 'park 1'), point: at }), fc.record({ kind: fc.constantFrom('close' as const, 'open' as const), feature: fc.constantFrom('park 1', 'park 3') }))).map(([id, edit]) => ({ ...edit, id }))

test('a move over any state is what the whole state with it would be: homes, people and area, by both rulers', () => {
  fc.assert(
    fc.property(aTown, fc.array(anEdit, { maxLength: 3 }), fc.array(aMove, { minLength: 1, maxLength: 3 }), (base, edits, moves) => {
      const [moving, still] = [new WhatIf(base), new WhatIf(base)]
      for (const move of moves) {
        // What is moved is not where it was meanwhile.
        const lifted: IdentifiedEdit[] = move.kind === 'change' ? [...edits.filter((edit) => !(edit.kind === 'change' && edit.feature === move.feature)), { id: 'moved', kind: 'close', feature: move.feature }] : edits
        moving.begin(lifted)
        const { radiusMeters: _radius, notEntered: _why, area, ...told } = moving.move({ ...move, id: 'moved' })
        const { radiusMeters: _none, notEntered: _nothing, area: wholeArea, ...whole } = still.begin([...lifted.filter(({ id }) => id !== 'moved'), { ...move, id: 'moved' }])
        expect(told).toEqual(whole)
        expect(area === null).toBe(wholeArea === null)
        for (const figure of ['totalM2', 'coveredM2', 'gainedM2', 'lostM2'] as const) expect(Math.abs((area?.[figure] ?? 0) - (wholeArea?.[figure] ?? 0))).toBeLessThan(1e-3)
      }
    }),
    { numRuns: 3000 },
  )
})

test('who is served with some edits is told as the whole state tells it, and the state begun stays', () => {
  fc.assert(
    fc.property(aTown, fc.array(anEdit, { maxLength: 3 }), fc.array(anEdit, { maxLength: 3 }), (base, edits, others) => {
      const whatIf = new WhatIf(base)
      const begun = whatIf.begin(edits)
      const served = whatIf.servedWith(others)
      expect(whatIf.servedWith(edits).reduce((sum, isServed, home) => sum + isServed * base.weights[home]!, 0)).toBe(begun.covered)
      expect(base.weights.reduce((sum, weight, home) => sum + (served[home] ? weight : 0), 0)).toBe(new WhatIf(base).begin(others).covered)
    }),
    { numRuns: 100 },
  )
})

test('a path drawn in a town whose streets are all connected takes nobody’s service away', () => {
  let gaining = 0
  fc.assert(
    fc.property(townOf(fc.constant(false)).filter(({ walking }) => walking !== null), fc.array(anEdit.filter(({ kind }) => kind !== 'close_path'), { maxLength: 2 }), aPath, (base, edits, path) => {
      const whatIf = new WhatIf(base)
      const before = whatIf.begin(edits)
      const after = whatIf.move(path)
      expect(after.covered).toBeGreaterThanOrEqual(before.covered)
      expect([...after.lostHomes].filter((home) => !before.lostHomes.includes(home))).toEqual([])
      if (after.covered > before.covered) gaining += 1
    }),
    { numRuns: 200 },
  )
  expect(gaining).toBeGreaterThan(5)
})

import { expect, test } from 'vitest'
import { boxOfAnswer } from '../../../client/planning/answer-box.ts'

type Answer = Parameters<typeof boxOfAnswer>[0]
const city: [number, number, number, number] = [0, 0, 10, 10]
const siting = (sites: [number, number][], positions: number[], servedBy: number[]): Answer => ({ kind: 'siting', drawing: { sites: sites.map((position, index) => ({ number: index + 1, position, geometry: null })), homes: { positions, weights: [], servedBy, isCut: false }, candidates: [[9, 9]] } })
const supply = (positions: number[]): Answer => ({ kind: 'supply', drawing: { points: { positions, perPerson: [], people: [], isOutOfReach: [], isCut: false }, streets: [], communities: [], cells: [] } })

test('sites lie with those whom they serve; who is served by what stands, or by nobody, is no part of the answer', () => {
  expect(boxOfAnswer(siting([[4, 4], [5, 6]], [3, 4, 6, 5, 9, 9, 0, 0], [1, 2, 0, -1]), city)).toEqual([3, 4, 6, 6])
})

test('supply lies where its homes do; what is as wide as the city, or nothing, is nowhere to go to', () => {
  expect(boxOfAnswer(supply([1, 2, 3, 4]), city)).toEqual([1, 2, 3, 4])
  expect([boxOfAnswer(supply([1, 2, 8, 4]), city), boxOfAnswer(supply([]), city), boxOfAnswer(siting([], [1, 1], [0]), city)]).toEqual([null, null, null])
})

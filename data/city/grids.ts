/** Unit grid cells: 15-digit codes in each community from north to south, grade, person in charge, people. */
import type { Areas } from './areas.ts'
import type { Building } from './buildings.ts'
import type { Fabric } from './fabric.ts'
import { personName } from './names.ts'
import type { People } from './population.ts'
import type { Random } from './random.ts'

export interface GridCell {
  code: string
  name: string
  grade: 'A' | 'B' | 'C'
  owner: string
  population: number
}

/** One grid cell per cell of the fabric, in the same order. */
export function numberGrids(fabric: Fabric, areas: Areas, buildings: readonly Building[], people: readonly People[], random: Random): GridCell[] {
  const population = fabric.cells.map(() => 0)
  buildings.forEach((building, index) => (population[building.cell]! += people[index]!.population))
  const order = fabric.cells.map((_, index) => index).sort((a, b) => fabric.cells[b]!.middle[1] - fabric.cells[a]!.middle[1] || fabric.cells[a]!.middle[0] - fabric.cells[b]!.middle[0])
  const counters = new Map<number, number>()
  const grids: GridCell[] = []
  const keepers = new Map<string, string>()
  for (const index of order) {
    const cell = fabric.cells[index]!
    const sequence = (counters.get(cell.community) ?? 0) + 1
    counters.set(cell.community, sequence)
    const area = areas.codes[cell.community]!
    // One person looks after about eight cells that follow each other.
    const beat = `${cell.community}/${Math.floor((sequence - 1) / 8)}`
    if (!keepers.has(beat)) keepers.set(beat, personName(random))
    const grade = cell.zone === 'old' || cell.zone === 'cbd' ? 'A' : cell.zone === 'industry' || cell.zone === 'fringe' || cell.use === 'open' || cell.use === 'water' ? 'C' : cell.use === 'commercial' ? 'A' : 'B'
    grids[index] = { code: `${area.community}${String(sequence).padStart(3, '0')}`, name: `${area.name}第${sequence}网格`, grade, owner: keepers.get(beat)!, population: population[index]! }
  }
  return grids
}

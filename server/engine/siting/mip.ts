import type { Highs, ModelData } from 'highs'
import type { Incumbent } from './incumbent.ts'

/** HiGHS, loaded by whoever runs the engine (a worker of the server or of the browser). */
export type MixedIntegerSolver = Highs

/** A model too large for the solver's memory and for anybody's patience is not begun: entries of its matrix. */
export const MOST_ENTRIES = 4_000_000

/** Relative distance between answer and bound at which the solver calls an answer proven: about what its arithmetic can tell apart. */
const PRECISION = 1e-9

export interface ModelOutcome {
  /** proven: solved to the end. infeasible: proven that there is no answer (better than the cut-off). stopped: time or cancel. failed: the solver gave up, with its words. */
  status: 'proven' | 'infeasible' | 'stopped' | 'failed'
  fault: string | null
}

export interface ModelRun {
  /** The model's best bound as a bound of the incumbent; HiGHS works with a tolerance of 1e-6, the incumbent's step and clamp take care of that. */
  onBound(bound: number): void
  /** A better answer as the values of the columns. */
  onSolution(values: Float64Array): void
  /** Values to begin with. */
  start?: { indices: Int32Array; values: Float64Array }
  /** Ends the run early besides time and cancel. */
  isEnough?(): boolean
}

/** Rows of a model as they are added. */
export class ModelRows {
  readonly lower: number[] = []
  readonly upper: number[] = []
  readonly starts: number[] = [0]
  readonly indices: number[] = []
  readonly values: number[] = []

  entry(column: number, value: number): void {
    this.indices.push(column)
    this.values.push(value)
  }

  end(lower: number, upper: number): void {
    this.lower.push(lower)
    this.upper.push(upper)
    this.starts.push(this.indices.length)
  }
}

export interface MixedIntegerModel {
  sense: 'maximize' | 'minimize'
  costs: Float64Array
  upper: Float64Array
  /** The first so many columns are yes or no; the others are continuous. */
  binaryCount: number
  rows: ModelRows
}

/** Solves a model with the incumbent's clock; answers and bounds are told as they come. */
export function runModel(highs: MixedIntegerSolver, model: MixedIntegerModel, incumbent: Incumbent, run: ModelRun): ModelOutcome {
  const { constants } = highs
  const columnCount = model.costs.length
  const rowCount = model.rows.lower.length
  // Everything was decided before: the solver takes no model without columns.
  if (columnCount === 0) {
    if (!model.rows.lower.every((lower, row) => lower <= 0 && model.rows.upper[row]! >= 0)) return { status: 'infeasible', fault: null }
    run.onSolution(new Float64Array(0))
    run.onBound(0)
    return { status: 'proven', fault: null }
  }
  const integrality = new Int32Array(columnCount)
  integrality.fill(constants.variableType.integer, 0, model.binaryCount)
  const data: ModelData = {
    numCols: columnCount,
    numRows: rowCount,
    sense: model.sense === 'maximize' ? constants.objectiveSense.maximize : constants.objectiveSense.minimize,
    colCost: model.costs,
    colLower: new Float64Array(columnCount),
    colUpper: model.upper.map((bound) => (bound === Infinity ? highs.infinity : bound)),
    rowLower: model.rows.lower.map((bound) => (bound === -Infinity ? -highs.infinity : bound)),
    rowUpper: model.rows.upper.map((bound) => (bound === Infinity ? highs.infinity : bound)),
    matrix: { format: 'csr', numRows: rowCount, numCols: columnCount, starts: Int32Array.from(model.rows.starts), indices: Int32Array.from(model.rows.indices), values: Float64Array.from(model.rows.values) },
    integrality,
  }
  const mustStop = () => incumbent.stop !== undefined || (run.isEnough?.() ?? false)
  try {
    return highs.withModel(data, (solver): ModelOutcome => {
      const seconds = (incumbent.control.stopAt - incumbent.control.now()) / 1000
      solver.options.set({
        output_flag: false,
        // Where objectives are multiples of a step, answers closer than a step are the same one.
        mip_rel_gap: incumbent.step > 0 ? 0 : PRECISION,
        mip_abs_gap: incumbent.step > 0 ? incumbent.step * 0.999 : 0,
        random_seed: 0,
      })
      if (Number.isFinite(seconds)) solver.options.set('time_limit', Math.max(0.01, seconds))
      if (run.start) solver.setSolution(run.start)
      const heard = (event: { data: { mip_dual_bound?: number } }): undefined => {
        if (event.data.mip_dual_bound !== undefined && Math.abs(event.data.mip_dual_bound) < 1e30) run.onBound(event.data.mip_dual_bound)
      }
      solver.run({
        [constants.callbackType.mipImprovingSolution](event) {
          if (event.data.mip_solution) run.onSolution(event.data.mip_solution)
        },
        [constants.callbackType.mipLogging]: heard,
        [constants.callbackType.mipInterrupt](event) {
          heard(event)
          if (mustStop()) event.interrupt()
        },
        [constants.callbackType.simplexInterrupt](event) {
          if (mustStop()) event.interrupt()
        },
      })
      const status = solver.getModelStatus()
      const { modelStatus } = constants
      if (status === modelStatus.optimal) {
        run.onSolution(solver.getSolution().colValue)
        run.onBound(solver.getObjectiveValue())
        return { status: 'proven', fault: null }
      }
      if (status === modelStatus.infeasible || status === modelStatus.unboundedOrInfeasible) return { status: 'infeasible', fault: null }
      if (status === modelStatus.timeLimit || status === modelStatus.interrupted) return { status: 'stopped', fault: null }
      return { status: 'failed', fault: `HiGHS ended with status ${status}` }
    })
  } catch (error) {
    return { status: 'failed', fault: error instanceof Error ? error.message : String(error) }
  }
}

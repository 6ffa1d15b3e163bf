/** `analyse mends`: what would serve the people in the blind spots, cheapest first. */
import type { AppContext } from '../../context.ts'
import { barrierText } from '../../contract/barrier-names.ts'
import type { Mend, MendKind } from '../../contract/mends.ts'
import { takeComputationThread } from '../../coverage/computation-thread.ts'
import { analyseMends, getMendableRun } from '../../mends/mends.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { answerCoverage, parseCoverageCall } from './coverage-call.ts'

export const MENDS_USAGE = `analyse mends --city ID (--rule PRESET | --radius METRES) [--ruler walk] [options of coverage] [--top N] [--json]

怎样补上盲区：开一处出入口、跨一处阻隔、在闲置地建口袋公园、开放一处绿地、接通一段断头路，各增加服务多少人，由引擎在改后的路网上算出。
What would serve the people in the blind spots: a gate, a crossing, a pocket park on a plot, a green opened, a path that joins a scrap of the network.
Every gain is computed by the ruler on the mended ground, not estimated. Asks for the coverage run first where the store has none.
By the straight line only plots and shut greens can be told: gates and ways change nothing on paper.

  --top N              how many mends to print (default 20); the JSON holds them all

Examples
  analyse mends --city demo --rule GARDEN_CITY_2022 --ruler walk
  analyse mends --city demo --rule POCKET_400 --ruler walk --json`

const KIND_TEXT: Record<MendKind, string> = { gate: '开出入口 gate', crossing: '跨越 crossing', facility: '建于闲置地 on a plot', open: '开放 open', path: '接通 path' }
const amount = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 })

function line({ rank, edit, name, place, gain, people, homes, effort, turn, barrier, wayRoundMeters }: Mend): string {
  const way = edit.kind === 'crossing' || edit.kind === 'path' ? ` ${amount(edit.lengthMeters)} m${wayRoundMeters === null ? '' : `（绕行 way round ${amount(wayRoundMeters)} m）`}` : edit.kind === 'facility' ? ` ${amount(edit.areaM2)} m²` : ''
  const inTurn = turn ? `  依次第 ${turn.number} 项 in turn ${turn.number}: +${amount(turn.gain)}, 累计 together ${amount(turn.togetherGain)}` : ''
  return `${rank}. ${KIND_TEXT[edit.kind]} ${name ?? (barrier ? barrierText(barrier) : '—')}${place ? ` · ${place}` : ''}${way}  +${amount(gain)}（${amount(people)} 人 people, ${amount(homes)} 处 homes）  用力 effort ${effort.toFixed(1)}${inTurn}`
}

/** @param args with the word `mends` first */
export async function analyseMendsCommand(args: string[], context: AppContext, io: CommandIo): Promise<unknown> {
  const call = parseCoverageCall(args, (what) => {
    if (what !== 'mends') throw new UsageError('say "mends" before its options: analyse mends …')
  })
  const coverage = await answerCoverage(context, call, io)
  const run = await getMendableRun(context.db, call.city, coverage.id)
  const thread = takeComputationThread()
  try {
    const { result } = await analyseMends(run, {
      db: context.db, thread, signal: io.signal,
      progress: async (stage, percent) => {
        io.signal.throwIfAborted()
        io.progress(percent, stage)
      },
    })
    io.print(`未覆盖 not served ${amount(result.unserved.gain)} ${result.unit}（${amount(result.unserved.people)} 人 people, ${amount(result.unserved.homes)} 处 homes）`)
    for (const { kind, found, computed, gaining, leftOut, missing } of result.kinds) io.print(`  ${KIND_TEXT[kind]}: 看过 looked at ${found}, 算过 computed ${computed}, 有效 gaining ${gaining}${Object.entries(leftOut).map(([reason, count]) => `, ${reason} ${count}`).join('')}${missing ? `  ${missing}` : ''}`)
    for (const mend of result.mends.slice(0, call.top)) io.print(line(mend))
    io.print(`用力为假定的相对倍数（第 ${result.settings.version} 版${result.settings.verified ? '' : '，未核实'}）。 Effort is a relative multiple (version ${result.settings.version}${result.settings.verified ? '' : ', not verified'}): ${result.settings.source}`)
    return { city: call.city, ...result }
  } finally {
    thread.release()
  }
}

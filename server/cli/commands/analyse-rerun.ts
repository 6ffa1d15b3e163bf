/** `analyse rerun`: a stored run computed again. */
import type { AppContext } from '../../context.ts'
import { kindNamed } from '../../planning/kinds.ts'
import { findRerun } from '../../planning/rerun.ts'
import { type CommandIo, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

export const RERUN_USAGE = `analyse rerun RUN --city ID [--json]

按计算说明复算（覆盖、选址、供需、修补、指标）：数据、规则、参数、引擎都没有变时，每个数字须一位不差；变了则列出变了什么。
Computes a stored run again: coverage, sites, supply, mends or an indicator sheet. The same inputs must give the same figures to the last digit; changed inputs say what changed.

Example
  analyse rerun 01a21ce6-146d-72fa-942d-e33f29b7071a --city demo`

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @param args words after `rerun` */
export async function analyseRerun(args: string[], { db, log }: AppContext, io: CommandIo): Promise<unknown> {
  const { values, positionals } = readOptions(args, { city: { type: 'string' } })
  const [id, ...more] = positionals
  if (id === undefined || !UUID.test(id)) throw new UsageError(id === undefined ? 'say which run: analyse rerun RUN --city ID' : `"${id}" is no id of a run`)
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many`)
  const city = required(values.city, '--city')
  const { compute } = await findRerun(db, city, id, kindNamed)
  const result = await compute({
    db, log, signal: io.signal,
    progress: async (stage, percent) => {
      io.signal.throwIfAborted()
      io.progress(percent, stage)
    },
  })
  io.print(result.changes.length === 0 ? '输入没有变化。 Nothing that the answer is made from has changed.' : `输入有 ${result.changes.length} 处变化： ${result.changes.length} inputs have changed:`)
  for (const { what, name, before, after, rowsAdded, rowsEnded } of result.changes) io.print(`  ${what} ${name}: ${before ?? '—'} → ${after ?? '—'}${rowsAdded === null ? '' : `, +${rowsAdded} −${rowsEnded} 行 rows`}`)
  io.print(result.isSame ? `比较 ${result.compared} 个数字，一位不差。 ${result.compared} figures compared, all the same to the last digit.` : `比较 ${result.compared} 个数字，${result.different} 个不同。 ${result.compared} figures compared, ${result.different} differ.`)
  if (!result.isSame && result.isTimeLimited) io.print('搜索由时限结束：输入相同时也可能走得更远或更近。 A search ended by its time limit: with the same inputs it may come farther or less far.')
  for (const { figure, before, after } of result.differences.slice(0, 20)) io.print(`  ${figure}: ${before ?? '—'} → ${after ?? '—'}`)
  return { city, ...result }
}

import { SYSTEM } from '../../access/principal.ts'
import { createAnchoring } from '../../audit/anchor.ts'
import { getVerification, listAuditRoots } from '../../audit/log.ts'
import { AppError } from '../../errors.ts'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { readOptions } from '../options.ts'

function dayOf(value: string | undefined, option: string): string | null {
  if (value === undefined) return null
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value))) throw new UsageError(`${option} takes YYYY-MM-DD, not "${value}"`)
  return value
}

export const auditCommand: Command = {
  name: 'audit',
  summary: '审计日志：核验链、日根  The log: verify its chains, daily roots',
  usage: [
    'audit verify [--from YYYY-MM-DD] [--to YYYY-MM-DD]',
    '    逐条核对哈希链、链尾、日根，以及 DATA_DIR/audit-anchor 中库外存证；断链时指出首处：域、日期、序号与原因（退出码 1）。',
    '    Reads every entry and compares hashes, noted ends, daily roots and what was anchored outside the database; names the first',
    '    broken link (domain, day, sequence, why) and ends with 1.',
    'audit root [--from YYYY-MM-DD] [--to YYYY-MM-DD]',
    '    关闭已结束的日子，写入库外存证，列出日根。 Closes days that are over, anchors, and lists the roots. Days are UTC.',
  ].join('\n'),
  async run(args, context, io) {
    const { values, positionals } = readOptions(args, { from: { type: 'string' }, to: { type: 'string' } })
    const [verb, ...more] = positionals
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many`)
    const days = { from: dayOf(values.from, '--from'), to: dayOf(values.to, '--to') }
    if (verb === 'verify') {
      const verification = await getVerification(context, SYSTEM, days, io.signal)
      const { broken, entries, chains, roots, anchored, durationMilliseconds } = verification
      if (broken) {
        const where = [broken.domain, broken.day, broken.sequence === null ? null : `#${broken.sequence}`].filter((part) => part !== null).join(' ')
        throw new CommandFailed(new AppError('conflict', `日志已断链 The log is broken at ${where}: ${broken.why}.`), { ...verification })
      }
      io.print(`完整 whole: ${entries} 条 entries, ${chains} 链 chains, ${roots} 日根 roots, ${anchored} 存证 anchored (${(durationMilliseconds / 1000).toFixed(1)} s)`)
      return verification
    }
    if (verb === 'root') {
      await createAnchoring(context.db, context.config.dataDirectory).note(context.clock())
      const roots = await listAuditRoots(context, SYSTEM, days)
      for (const root of roots) io.print(`${root.day}  ${root.rootHash}  ${root.chains} 链 chains  ${root.entries} 条 entries`)
      if (roots.length === 0) io.print('还没有关闭的日子。 No day is closed yet.')
      return { roots }
    }
    throw new UsageError(verb ? `audit has no "${verb}"` : 'say what to do: verify or root')
  },
}

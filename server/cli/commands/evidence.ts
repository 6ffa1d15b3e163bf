import { AppError } from '../../errors.ts'
import { openEvidenceStorage } from '../../incidents/evidence-storage.ts'
import { verifyEvidence } from '../../incidents/evidence-sweep.ts'
import { type Command, UsageError } from '../command.ts'
import { readOptions } from '../options.ts'

const USAGE = `evidence verify

逐张核对案件照片原件：文件在不在、SHA-256 与封存时是否一致；有问题时以退出码 1 结束并逐一列出。
Holds every sealed original of the photos of cases against its SHA-256. Ends with exit code 1 when one is missing or changed, and names it.

  --json               prints the result as JSON and nothing else`

/** `evidence verify`: whether every photo that has a row is what was sealed. */
export const evidenceCommand: Command = {
  name: 'evidence',
  summary: '核对案件照片原件与封存时的 SHA-256  Hold the sealed photos of cases against their SHA-256',
  usage: USAGE,
  async run(args, context, io) {
    const { positionals } = readOptions(args, {})
    if (positionals.length !== 1 || positionals[0] !== 'verify') throw new UsageError('say "evidence verify"')
    const result = await verifyEvidence(context.db, openEvidenceStorage(context.config), io.signal)
    io.print(`照片原件 originals: ${result.checked}；有问题 at fault: ${result.faults.length}`)
    for (const { reportNumber, id, fault } of result.faults) io.print(`  ${reportNumber} ${id}: ${fault === 'missing' ? '文件缺失 the file is missing' : '内容已变 the content was changed'}`)
    const [first] = result.faults
    if (first) throw new AppError('conflict', `${result.faults.length} 张照片原件有问题，第一张：案件 ${first.reportNumber} 的 ${first.id}。${result.faults.length} sealed photo${result.faults.length === 1 ? '' : 's'} at fault, the first: ${first.id} of case ${first.reportNumber}.`)
    return result
  },
}

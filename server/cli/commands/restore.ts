import path from 'node:path'
import { restore } from '../../db/archive.ts'
import { openEvidenceArchive } from '../../incidents/evidence-archive.ts'
import { openEvidenceStorage } from '../../incidents/evidence-storage.ts'
import { verifyEvidence } from '../../incidents/evidence-sweep.ts'
import { type Command, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

export const restoreCommand: Command = {
  name: 'restore',
  summary: '把备份恢复到空数据库，并逐表核对  Restore a backup into an empty database and compare it',
  usage: [
    'restore FILE',
    '    只恢复到空的数据库（例如新的 DATA_DIR）；两种数据库引擎之间可以互相恢复。恢复后逐表核对行数与内容哈希，不符则全部撤销。',
    '    Into an empty database only, e.g. a new DATA_DIR; from either engine to either. Every table is read again and its count',
    '    and content hash compared; if one differs, nothing is kept. Photos come back under their SHA-256. 照片按 SHA-256 核对恢复。',
  ].join('\n'),
  async run(args, context, io) {
    const { positionals } = readOptions(args, {})
    const file = path.resolve(io.workingDirectory, required(positionals[0], 'FILE'))
    if (positionals.length > 1) throw new UsageError(`"${positionals[1]}" is one word too many`)
    const storage = openEvidenceStorage(context.config)
    const report = await restore(context.db, file, { progress: io.progress, signal: io.signal, files: openEvidenceArchive(context.config, storage) })
    io.print(`已恢复并核对 restored and compared: ${report.rows} 行 rows, ${report.tables.length} 表 tables, ${report.files.count} 个照片文件 photo files`)
    if (report.files.leftOut !== null) io.print(`备份未含 the backup left out: ${report.files.leftOut}`)
    const evidence = await verifyEvidence(context.db, storage, io.signal)
    io.print(`照片原件核对 originals held against their SHA-256: ${evidence.checked}；有问题 at fault: ${evidence.faults.length}${evidence.faults.length > 0 ? '（逐一列出 each by name: evidence verify）' : ''}`)
    if (report.interrupted > 0) io.print(`备份时未完成的任务已标为失败 jobs that were under way now count as failed: ${report.interrupted}`)
    return { ...report, evidence }
  },
}

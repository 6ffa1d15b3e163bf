import path from 'node:path'
import { SYSTEM } from '../../access/principal.ts'
import { recordAudit } from '../../audit/audit.ts'
import { backUp } from '../../db/archive.ts'
import { openEvidenceArchive } from '../../incidents/evidence-archive.ts'
import { type Command, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

export const backupCommand: Command = {
  name: 'backup',
  summary: '备份全部数据到一个文件  Back up everything into one file',
  usage: [
    'backup FILE',
    '    写入一个新文件（.ndjson.gz），在同一快照下读出各表与案件照片，写完再读回核对。已有的文件不会被覆盖。',
    '    Writes a new file under one snapshot, photos of cases included, and reads it back. An existing file is never overwritten.',
    '    照片若存于 S3 兼容存储则不含在内，文件头会注明。 Photos in S3-compatible storage are left out, and the file says so.',
    '    内嵌库只有一个连接：备份期间控制台会等待（示例城市约十几秒），请在空闲时进行；PostgreSQL 不受影响。',
    '    The embedded engine has one connection: the console waits meanwhile (some ten to twenty seconds for the demo city). PostgreSQL goes on.',
    '    照片（DATA_DIR/media）与动态口令的密钥（DATA_DIR/secrets.key 或 SECRETS_KEY）不在备份内，须另行妥善保存。',
    '    Photos (DATA_DIR/media) and the key of the second factors (DATA_DIR/secrets.key, or SECRETS_KEY) are not in it: keep them apart.',
    '    备份只有在 restore 核对通过后才算数。 A backup counts once a restore of it was compared.',
  ].join('\n'),
  async run(args, context, io) {
    const { positionals } = readOptions(args, {})
    const file = path.resolve(io.workingDirectory, required(positionals[0], 'FILE'))
    if (positionals.length > 1) throw new UsageError(`"${positionals[1]}" is one word too many`)
    const report = await backUp(context.db, file, { progress: io.progress, signal: io.signal, files: openEvidenceArchive(context.config) })
    await context.db.transaction((tx) => recordAudit(tx, SYSTEM, null, { domain: 'exports', action: 'backUp', details: { file: path.basename(file), rows: report.rows, files: report.files.count } }, context.clock()))
    io.print(`已备份 backed up: ${report.rows} 行 rows, ${report.tables.length} 表 tables, ${report.files.count} 个照片文件 photo files, ${report.bytes} bytes → ${file}`)
    if (report.files.leftOut !== null) io.print(`未含 left out: ${report.files.leftOut}。请另行备份 Back it up on its own.`)
    for (const { name, fault } of report.files.faults) io.print(`  照片 photo ${name}: ${fault === 'missing' ? '文件缺失，备份中没有 the file is missing and not in the backup' : '内容已变，按现状备份 its content was changed; backed up as it is'}`)
    io.print('不含照片与动态口令密钥 without photos and the key of the second factors: DATA_DIR/media, DATA_DIR/secrets.key')
    return report
  },
}

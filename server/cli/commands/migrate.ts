import { latestMigration, prepareDatabase } from '../../db/prepare.ts'
import { UsageError, type Command } from '../command.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  summary: '把数据库结构升级到本程序的版本  Bring the database’s schema up to this program',
  usage: 'migrate\n    打开数据库的每个命令都会先升级；此命令只做这一件事。 Every command that opens the database does this first; this one does nothing else.',
  async run(args, context, io) {
    if (args.length > 0) throw new UsageError('migrate takes no options')
    await prepareDatabase(context.db, (done, of) => io.progress((100 * done) / of, 'migrate'))
    const schemaVersion = await latestMigration()
    io.print(`结构版本 schema version: ${schemaVersion}`)
    return { schemaVersion, engine: context.db.engine }
  },
}

import type { Command } from './command.ts'
import { accountCommand } from './commands/account.ts'
import { analyseCommand } from './commands/analyse.ts'
import { auditCommand } from './commands/audit.ts'
import { backupCommand } from './commands/backup.ts'
import { calendarCommand } from './commands/calendar.ts'
import { catalogueCommand } from './commands/catalogue.ts'
import { cityCommand } from './commands/city.ts'
import { classesCommand } from './commands/classes.ts'
import { evidenceCommand } from './commands/evidence.ts'
import { exportCommand } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { migrateCommand } from './commands/migrate.ts'
import { reportCommand } from './commands/report.ts'
import { restoreCommand } from './commands/restore.ts'
import { siteCommand } from './commands/site.ts'
import { tokenCommand } from './commands/token.ts'

/** Every verb of the command line, in the order in which `help` lists them. */
export const COMMANDS: readonly Command[] = [cityCommand, importCommand, analyseCommand, siteCommand, reportCommand, exportCommand, catalogueCommand, classesCommand, evidenceCommand, calendarCommand, accountCommand, tokenCommand, auditCommand, migrateCommand, backupCommand, restoreCommand]

export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name)
}

import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { SYSTEM } from '../../access/principal.ts'
import { getCity } from '../../cities/cities.ts'
import { WorkCalendarDefinition, type WorkCalendarView } from '../../contract/clocks.ts'
import { AppError } from '../../errors.ts'
import { listWorkCalendars, listYearsInUse, putWorkCalendar } from '../../incidents/calendars.ts'
import { type Command, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

const LARGEST_BYTES = 1024 * 1024
const OWNERS: Record<WorkCalendarView['owner'], string> = { city: '本市 city', time_zone: '默认（时区） default of the time zone', default: '默认 default' }

function line({ owner, version, effectiveFrom, isInForce, definition }: WorkCalendarView): string {
  const known = definition.years.length > 0 ? `节假日 holidays ${definition.years.join(', ')}` : '未知节假日 no holidays known'
  return `${isInForce ? '*' : ' '} ${OWNERS[owner]} v${version}  自 from ${effectiveFrom}  ${known}  ${definition.verified ? '已核对 verified' : '未核对 not verified'}  ${definition.source}`
}

async function readDefinition(file: string): Promise<WorkCalendarDefinition> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new AppError('not_found', `There is no file ${file}.`)
  if (found.size > LARGEST_BYTES) throw new AppError('bad_request', `${file} has ${found.size} bytes; a calendar has ${LARGEST_BYTES} at most.`)
  let content: unknown
  try {
    content = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new AppError('bad_request', `${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const read = WorkCalendarDefinition.safeParse(content)
  if (read.success) return read.data
  throw new AppError('bad_request', `${file} is not a working calendar; data/reference/calendar-cn.json shows the form.`, {
    errors: read.error.issues.map((issue) => ({ path: issue.path.join('.') || '(file)', message: issue.message })),
  })
}

export const calendarCommand: Command = {
  name: 'calendar',
  summary: '工作日历：查看、导入  Working calendar: show, import',
  usage: [
    'calendar show --city KEY',
    '    所有版本，现行的标 *；加 --json 可得可再导入的 definition。 All versions, * in force; with --json their definitions, which can be imported again.',
    'calendar import FILE --city KEY [--effective-from YYYY-MM-DD]',
    '    由 JSON 文件写入本市日历的新版本（格式同 data/reference/calendar-cn.json）。已给出的期限不变。',
    '    Writes a new version of the city’s own calendar from a JSON file. Deadlines given before stay.',
  ].join('\n'),
  async run(args, context, io) {
    const { values, positionals } = readOptions(args, { city: { type: 'string' }, 'effective-from': { type: 'string' } })
    const [verb, file, ...more] = positionals
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many`)
    const effectiveFrom = values['effective-from']
    if (effectiveFrom !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(effectiveFrom)) throw new UsageError(`--effective-from takes YYYY-MM-DD, not "${effectiveFrom}"`)
    if (verb !== 'show' && verb !== 'import') throw new UsageError(verb ? `calendar has no "${verb}"` : 'say what to do: show or import')
    const city = await getCity(context.db, required(values.city, '--city'))
    if (verb === 'import') {
      const definition = await readDefinition(path.resolve(io.workingDirectory, required(file, 'FILE')))
      const version = (await listWorkCalendars(context.db, city, context.clock())).find(({ owner }) => owner === 'city')?.version ?? 0
      const written = await putWorkCalendar(context.db, city, { version, effectiveFrom, definition }, SYSTEM, context.clock())
      io.print(line(written))
      return { city: city.key, calendar: written }
    }
    if (file !== undefined) throw new UsageError(`"${file}" is one word too many`)
    const calendars = await listWorkCalendars(context.db, city, context.clock())
    for (const calendar of calendars) io.print(line(calendar))
    const yearsInUse = await listYearsInUse(context.db, city, calendars, context.clock())
    for (const { year, isKnown, runningDeadlines } of yearsInUse) if (!isKnown) io.print(`! ${year} 年的节假日缺失，${runningDeadlines} 个期限落在该年，仅按星期计 · holidays of ${year} are missing; ${runningDeadlines} deadlines in it go by weekdays only`)
    return { city: city.key, calendars, yearsInUse }
  },
}

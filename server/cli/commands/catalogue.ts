import { getCity } from '../../cities/cities.ts'
import { listCatalogue } from '../catalogue-queries.ts'
import { type Command, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

export const catalogueCommand: Command = {
  name: 'catalogue',
  summary: '一座城市的图层目录：来源、权属、坐标系、日期、行数  A city’s layers: source, owner, CRS, date, rows',
  usage: 'catalogue --city KEY',
  async run(args, context, io) {
    const { values, positionals } = readOptions(args, { city: { type: 'string' } })
    if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
    const city = await getCity(context.db, required(values.city, '--city'))
    const layers = await listCatalogue(context.db, city.cityId)
    for (const layer of layers) io.print(`${layer.key}  ${layer.kind}  ${layer.titleZh} ${layer.titleEn}  ${layer.rowCount}  ${layer.owner}  ${layer.source}  ${layer.sourceCrs}  ${layer.dataDate ?? '—'}`)
    if (layers.length === 0) io.print('目录是空的。 The catalogue is empty.')
    return { city: city.key, layers }
  },
}

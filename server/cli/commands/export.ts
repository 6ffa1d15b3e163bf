import { copyFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { SYSTEM } from '../../access/principal.ts'
import { recordAudit } from '../../audit/audit.ts'
import { getCity } from '../../cities/cities.ts'
import { AppError } from '../../errors.ts'
import { EXPORT_FORMATS, type ExportFormat, exportFeatures } from '../../files/export.ts'
import { type Command, UsageError } from '../command.ts'
import { readOptions, required } from '../options.ts'

/** `export`: a kind or a layer of a city as a file. */
export const exportCommand: Command = {
  name: 'export',
  summary: '导出一类要素或一个图层：GeoJSON、GeoPackage、CSV、XLSX、Shapefile、FlatGeobuf  Write a kind or a layer to a file',
  usage: `export --city ID (--kind KIND | --layer KEY) --format ${EXPORT_FORMATS.join('|')} --out FILE [--crs EPSG:n]

坐标默认 EPSG:4490，可用 --crs 指定（GeoJSON 与表格只能是经纬度）；表格中以 = + - @ 开头的文字前加撇号，不会成为公式。
Coordinates in EPSG:4490 unless --crs says otherwise (GeoJSON and tables are always longitude and latitude). Texts that a spreadsheet would
run get an apostrophe in front. shp gives a zip in GB18030 with a table of the full field names.`,
  async run(args, context, io) {
    const { values, positionals } = readOptions(args, { city: { type: 'string' }, kind: { type: 'string' }, layer: { type: 'string' }, format: { type: 'string' }, out: { type: 'string' }, crs: { type: 'string', default: 'EPSG:4490' } })
    if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`)
    const format = required(values.format, '--format')
    if (!(EXPORT_FORMATS as readonly string[]).includes(format)) throw new UsageError(`--format is one of ${EXPORT_FORMATS.join(', ')}, not "${format}"`)
    if (!/^EPSG:\d{4,6}$/i.test(values.crs)) throw new UsageError(`--crs takes EPSG:n, not "${values.crs}"`)
    const out = path.resolve(io.workingDirectory, required(values.out, '--out'))
    const city = await getCity(context.db, required(values.city, '--city'))
    const file = await exportFeatures(context.db, city, { kind: values.kind, layer: values.layer, format: format as ExportFormat, crs: values.crs.toUpperCase() }, context.clock())
    try {
      await copyFile(file.path, out).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOSPC') throw new AppError('storage_full', `There is no room left for ${out}.`, { cause: error })
        const why = error.code === 'ENOENT' ? 'there is no such folder' : error.code === 'EISDIR' ? 'it is a folder' : error.code
        throw new AppError('bad_request', `${out} cannot be written: ${why}.`, { cause: error })
      })
    } finally {
      await file.dispose()
    }
    const { size } = await stat(out)
    await context.db.transaction((tx) => recordAudit(tx, SYSTEM, city.cityId, { domain: 'exports', action: 'exportFeatures', objectKind: 'city', objectId: city.key, details: { kind: values.kind, layer: values.layer, format } }, context.clock()))
    io.print(`已写入 written: ${out} (${size} bytes)`)
    return { file: out, bytes: size, format, mediaType: file.mediaType }
  },
}

/** Reads any supported file into neutral rows; runs in the child process. */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { inspectDbf } from './dbf.ts'
import { FileRefused } from './file-refused.ts'
import { openCsv } from './read-csv.ts'
import { openGeoJson } from './read-geojson.ts'
import { type GdalSource, openWithGdal } from './read-gdal.ts'
import { printLine, type SourceHeader, type SourceRow } from './source-rows.ts'
import { sniffFormat } from './sniff.ts'
import type { ReadTask } from './tasks.ts'
import { encodingOf, readSample } from './text-file.ts'
import { unpack } from './unpack.ts'

interface Opened {
  header: SourceHeader
  rows(): AsyncGenerator<SourceRow>
}

function besideFile(file: string, extension: string): string | null {
  const stem = file.slice(0, file.length - path.extname(file).length)
  return [extension, extension.toUpperCase()].map((ending) => stem + ending).find((candidate) => existsSync(candidate)) ?? null
}

async function openShapefile(file: string, task: ReadTask): Promise<Opened> {
  const table = file.toLowerCase().endsWith('.dbf') ? file : besideFile(file, '.dbf')
  const encoding = table ? (await inspectDbf(table, besideFile(file, '.cpg'), task.encoding)).name : null
  return openWithGdal({ driver: 'ESRI Shapefile', file, encoding }, task)
}

async function checkKml(file: string): Promise<void> {
  const { bytes } = await readSample(file, 65_536)
  if (/<!(DOCTYPE|ENTITY)/i.test(bytes.toString('latin1'))) throw new FileRefused('xml_entities', 'The KML declares entities (<!DOCTYPE or <!ENTITY), which are not read: they can grow without end.')
}

async function openFile(file: string, fileName: string, task: ReadTask): Promise<Opened> {
  const size = (await stat(file)).size
  if (size === 0) throw new FileRefused('empty_file', 'The file is empty.')
  if (size > task.limits.fileBytes) throw new FileRefused('too_large', `The file is larger than ${Math.round(task.limits.fileBytes / 1024 ** 2)} MB.`)
  const format = await sniffFormat(file, fileName)
  const gdal = (driver: GdalSource['driver']) => openWithGdal({ driver, file, encoding: null }, task)
  switch (format) {
    case 'zip': {
      const inner = await unpack(file, task.scratch, task.fileLayer, task.limits)
      return openFile(inner.file, inner.name, { ...task, fileLayer: inner.file.endsWith('.gpkg') ? task.fileLayer : null })
    }
    case 'geojson':
      return openGeoJson(file, await encodingOf(file, task.encoding), task.limits)
    case 'csv':
      return openCsv(file, await encodingOf(file, task.encoding), task.limits)
    case 'shapefile':
    case 'dbf':
      return openShapefile(file, task)
    case 'kml':
      await checkKml(file)
      return gdal('KML')
    case 'gpkg':
      return gdal('GPKG')
    case 'fgb':
      return gdal('FlatGeobuf')
    case 'osm':
      return gdal('OSM')
  }
}

/** Reads the file of a task and prints header and rows, or why it is refused. */
export async function readFileTask(task: ReadTask): Promise<void> {
  try {
    const opened = await openFile(task.file, task.fileName, task)
    await printLine({ header: opened.header })
    for await (const data of opened.rows()) await printLine({ data })
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    await printLine({ refused: { code: error.code, message: error.message } })
  }
}

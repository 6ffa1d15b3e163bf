/** Zip archives, looked through before a byte of them is unpacked. */
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import iconv from 'iconv-lite'
import yauzl from 'yauzl'
import { FileRefused } from './file-refused.ts'
import type { ReaderLimits } from './limits.ts'

const READABLE = new Set(['.shp', '.dbf', '.gpkg', '.geojson', '.json', '.csv', '.tsv', '.txt', '.kml', '.fgb', '.pbf'])
const BESIDE_SHAPEFILE = new Set(['.shp', '.shx', '.dbf', '.prj', '.cpg'])
const ARCHIVES = new Set(['.zip', '.kmz', '.gz', '.tgz', '.tar', '.7z', '.rar', '.bz2', '.xz', '.zst'])
const RATIO_FROM_BYTES = 1024 ** 2

interface Entry {
  raw: yauzl.Entry
  name: string
  extension: string
  /** Name without extension, lower case: the parts of one Shapefile share it. */
  stem: string
}

function entryName(raw: yauzl.Entry): string {
  const bytes = raw.fileName as unknown as Buffer
  const isUtf8 = (raw.generalPurposeBitFlag & 0x800) !== 0
  const strict = new TextDecoder('utf-8', { fatal: true })
  try {
    return strict.decode(bytes)
  } catch {
    if (isUtf8) throw new FileRefused('zip_name', 'A name inside the zip is not valid UTF-8.')
    return iconv.decode(bytes, 'gb18030')
  }
}

function checkEntry(raw: yauzl.Entry, limits: ReaderLimits): Entry {
  const name = entryName(raw)
  if (name.includes('\0') || name.includes('\\') || name.startsWith('/') || /^[a-z]:/i.test(name) || name.split('/').includes('..')) {
    throw new FileRefused('zip_traversal', `The zip holds an entry that points outside it: ${JSON.stringify(name.slice(0, 120))}.`)
  }
  if (raw.isEncrypted()) throw new FileRefused('zip_encrypted', `The zip is encrypted (${name}); unpack it first.`)
  if (raw.uncompressedSize > RATIO_FROM_BYTES && raw.uncompressedSize / Math.max(1, raw.compressedSize) > limits.zipRatio) {
    throw new FileRefused('zip_bomb', `${name} in the zip would grow to more than ${limits.zipRatio} times its packed size.`)
  }
  const extension = path.posix.extname(name).toLowerCase()
  if (ARCHIVES.has(extension)) throw new FileRefused('zip_nested', `The zip holds another archive (${name}); give the inner one.`)
  return { raw, name, extension, stem: name.slice(0, name.length - extension.length).toLowerCase() }
}

async function listEntries(zip: yauzl.ZipFile, limits: ReaderLimits): Promise<Entry[]> {
  if (zip.entryCount > limits.zipEntries) throw new FileRefused('zip_entries', `The zip holds ${zip.entryCount} entries; at most ${limits.zipEntries} are looked at.`)
  const entries: Entry[] = []
  let total = 0
  let count = 0
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject)
    zip.on('end', resolve)
    zip.on('entry', (raw: yauzl.Entry) => {
      try {
        if (++count > limits.zipEntries) throw new FileRefused('zip_entries', `The zip holds more than ${limits.zipEntries} entries.`)
        const entry = checkEntry(raw, limits)
        total += raw.uncompressedSize
        if (total > limits.unpackedBytes) throw new FileRefused('zip_too_large', `Unpacked, the zip would be larger than ${Math.round(limits.unpackedBytes / 1024 ** 2)} MB.`)
        const hidden = /(^|\/)(__MACOSX\/|\.)/.test(entry.name)
        if (!entry.name.endsWith('/') && !hidden) entries.push(entry)
        zip.readEntry()
      } catch (error) {
        reject(error as Error)
      }
    })
    zip.readEntry()
  })
  return entries
}

function openZip(file: string): Promise<yauzl.ZipFile> {
  // Names are read as bytes: many archives of ours carry GBK names without saying so.
  return new Promise((resolve, reject) => yauzl.open(file, { lazyEntries: true, decodeStrings: false, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip))))
}

async function unpackEntry(zip: yauzl.ZipFile, entry: Entry, destination: string): Promise<void> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => zip.openReadStream(entry.raw, (error, opened) => (error ? reject(error) : resolve(opened))))
  await pipeline(stream, createWriteStream(destination))
}

/**
 * Unpacks the one data set of a zip (Shapefile with its companions, or a single file) into `scratch` and answers its path.
 * Sizes, ratio, count, names and nesting are judged by the archive's own table first; while unpacking, an entry longer than it says is refused.
 * @param choice stem or name of the data set, where there are several.
 * @throws FileRefused naming what is wrong with the archive.
 */
export async function unpack(file: string, scratch: string, choice: string | null, limits: ReaderLimits): Promise<{ file: string; name: string }> {
  try {
    const zip = await openZip(file)
    try {
      const entries = await listEntries(zip, limits)
      const shapes = new Set(entries.filter((entry) => entry.extension === '.shp').map((entry) => entry.stem))
      const sources = entries.filter((entry) => READABLE.has(entry.extension) && !(entry.extension === '.dbf' && shapes.has(entry.stem)) && !entry.name.endsWith('.fields.csv'))
      const wanted = choice?.toLowerCase()
      const chosen = sources.length > 1 && wanted ? sources.filter((entry) => [entry.stem, path.posix.basename(entry.stem), entry.name.toLowerCase()].includes(wanted)) : sources
      const names = sources.map((entry) => entry.name).join(', ')
      if (sources.length === 0) throw new FileRefused('zip_nothing', 'The zip holds no file of a kind that can be read (Shapefile, GeoPackage, GeoJSON, CSV, KML, FlatGeobuf, DBF).')
      const source = chosen[0]
      if (!source || chosen.length > 1) throw new FileRefused('choose_layer', `The zip holds ${sources.length} data sets: ${names}. Choose one with --file-layer.`)
      const parts = source.extension === '.shp' ? entries.filter((entry) => entry.stem === source.stem && BESIDE_SHAPEFILE.has(entry.extension)) : [source]
      for (const part of parts) await unpackEntry(zip, part, path.join(scratch, `unpacked${part.extension}`))
      return { file: path.join(scratch, `unpacked${source.extension}`), name: path.posix.basename(source.name) }
    } finally {
      zip.close()
    }
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw new FileRefused('zip_invalid', `The zip cannot be read: ${(error as Error).message}.`)
  }
}

/** The header of a dBASE table: checked before GDAL sees it, and where its encoding is told. */
import { readFile, stat } from 'node:fs/promises'
import { detectEncoding, type Encoding, knownEncoding, requireEncoding } from './encoding.ts'
import { FileRefused } from './file-refused.ts'
import { readSample } from './text-file.ts'

/** Language driver ids (byte 29) that matter here; 0 says nothing. */
const LANGUAGE_DRIVERS: Record<number, string> = { 0x4d: 'GB18030', 0x7a: 'GB18030', 0x4f: 'Big5', 0x78: 'Big5', 0x03: 'windows-1252', 0x57: 'windows-1252', 0x58: 'windows-1252' }

const DESCRIPTOR_BYTES = 32

interface DbfHeader {
  records: number
  headerBytes: number
  recordBytes: number
  languageDriver: number
}

async function readHeader(file: string): Promise<{ header: DbfHeader; bytes: Buffer; isWhole: boolean }> {
  const { bytes, isWhole } = await readSample(file)
  if (bytes.length < DESCRIPTOR_BYTES) throw new FileRefused('dbf_invalid', 'The DBF is shorter than its own header.')
  const header = { records: bytes.readUInt32LE(4), headerBytes: bytes.readUInt16LE(8), recordBytes: bytes.readUInt16LE(10), languageDriver: bytes[29] ?? 0 }
  return { header, bytes, isWhole }
}

/** Text bytes of the character columns, for telling the encoding. */
function textBytes(bytes: Buffer, header: DbfHeader): Buffer {
  const parts: Buffer[] = []
  const columns: { offset: number; length: number }[] = []
  let offset = 1
  for (let at = DESCRIPTOR_BYTES; at + DESCRIPTOR_BYTES <= header.headerBytes && bytes[at] !== 0x0d; at += DESCRIPTOR_BYTES) {
    const end = bytes.subarray(at, at + 11).indexOf(0)
    parts.push(bytes.subarray(at, at + (end < 0 ? 11 : end)))
    const length = bytes[at + 16] ?? 0
    if (String.fromCharCode(bytes[at + 11] ?? 0) === 'C') columns.push({ offset, length })
    offset += length
  }
  for (let record = header.headerBytes; record + header.recordBytes <= bytes.length; record += header.recordBytes) {
    for (const column of columns) parts.push(trimEnd(bytes.subarray(record + column.offset, record + column.offset + column.length)), Buffer.from(' '))
  }
  return Buffer.concat(parts)
}

function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--
  return bytes.subarray(0, end)
}

/**
 * Checks the table's sizes against the file and tells its encoding: given, `.cpg`, language driver, else by its bytes.
 * @throws FileRefused when the header promises more than the file holds, or the encoding cannot be used.
 */
export async function inspectDbf(file: string, codePageFile: string | null, given: string | null): Promise<Encoding> {
  const { header, bytes, isWhole } = await readHeader(file)
  const size = (await stat(file)).size
  const declared = header.headerBytes + header.records * header.recordBytes
  if (header.headerBytes < DESCRIPTOR_BYTES + 1 || (header.recordBytes === 0 && header.records > 0)) throw new FileRefused('dbf_invalid', 'The header of the DBF makes no sense; is it a DBF at all?')
  if (declared > size + 1) throw new FileRefused('dbf_sizes', `The DBF declares ${header.records.toLocaleString('en')} records of ${header.recordBytes} bytes, and the file holds only ${size.toLocaleString('en')} bytes: it is cut off or damaged.`)

  if (given) return { name: usable(requireEncoding(given)), from: 'option' }
  if (codePageFile) {
    const written = (await readFile(codePageFile, 'latin1')).trim().slice(0, 40)
    const known = knownEncoding(written)
    if (!known) throw new FileRefused('unknown_encoding', `The .cpg names the encoding ${JSON.stringify(written)}, which nobody knows. Name it with --encoding.`)
    return { name: usable(known), from: 'declared' }
  }
  const driver = LANGUAGE_DRIVERS[header.languageDriver]
  if (driver) return { name: driver, from: 'declared' }
  return detectEncoding(textBytes(bytes, header), isWhole)
}

function usable(encoding: string): string {
  if (encoding.startsWith('UTF-16')) throw new FileRefused('dbf_utf16', 'The table says it is in UTF-16, which a DBF cannot hold (its fields are cut at zero bytes). Export it as UTF-8 or GB18030.')
  return encoding
}

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import iconv from 'iconv-lite'
import { detectEncoding, type Encoding, requireEncoding } from './encoding.ts'
import { FileRefused } from './file-refused.ts'

const SAMPLE_BYTES = 8 * 1024 ** 2

/** The first bytes of a file, and whether that is all of it. */
export async function readSample(file: string, bytes = SAMPLE_BYTES): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const handle = await open(file)
  try {
    const buffer = Buffer.alloc(bytes)
    const { bytesRead } = await handle.read(buffer, 0, bytes, 0)
    return { bytes: buffer.subarray(0, bytesRead), isWhole: bytesRead < bytes }
  } finally {
    await handle.close()
  }
}

/** Encoding of a text file: the given one, else by its bytes. */
export async function encodingOf(file: string, given: string | null): Promise<Encoding> {
  const sample = await readSample(file)
  const detected = () => detectEncoding(sample.bytes, sample.isWhole)
  if (!given) return detected()
  const name = requireEncoding(given)
  // A byte order mark tells the byte order that a plain "UTF-16" leaves open.
  return name.startsWith('UTF-16') && sample.bytes[0] === 0xfe ? { name: 'UTF-16BE', from: 'option' } : { name, from: 'option' }
}

/**
 * A file as text in pieces.
 * @throws FileRefused when its bytes are not of that encoding (UTF-8 is checked strictly).
 */
export async function* readText(file: string, encoding: Encoding): AsyncGenerator<string> {
  const stream = createReadStream(file, { highWaterMark: 1 << 20 })
  if (encoding.name !== 'UTF-8') {
    const decoder = iconv.getDecoder(encoding.name)
    for await (const chunk of stream) yield decoder.write(chunk as Buffer)
    const rest = decoder.end()
    if (rest) yield rest
    return
  }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let position = 0
  for await (const chunk of stream) {
    try {
      yield decoder.decode(chunk as Buffer, { stream: true })
    } catch {
      throw new FileRefused('not_utf8', `The file is not UTF-8 throughout (first seen within the megabyte at byte ${position}). Name its encoding with --encoding, e.g. GB18030 or Big5.`)
    }
    position += (chunk as Buffer).length
  }
}

/** Which encoding a text is in: marks and declarations first, then what its bytes can be. */
import iconv from 'iconv-lite'
import { FileRefused } from './file-refused.ts'

export interface Encoding {
  /** Name for iconv-lite. */
  name: string
  from: 'option' | 'mark' | 'declared' | 'detected'
}

/** Names users and files write, to those iconv-lite and GDAL both know. */
const SAME: Record<string, string> = {
  '936': 'GB18030', CP936: 'GB18030', MS936: 'GB18030', GBK: 'GB18030', GB2312: 'GB18030', GB18030: 'GB18030', EUCCN: 'GB18030',
  '950': 'Big5', CP950: 'Big5', MS950: 'Big5', BIG5: 'Big5', BIG5HKSCS: 'Big5',
  '65001': 'UTF-8', UTF8: 'UTF-8', UTF: 'UTF-8',
  UTF16: 'UTF-16LE', UTF16LE: 'UTF-16LE', UTF16BE: 'UTF-16BE', UCS2: 'UTF-16LE',
  '1252': 'windows-1252', CP1252: 'windows-1252', WINDOWS1252: 'windows-1252', ANSI1252: 'windows-1252', LATIN1: 'ISO-8859-1', ISO88591: 'ISO-8859-1', '88591': 'ISO-8859-1', ASCII: 'UTF-8',
}

/** The name under which an encoding is known here, or undefined when it is not. */
export function knownEncoding(written: string): string | undefined {
  const key = written.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  const same = SAME[key]
  if (same) return same
  return iconv.encodingExists(written) ? written : undefined
}

/** @throws FileRefused when nobody knows an encoding of this name. */
export function requireEncoding(written: string): string {
  const known = knownEncoding(written)
  if (!known) throw new FileRefused('unknown_encoding', `No encoding is called "${written}". Known are UTF-8, UTF-16, GB18030 (GBK, GB2312), Big5, windows-1252.`)
  return known
}

function isUtf8(bytes: Buffer, isWhole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole })
    return true
  } catch {
    return false
  }
}

/** Two-byte characters by how common they are: GB 2312 level 1 and Big5 level 1 hold the everyday ones, in different places. */
function doubleByteScore(bytes: Buffer): { pairs: number; gb: number; big5: number; gbValid: boolean; big5Valid: boolean } {
  const score = { pairs: 0, gb: 0, big5: 0, gbValid: true, big5Valid: true }
  for (let index = 0; index < bytes.length; index++) {
    const lead = bytes[index]!
    if (lead < 0x80) continue
    const trail = bytes[index + 1]
    if (trail === undefined) break
    score.pairs++
    if (lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1 && trail !== 0xff) score.gb++
    if (lead >= 0xa4 && lead <= 0xc6 && ((trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe))) score.big5++
    if (lead === 0x80 || lead === 0xff || trail < 0x30 || trail === 0x7f || trail === 0xff) score.gbValid = false
    if (lead < 0x81 || lead === 0xff || !((trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe))) score.big5Valid = false
    index++
  }
  return score
}

/**
 * Tells the encoding of a text from its bytes: byte order mark, zero bytes (UTF-16), UTF-8 by its rules, else GB18030 or Big5 by how common the characters would be.
 * @param isWhole false when `bytes` is only the beginning.
 * @throws FileRefused when both readings are equally likely, or neither.
 */
export function detectEncoding(bytes: Buffer, isWhole: boolean): Encoding {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { name: 'UTF-8', from: 'mark' }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { name: 'UTF-16LE', from: 'mark' }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { name: 'UTF-16BE', from: 'mark' }
  const beginning = bytes.subarray(0, 4096)
  let zerosEven = 0
  let zerosOdd = 0
  beginning.forEach((byte, index) => {
    if (byte === 0 && index % 2 === 0) zerosEven++
    else if (byte === 0) zerosOdd++
  })
  if (zerosOdd > beginning.length / 5 && zerosEven === 0) return { name: 'UTF-16LE', from: 'detected' }
  if (zerosEven > beginning.length / 5 && zerosOdd === 0) return { name: 'UTF-16BE', from: 'detected' }
  if (isUtf8(bytes, isWhole)) return { name: 'UTF-8', from: 'detected' }
  const score = doubleByteScore(bytes)
  const gb = score.gbValid ? score.gb / Math.max(1, score.pairs) : 0
  const big5 = score.big5Valid ? score.big5 / Math.max(1, score.pairs) : 0
  if (Math.max(gb, big5) < 0.5 || Math.abs(gb - big5) < 0.05) {
    throw new FileRefused('encoding_unclear', 'The text is not UTF-8, and its bytes do not tell whether it is GB18030 (GBK) or Big5. Name the encoding: --encoding GB18030 or --encoding Big5.')
  }
  return { name: gb > big5 ? 'GB18030' : 'Big5', from: 'detected' }
}

/** Text of bytes known to be of an encoding; the byte order mark is dropped. */
export function decode(bytes: Buffer, encoding: string): string {
  return iconv.decode(bytes, encoding)
}

/** What the plays need of the classes, and photographs that all differ. */
import type { Limit } from './calendar.ts'

export interface CaseScheme {
  /** Limits of a class's filing conditions, `event 0112`, in their order. */
  conditions: ReadonlyMap<string, readonly Limit[]>
  nextPhoto(): Buffer
}

/** A picture with a remark in it that no other has (a COM segment after the start of the file). */
export function photosOf(picture: Buffer): () => Buffer {
  let count = 0
  const salt = Math.random().toString(36).slice(2)
  return () => {
    const remark = Buffer.from(`${salt} ${count++}`)
    const head = Buffer.from([0xff, 0xfe, 0, remark.length + 2])
    return Buffer.concat([picture.subarray(0, 2), head, remark, picture.subarray(2)])
  }
}

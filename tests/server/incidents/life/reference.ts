/** What the plays need of the classes, and photographs that all differ. */
import { randomUUID } from 'node:crypto'
import sharp from 'sharp'
import type { Db } from '../../../../server/db/db.ts'
import { listCaseClasses, syncCaseClasses } from '../../../../server/incidents/reference.ts'
import type { Limit, Unit } from './calendar.ts'

export interface CaseScheme {
  /** Limits of a class's filing conditions, `event 0112`, in their order. */
  conditions: ReadonlyMap<string, readonly Limit[]>
  nextPhoto(): Buffer
}

/** A picture with a remark in it that no other has (a COM segment after the start of the file). */
function photosOf(picture: Buffer): () => Buffer {
  const salt = randomUUID()
  let count = 0
  return () => {
    const remark = Buffer.from(`${salt} ${count++}`)
    return Buffer.concat([picture.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, remark.length + 2]), remark, picture.subarray(2)])
  }
}

/** Brings the classes up to date and reads those of the national scheme. */
export async function aScheme(db: Db): Promise<CaseScheme> {
  await syncCaseClasses(db)
  const scheme = (await listCaseClasses(db)).find(({ id }) => id === 'GBT30428.2-2013')
  const classes = (scheme?.classes ?? []).filter(({ conditions }) => conditions.length > 0)
  const conditions = new Map(classes.map((one): [string, Limit[]] => [`${one.kind} ${one.code}`, one.conditions.map(({ limitAmount, limitUnit }) => ({ amount: limitAmount, unit: limitUnit as Unit }))]))
  const picture = await sharp({ create: { width: 24, height: 16, channels: 3, background: '#557799' } }).jpeg().toBuffer()
  return { conditions, nextPhoto: photosOf(picture) }
}

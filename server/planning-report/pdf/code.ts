import { encode } from 'uqr'
import type { Box } from './sheet.ts'

/** The dark parts of a square code of a text, from its corner; dark squares side by side are one, so that no seam shows. */
export function codeBoxes(text: string, side: number): Box[] {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const each = side / size
  return data.flatMap((cells, row) => {
    const boxes: Box[] = []
    for (let from = 0; from < size; from++) {
      if (!cells[from]) continue
      let to = from
      while (to + 1 < size && cells[to + 1]) to += 1
      boxes.push({ x: from * each, y: row * each, width: (to - from + 1) * each, height: each * 1.02 })
      from = to
    }
    return boxes
  })
}

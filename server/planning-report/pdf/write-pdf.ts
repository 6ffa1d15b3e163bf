/** A report as a PDF: fonts embedded in part, text that can be copied, maps as vectors. */
import { COLOURS } from '../colours.ts'
import type { Report } from '../model.ts'
import { type Count, drawBlock, drawFigures, drawMapBesideFigures } from './blocks.ts'
import { codeBoxes } from './code.ts'
import { Sheet } from './sheet.ts'

function drawCode(sheet: Sheet, text: string, x: number, y: number, side: number): void {
  for (const box of codeBoxes(text, side)) sheet.doc.rect(x + box.x, y + box.y, box.width, box.height)
  sheet.doc.fillOpacity(1).fill(COLOURS.ink)
}

/** Title at the left, the code that opens the run at the right. */
function drawTitle(sheet: Sheet): void {
  const { report, left, width } = sheet
  const side = 62
  const words = width - side - 30
  const top = 50
  let y = top
  y += sheet.write(report.overline, left, y, { size: 8.5, isStrong: true, colour: COLOURS.green, width: words }) + 2
  y += sheet.write(report.title, left, y, { size: 19, isStrong: true, width: words, lineGap: -3 }) + 4
  for (const line of report.subtitle) y += sheet.write(line, left, y, { size: 8.5, colour: COLOURS.quiet, width: words })
  drawCode(sheet, report.link.address, left + width - side, top, side)
  const code = sheet.write(report.link.text, left + width - side - 20, top + side + 4, { size: 6.8, colour: COLOURS.faint, width: side + 20, align: 'right' })
  sheet.doc.link(left + width - side, top, side, side, report.link.address)
  y = Math.max(y, top + side + 4 + code) + 8
  sheet.doc.fillOpacity(1).rect(left, y, width, 1.6).fill(COLOURS.green)
  sheet.y = y + 10
  sheet.y += sheet.write(report.finding, left, sheet.y, { size: 10.5, width, lineGap: 1.5 }) + 10
}

/** The bytes of the file. */
export function writePdf(report: Report): Promise<Buffer> {
  const sheet = new Sheet(report)
  const chunks: Buffer[] = []
  const done = new Promise<Buffer>((resolve, reject) => {
    sheet.doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    sheet.doc.on('end', () => resolve(Buffer.concat(chunks)))
    sheet.doc.on('error', reject)
  })
  const count: Count = { pictures: 0, tables: 0 }
  const [first, ...rest] = report.blocks
  drawTitle(sheet)
  if (sheet.isLandscape && first?.kind === 'map') {
    drawMapBesideFigures(sheet, first.map, report.figures, (count.pictures += 1))
    for (const block of rest) drawBlock(sheet, block, count)
  } else {
    sheet.y += drawFigures(sheet, report.figures, { x: sheet.left, y: sheet.y, width: sheet.width }, sheet.isLandscape ? 6 : 4) + 14
    for (const block of report.blocks) drawBlock(sheet, block, count)
  }
  sheet.finish()
  sheet.doc.end()
  return done
}

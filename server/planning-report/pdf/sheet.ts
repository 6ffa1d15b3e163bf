/** Paper under a report: a document with embedded fonts, a writing position, and what every page carries. */
import { createRequire } from 'node:module'
import path from 'node:path'
import PDFDocument from 'pdfkit'
import { COLOURS } from '../colours.ts'
import type { Report } from '../model.ts'

/** The folder of the package, wherever it is installed. */
const FONTS = path.join(path.dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts')
/** Edges of the page that nothing but header and footer is written on. */
const EDGE = { side: 45, top: 62, bottom: 54 }

export interface Style {
  size: number
  colour?: string
  isStrong?: boolean
  width?: number
  align?: 'left' | 'right' | 'center'
  lineGap?: number
}

/** Quotation marks of the font are as wide as a Chinese character, which tears an English word apart. */
const ENGLISH: Readonly<Record<string, string>> = { '’': "'", '‘': "'", '“': '"', '”': '"' }
/** What a font of the report lacks, in characters that it has. */
const INSTEAD: Readonly<Record<string, string>> = { '⁻': '−', '₀': '0', '₁': '1', '₂': '2', '₃': '3', 'ᵢ': 'i', 'ₖ': 'k', '⟨': '〈', '⟩': '〉', '\t': ' ', '\r': '' }

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A page being written, from the top down. Sizes are points. */
export class Sheet {
  readonly doc: PDFKit.PDFDocument
  readonly report: Report
  y = 0
  private readonly known = new Map<string, boolean>()

  constructor(report: Report) {
    this.report = report
    this.doc = new PDFDocument({
      size: report.paper === 'a3' ? 'A3' : 'A4', layout: report.orientation, margin: 0, bufferPages: true, autoFirstPage: false, pdfVersion: '1.7', lang: report.language === 'zh' ? 'zh-CN' : 'en', displayTitle: true,
      info: { Title: report.title, Author: '绣城 Xiucheng', Subject: report.subtitle.join(' · '), Keywords: report.link.address },
    })
    this.doc.registerFont('text', path.join(FONTS, 'NotoSansHans-Regular.otf'))
    this.doc.registerFont('strong', path.join(FONTS, 'NotoSansHans-Bold.otf'))
    this.addPage()
  }

  get left(): number {
    return EDGE.side
  }
  get width(): number {
    return this.doc.page.width - 2 * EDGE.side
  }
  /** Where writing ends. */
  get floor(): number {
    return this.doc.page.height - EDGE.bottom
  }
  get room(): number {
    return this.floor - this.y
  }
  /** Room on a fresh page. */
  get wholeRoom(): number {
    return this.floor - EDGE.top
  }
  get isLandscape(): boolean {
    return this.doc.page.width > this.doc.page.height
  }

  addPage(): void {
    this.doc.addPage()
    this.y = EDGE.top
  }

  /** Turns to a fresh page where so much does not fit any more. */
  need(height: number): boolean {
    if (height <= this.room || this.y === EDGE.top) return false
    this.addPage()
    return true
  }

  /** A text in characters that the font has; asking the font changes the style in use, so it is asked before a style is set. */
  printable(text: string): string {
    let result = ''
    for (const character of text) {
      const instead = INSTEAD[character] ?? (this.report.language === 'en' ? ENGLISH[character] : undefined) ?? character
      result += instead === '' || instead === '\n' || this.hasGlyph(instead) ? instead : '□'
    }
    return result
  }

  private hasGlyph(character: string): boolean {
    let has = this.known.get(character)
    if (has === undefined) {
      this.doc.font('text')
      // The typings leave the font in use out; it is the one that was just chosen.
      const { _font } = this.doc as unknown as { _font: { font: { hasGlyphForCodePoint(code: number): boolean } } }
      has = _font.font.hasGlyphForCodePoint(character.codePointAt(0)!)
      this.known.set(character, has)
    }
    return has
  }

  private setStyle({ size, isStrong = false }: Style): void {
    this.doc.font(isStrong ? 'strong' : 'text').fontSize(size)
  }

  widthOf(text: string, style: Style): number {
    const printed = this.printable(text)
    this.setStyle(style)
    return this.doc.widthOfString(printed)
  }

  heightOf(text: string, style: Style): number {
    const printed = this.printable(text)
    this.setStyle(style)
    return this.doc.heightOfString(printed, { width: style.width, lineGap: style.lineGap ?? 0 })
  }

  /** Writes at a place and answers the height that it took. */
  write(text: string, x: number, y: number, style: Style): number {
    const height = style.width === undefined ? 0 : this.heightOf(text, style)
    const printed = this.printable(text)
    this.setStyle(style)
    this.doc.fillOpacity(1).fillColor(style.colour ?? COLOURS.ink).text(printed, x, y, { lineGap: style.lineGap ?? 0, ...(style.width === undefined ? { lineBreak: false } : { width: style.width, align: style.align ?? 'left' }) })
    return height
  }

  line(x1: number, y1: number, x2: number, y2: number, width: number, colour: string): void {
    this.doc.strokeOpacity(1).lineWidth(width).strokeColor(colour).moveTo(x1, y1).lineTo(x2, y2).stroke()
  }

  /** Header and footer of every page, once there are all of them. */
  finish(): void {
    const { start, count } = this.doc.bufferedPageRange()
    for (let index = start; index < start + count; index++) {
      this.doc.switchToPage(index)
      const { report, left, width } = this
      const right = left + width
      const below = this.doc.page.height - 36
      if (report.badge) {
        const text = report.badge
        const badgeWidth = this.widthOf(text, { size: 7, isStrong: true }) + 12
        this.doc.roundedRect(right - badgeWidth, 24, badgeWidth, 15, 7.5).fillAndStroke(COLOURS.amberGround, COLOURS.amber)
        this.write(text, right - badgeWidth + 6, 27.2, { size: 7, isStrong: true, colour: COLOURS.amber })
      }
      if (index > start) {
        this.write(report.title, left, 27, { size: 7.5, colour: COLOURS.faint })
        this.line(left, 44, right, 44, 0.5, COLOURS.line)
      }
      this.line(left, below - 6, right, below - 6, 0.5, COLOURS.line)
      this.write(report.footer, left, below, { size: 7, colour: COLOURS.faint })
      this.write(report.pageText.replace('{n}', String(index - start + 1)).replace('{m}', String(count)), left, below, { size: 7, colour: COLOURS.faint, width, align: 'right' })
    }
  }
}

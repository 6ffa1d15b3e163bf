/** What a table cell may hold; anything else is written as its JSON. */
export type CellValue = string | number | boolean | Date | null | undefined

export interface Column {
  /** Property of the row. */
  key: string
  /** Heading, in the words of the reader. */
  title: string
}

/** A spreadsheet runs what begins with one of these, also behind quotes and spaces, and in their full-width forms. */
const FORMULA_START = /^(?:[\t\r\n]|["'\s]*[=+\-@＝＋－＠])/u

/**
 * Text that a spreadsheet cannot take for a formula: cells that would begin one get an apostrophe in front (OWASP, CSV injection).
 * Numbers are no text and are never touched: -5 stays -5.
 */
export function neutraliseFormula(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text
}

/** Brings any value into what a cell may hold; formulas made harmless, non-finite numbers empty, instants in ISO 8601. */
export function cellOf(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  return neutraliseFormula(typeof value === 'string' ? value : JSON.stringify(value))
}

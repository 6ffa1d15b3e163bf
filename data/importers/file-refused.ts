/** A file that is not taken at all: the sentence says what is wrong with it and what would help. */
export class FileRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'FileRefused'
    this.code = code
  }
}

export interface RowProblem {
  severity: 'refused' | 'repaired' | 'flagged'
  code: string
  field: string | null
  message: string
  sample: string | null
}

/** First characters of a value, for a report. */
export function sampleOf(value: unknown): string | null {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

import type { RowProblem } from '../../data/importers/file-refused.ts'
import type { ImportIssue, ImportReport } from '../contract/imports.ts'
import type { ErrorCode } from '../contract/errors.ts'
import { AppError } from '../errors.ts'

/** Issues kept with an import; what goes beyond is counted but not listed. */
const MAXIMUM_ISSUES = 100_000

/** What was said about the rows of one import; row 0 is the file as a whole. */
export class Issues {
  readonly list: ImportIssue[] = []
  private readonly rows = { refused: new Set<string>(), repaired: new Set<string>(), flagged: new Set<string>() }
  private readonly byCode = new Map<string, ImportReport['issuesByCode'][number]>()
  private part = ''

  /** Rows of the parts of one file are counted apart. */
  enterPart(part: string): void {
    this.part = part
  }

  add(row: number, problem: RowProblem): void {
    const key = `${problem.severity} ${problem.code}`
    const known = this.byCode.get(key)
    if (known) known.count++
    else this.byCode.set(key, { code: problem.code, severity: problem.severity, count: 1, message: problem.message })
    if (row > 0) this.rows[problem.severity].add(`${this.part} ${row}`)
    if (this.list.length < MAXIMUM_ISSUES) this.list.push({ row, ...problem })
  }

  /** About the file as a whole. */
  note(code: string, message: string): void {
    this.add(0, { severity: 'flagged', code, field: null, message, sample: null })
  }

  count(severity: 'refused' | 'repaired' | 'flagged'): number {
    return this.rows[severity].size
  }

  codeCount(severity: 'refused' | 'repaired' | 'flagged', code: string): number {
    return this.byCode.get(`${severity} ${code}`)?.count ?? 0
  }

  summary(): ImportReport['issuesByCode'] {
    const order = ['refused', 'repaired', 'flagged']
    return [...this.byCode.values()].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || b.count - a.count)
  }
}

/** An import that took nothing; carries what was found out, for the report. */
export class ImportFailed extends AppError {
  readonly report: ImportReport | null
  readonly issues: readonly ImportIssue[]

  constructor(code: ErrorCode, message: string, report: ImportReport | null = null, issues: readonly ImportIssue[] = [], cause?: unknown) {
    const refused = issues.filter((issue) => issue.severity === 'refused').slice(0, 50)
    super(code, message, { cause, ...(refused.length > 0 ? { errors: refused.map((issue) => ({ path: issue.row > 0 ? `row ${issue.row}` : 'file', message: issue.message })) } : {}) })
    this.name = 'ImportFailed'
    this.report = report
    this.issues = issues
  }
}

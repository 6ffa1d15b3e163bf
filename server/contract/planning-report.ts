/**
 * Terminology
 * - report 报告: a finished run, or a layer of management gaps, as a document to print: figures, maps, tables, method and passport, with the address that opens the run again.
 * - part: what a reader may leave out; figures and passport are always in it.
 */
import { z } from 'zod'

export const ReportLanguage = z.enum(['zh', 'en'])
export type ReportLanguage = z.infer<typeof ReportLanguage>

export const ReportPaper = z.enum(['a4', 'a3'])
export type ReportPaper = z.infer<typeof ReportPaper>

export const ReportOrientation = z.enum(['portrait', 'landscape'])
export type ReportOrientation = z.infer<typeof ReportOrientation>

export const ReportPart = z.enum(['maps', 'tables', 'method'])
export type ReportPart = z.infer<typeof ReportPart>

/** How a report is to look; `parts` as words with commas between, all of them where none is given. */
export const ReportQuery = z.object({
  language: ReportLanguage.default('zh'),
  paper: ReportPaper.default('a4'),
  orientation: ReportOrientation.default('portrait'),
  parts: z
    .string()
    .optional()
    .transform((text) => text?.split(',').filter((part) => part !== ''))
    .pipe(z.array(ReportPart).max(ReportPart.options.length).optional())
    .transform((parts) => parts ?? [...ReportPart.options]),
})
export type ReportQuery = z.output<typeof ReportQuery>

/** GET; a PDF of a finished coverage run. */
export const COVERAGE_REPORT_PATH = '/cities/:city/coverage-runs/:run/report'
/** GET; a PDF of a planning run that has an answer: sites, supply, mends, indicators. */
export const PLANNING_REPORT_PATH = '/cities/:city/planning-runs/:run/report'
/** GET; a PDF of a layer of management gaps, with the query of its list; it is judged anew. */
export const GAP_REPORT_PATH = '/cities/:city/management-gaps/:layer/report'

/** A question about management gaps as text of an address: `attention.days:60`. */
import { type GapKind, gapKindsOf, GapLayer, GapUnitLevel } from './management-gaps.ts'

/** What is asked: a layer, one of its kinds or all, and numbers that stand in for the rules' where given. */
export interface GapQuestion {
  layer: GapLayer
  kind: GapKind | null
  level: GapUnitLevel
  periodDays: number | null
  days: number | null
  months: number | null
}

export const FIRST_GAP_QUESTION: Readonly<GapQuestion> = { layer: 'responsibility', kind: null, level: 'cell', periodDays: null, days: null, months: null }

/** A question as text for the address: `attention.days:60`. */
export function encodeGapQuestion(question: GapQuestion): string {
  const parts = (['kind', 'level', 'periodDays', 'days', 'months'] as const).flatMap((key) => (question[key] === FIRST_GAP_QUESTION[key] ? [] : [`${key}:${question[key]}`]))
  return [question.layer, ...parts].join('.')
}

/** The question of a text; whatever cannot be read is left as at first. */
export function decodeGapQuestion(text: string): GapQuestion | null {
  const [name, ...parts] = text.split('.')
  const layer = GapLayer.safeParse(name)
  if (!layer.success) return null
  const question: GapQuestion = { ...FIRST_GAP_QUESTION, layer: layer.data }
  for (const part of parts) {
    const [key, value = ''] = part.split(':')
    const number = /^\d{1,4}$/.test(value) && Number(value) > 0 ? Number(value) : null
    const level = GapUnitLevel.safeParse(value)
    if (key === 'kind') question.kind = gapKindsOf(layer.data).find((kind) => kind === value) ?? null
    else if (key === 'level' && level.success && layer.data === 'responsibility') question.level = level.data
    else if (key === 'periodDays' || key === 'days' || key === 'months') question[key] = number
  }
  return question
}

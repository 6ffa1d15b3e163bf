import type { Responsibility } from '../../server/contract/responsibilities.ts'
import { useWords } from '../i18n/use-words.ts'

/** How a row of the matrix is told. */
export function useDutyWords() {
  const { t, pick } = useWords()
  type Row = Pick<Responsibility, 'classKind' | 'classCode' | 'className' | 'classNameEn' | 'conditionOrdinal' | 'areaCode' | 'areaName'>
  const kindOf = (row: Pick<Row, 'classKind'>): string => t(row.classKind === 'part' ? 'dispatch.onlyParts' : 'dispatch.onlyEvents')
  function classOf(row: Row): string {
    const name = row.className === null ? row.classCode : pick(row.className, row.classNameEn ?? row.className)
    return row.classCode.length === 2 ? t('dispatch.largeClass', { name }) : name
  }
  const areaOf = (row: Row): string => row.areaName ?? row.areaCode ?? t('dispatch.wholeCity')
  const conditionOf = (row: Row): string => (row.conditionOrdinal === null ? t('dispatch.any') : String(row.conditionOrdinal))
  return { kindOf, classOf, areaOf, conditionOf }
}

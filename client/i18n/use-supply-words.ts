import { computed } from 'vue'
import type { SupplyResult, SupplySource } from '../../server/contract/planning-supply.ts'
import { useWords } from './use-words.ts'
import { useSupplyStore } from '../stores/supply.ts'

/** Figures of a supply result with their units. */
export function useSupplyWords(result: () => SupplyResult | null) {
  const { t, number, area } = useWords()
  const unit = computed(() => t(`supply.units.${result()?.unit ?? 'm2'}`))
  const per = computed(() => t(`supply.per.${result()?.demandUnit ?? 'people'}`))
  const digitsOf = (value: number) => (value !== 0 && Math.abs(value) < 0.1 ? 4 : value < 100 ? 2 : 0)

  /** So much for one of the demand, without its unit. */
  const perPerson = (value: number | null): string => (value === null ? t('common.noValue') : number(value, digitsOf(value)))
  /** With its unit: `8 m²`. */
  const withUnit = (value: number | null): string => (value === null ? t('common.noValue') : `${perPerson(value)} ${unit.value}`)
  /** An amount of the supply. */
  const amount = (value: number): string => (result()?.unit === 'm2' ? area(value) : `${number(value)} ${unit.value}`)
  /** A number of those who ask: `1,200 people`. */
  const demand = (value: number): string => `${number(value)} ${result()?.demandUnit === 'people' ? t('units.people') : per.value}`
  return { unit, per, perPerson, withUnit, amount, demand }
}

/** A place that supplies people, in a few lines: what it has, who shares it, and what each of them gets of it. */
export function useSupplyPlaceWords() {
  const supply = useSupplyStore()
  const { t } = useWords()
  const { amount, demand, withUnit, per } = useSupplyWords(() => supply.result)
  function supplyPlaceText({ name, capacity, peopleInReach, perPerson }: SupplySource): { title: string; lines: string[] } {
    const shared = perPerson === null ? [t('supply.reachesNobody')] : [t('supply.sharedBy', { n: demand(peopleInReach) }), t('supply.placePer', { v: withUnit(perPerson), per: per.value })]
    return { title: name ?? t('supply.place'), lines: [`${t('supply.placeSupply')} ${amount(capacity)}`, ...shared] }
  }
  return { supplyPlaceText }
}

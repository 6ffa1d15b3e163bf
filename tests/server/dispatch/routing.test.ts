import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RoutingConditions } from '../../../server/contract/dispatch.ts'
import { difference, firstMatch, misfit, type PlayedRule, type RoutedCase } from '../../../server/dispatch/routing.ts'

const RUBBISH: RoutedCase = { schemeId: 'GBT30428.2-2013', classKind: 'event', classCode: '0110', conditionOrdinal: 2, sameOrdinals: [2, 5], countyCode: '440103', streetCode: '440103001', communityCode: '440103001002', gridCode: '440103001002007', source: 'hotline_12345', localMinute: 22 * 60 + 30, weekday: 6 }

const aRule = (ordinal: number, conditions: RoutingConditions, target = `单位${ordinal}`, more: Partial<PlayedRule<string>> = {}): PlayedRule<string> => ({ ordinal, title: `规则${ordinal}`, conditions, target, isEnabled: true, ...more })

describe('a rule fits a case', () => {
  test.each<[string, RoutingConditions, boolean]>([
    ['when it asks nothing', {}, true],
    ['by small class', { classCodes: ['0110'] }, true],
    ['by large class', { classCodes: ['01'] }, true],
    ['not by a longer code that only begins alike', { classCodes: ['011'] }, false],
    ['when the scheme is the one named', { schemeId: 'GBT30428.2-2013', classCodes: ['0110'] }, true],
    ['not when the same code is one of another scheme', { schemeId: 'TAIPEI-1999', classCodes: ['0110'] }, false],
    ['not when the kind differs: event 0110 is no part 0110', { classKind: 'part', classCodes: ['0110'] }, false],
    ['by street', { areaCodes: ['440103001'] }, true],
    ['by county', { areaCodes: ['440103'] }, true],
    ['not by another street', { areaCodes: ['440103002'] }, false],
    ['by duty zone', { gridCodes: ['440103001002007'] }, true],
    ['by source', { sources: ['hotline_12345', 'citizen_app'] }, true],
    ['not by another source', { sources: ['collector'] }, false],
    ['by filing condition', { classKind: 'event', classCodes: ['0110'], conditionOrdinals: [1, 2] }, true],
    ['by the same filing condition under its later number', { classKind: 'event', classCodes: ['0110'], conditionOrdinals: [5] }, true],
    ['not under another filing condition', { classKind: 'event', classCodes: ['0110'], conditionOrdinals: [3] }, false],
    ['at night, over midnight', { fromMinute: 22 * 60, toMinute: 6 * 60 }, true],
    ['not in the day', { fromMinute: 6 * 60, toMinute: 22 * 60 }, false],
    ['on its weekday', { weekdays: [6, 7] }, true],
  ])('%s', (_name, conditions, fits) => {
    expect(misfit(conditions, RUBBISH) === undefined).toBe(fits)
  })

  test('a case without a place fits no rule of an area', () => {
    expect(misfit({ areaCodes: ['44'] }, { ...RUBBISH, countyCode: null, streetCode: null, communityCode: null })).toBeDefined()
  })
})

describe('the first rule that fits decides', () => {
  test('and the trace says why the ones before did not', () => {
    const { rule, trace } = firstMatch([aRule(1, { classKind: 'part' }), aRule(2, {}, '已撤', { isEnabled: false, disabledReason: '单位已撤销' }), aRule(3, { classCodes: ['01'] }), aRule(4, {})], RUBBISH)
    expect(rule?.ordinal).toBe(3)
    expect(trace.map((step) => [step.ordinal, step.fits])).toEqual([[1, false], [2, false], [3, true]])
    expect(trace[0]!.zh).toContain('只管部件')
    expect(trace[1]!.zh).toContain('单位已撤销')
  })

  test('whatever the rules: no earlier enabled rule fits, and rules behind the one that decides change nothing', () => {
    const conditions = fc.record({ classCodes: fc.constantFrom(undefined, ['0110'], ['02'], ['0112', '01']), weekdays: fc.constantFrom(undefined, [1, 2], [6]), areaCodes: fc.constantFrom(undefined, ['440103'], ['99']) })
    const rules = fc.array(fc.record({ conditions, isEnabled: fc.boolean() }), { maxLength: 12 })
    fc.assert(
      fc.property(rules, (given) => {
        const played = given.map((one, index) => aRule(index + 1, RoutingConditions.parse(one.conditions), undefined, { isEnabled: one.isEnabled }))
        const { rule } = firstMatch(played, RUBBISH)
        const before = rule ? played.slice(0, rule.ordinal - 1) : played
        expect(before.every((one) => !one.isEnabled || misfit(one.conditions, RUBBISH) !== undefined)).toBe(true)
        if (rule) expect(firstMatch(played.slice(0, rule.ordinal), RUBBISH).rule).toBe(rule)
      }),
    )
  })
})

describe('a change is explained', () => {
  const before = firstMatch([aRule(1, {})], RUBBISH).rule
  const explain = (edited: readonly PlayedRule<string>[]) => {
    const after = firstMatch(edited, RUBBISH)
    return difference(before, after.rule, after.trace, edited).zh
  }
  const other = (ordinal: number) => ({ ...aRule(ordinal, {}, '环卫'), title: '其余' })
  test.each<[string, readonly PlayedRule<string>[], string]>([
    ['by what the old rule now fails on', [aRule(1, { sources: ['collector'] }), other(2)], '原为“规则1”，该条现在来源“12345热线”不在所列之中；改后命中第 2 条“其余”'],
    ['by the order', [other(1), { ...aRule(2, {}), title: '规则1' }], '原为“规则1”，该条现在排在后面；改后命中第 1 条“其余”'],
    ['by a rule that is gone', [other(1)], '原为“规则1”，该条已删除或改名；改后命中第 1 条“其余”'],
    ['by another unit of the same rule', [aRule(1, {}, '环卫')], '仍为第 1 条“规则1”，其派往单位已改'],
    ['by no rule at all', [], '原为“规则1”，该条已删除或改名；改后没有规则符合'],
  ])('%s', (_name, edited, sentence) => {
    expect(explain(edited)).toBe(sentence)
  })
})

import { describe, expect, test } from 'vitest'
import { groupByTier } from '../../../client/accounts/tiers.ts'
import { browserOf } from '../../../client/accounts/user-agent.ts'
import classes from '../../../data/reference/classes-gbt30428.2-2013.json'
import { inOwnLanguage } from '../../../client/i18n/own-language.ts'
import type { Persona } from '../../../server/contract/accounts.ts'
import type { Role } from '../../../server/contract/permissions.ts'

const aPersona = (login: string, role: Role): Persona => ({ id: `00000000-0000-4000-8000-${login.padStart(12, '0')}`, login, name: login, cityKey: 'demo', posts: [{ role, organisationZh: null, organisationEn: null, areaCode: null, areaName: null }] })

describe('the people of the demo', () => {
  test('stand under their tier, in the order in which a case passes them', () => {
    const groups = groupByTier([aPersona('5', 'planner'), aPersona('4', 'disposal_person'), aPersona('3', 'dispatcher'), aPersona('2', 'operator'), aPersona('1', 'operator'), aPersona('0', 'collector')])
    expect(groups.map((tier) => [tier.tier, tier.roles.map((one) => [one.role, one.personas.map((persona) => persona.login)])])).toEqual([
      ['supervision', [['collector', ['0']], ['operator', ['1', '2']]]],
      ['command', [['dispatcher', ['3']]]],
      ['disposal', [['disposal_person', ['4']]]],
      ['others', [['planner', ['5']]]],
    ])
  })
})

describe('one’s own sessions', () => {
  test.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge 140 · Windows'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari 18 · iOS'],
    ['curl/8', null],
    [null, null],
  ])('%s is told as %s', (text, expected) => {
    expect(browserOf(text)).toBe(expected)
  })
})

describe('a sentence of the server in both languages', () => {
  const both = '案件现由李四办理。The incident is with Li Si.'
  test('is shown in the reader’s own', () => {
    expect(inOwnLanguage(both, 'zh')).toBe('案件现由李四办理。')
    expect(inOwnLanguage(both, 'en')).toBe('The incident is with Li Si.')
  })
  test('so is what the national class table says of where it comes from', () => {
    const { source } = classes.scheme
    expect(inOwnLanguage(source, 'zh')).toMatch(/^编号据 [^]*。$/)
    expect(inOwnLanguage(source, 'en')).toMatch(/^Numbering of [ -~’]*$/)
  })
  test('is left alone when it has one language only', () => {
    expect(inOwnLanguage('Only English.', 'zh')).toBe('Only English.')
    expect(inOwnLanguage('只有中文。', 'en')).toBe('只有中文。')
  })
})

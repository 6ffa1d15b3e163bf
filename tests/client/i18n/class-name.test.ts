import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test } from 'vitest'
import { useClassName } from '../../../client/i18n/use-class-name.ts'
import { useIncidentsStore } from '../../../client/stores/incidents.ts'
import { useSessionStore } from '../../../client/stores/session.ts'

beforeEach(() => setActivePinia(createPinia()))

test('a class is said in the language of the session; a name that no table knows stays the source’s own', () => {
  useIncidentsStore().schemes = [
    { id: 'x', titleZh: '', titleEn: '', source: '', verified: false, version: 1, largeClasses: [], classes: [{ kind: 'event', code: '0101', largeCode: '01', nameZh: '私搭乱建', nameEn: 'Unauthorised construction', isLocalExtension: false, defaultSeverity: 3, verified: false, conditions: [] }] },
  ]
  const session = useSessionStore()
  const classNameOf = useClassName()
  const one = { classKind: 'event' as const, classCode: '0101', className: '私搭乱建' }
  session.setLocale('zh')
  expect(classNameOf(one)).toBe('私搭乱建')
  session.setLocale('en')
  expect(classNameOf(one)).toBe('Unauthorised construction')
  expect(classNameOf({ ...one, className: '路燈故障' })).toBe('路燈故障')
})

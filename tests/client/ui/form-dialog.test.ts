import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ApiError } from '../../../client/api.ts'
import { i18n } from '../../../client/i18n/index.ts'
import { useSessionStore } from '../../../client/stores/session.ts'
import FormDialog from '../../../client/ui/FormDialog.vue'
import { fieldOf, useFailure } from '../../../client/use-failure.ts'

beforeEach(() => setActivePinia(createPinia()))
afterEach(() => {
  document.body.innerHTML = ''
  i18n.global.locale.value = 'zh'
})

async function open(props: Record<string, unknown>) {
  const onSubmit = vi.fn()
  const host = mount(FormDialog, { props: { modelValue: true, title: '新建令牌', action: '新建', onSubmit, ...props }, slots: { default: '<input class="control" />' }, global: { plugins: [i18n] } })
  await flushPromises()
  const form = document.body.querySelector('form')
  return { host, onSubmit, send: async () => (form?.dispatchEvent(new Event('submit')), await flushPromises()) }
}

test('a dialog is no second banner of the page, and says its title once', async () => {
  const { host } = await open({})
  expect(document.body.querySelector('header')?.getAttribute('role')).toBe('presentation')
  expect(document.body.querySelector('[role=dialog]')?.getAttribute('aria-label')).toBe('新建令牌')
  expect([...document.body.querySelectorAll('[role=heading]')].map((one) => one.textContent)).toEqual(['新建令牌'])
  host.unmount()
})

test('what is not ready, or under way, is not sent', async () => {
  const { host, onSubmit, send } = await open({ missing: '请填写用途' })
  await send()
  expect(onSubmit).not.toHaveBeenCalled()
  await host.setProps({ missing: null, busy: true })
  await send()
  expect(onSubmit).not.toHaveBeenCalled()
  await host.setProps({ busy: false })
  await send()
  expect(onSubmit).toHaveBeenCalledOnce()
  host.unmount()
})

test.each([
  ['zh', '内容有误。（“改派理由”：太短）'],
  ['en', 'Not usable. (“Reason for another unit”: Too short)'],
] as const)('a refusal names the field as the form does, in %s', (locale, sentence) => {
  i18n.global.locale.value = locale
  useSessionStore().locale = locale
  let said = ''
  mount({ setup: () => ((said = useFailure().sentenceOf(new ApiError('bad_request', '内容有误。Not usable.', { fields: [{ path: 'body.overrideReason', message: '太短。Too short.' }] }))), () => null) }, { global: { plugins: [i18n] } })
  expect(said).toBe(sentence)
})

test('a field within a list is named by its own name', () => {
  expect([fieldOf('body.conditions.0.limitAmount'), fieldOf('body.mediaIds.3'), fieldOf('query')]).toEqual(['limitAmount', 'mediaIds', 'query'])
})

import { mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { h } from 'vue'
import { useShortcuts } from '../../../client/frame/use-shortcuts.ts'

afterEach(() => (document.body.innerHTML = ''))

test.each([
  ['<input type="search">', false],
  ['<textarea></textarea>', false],
  ['<div role="dialog"><button>x</button></div>', false],
  ['<input type="checkbox">', true],
  ['<button>x</button>', true],
])('a single key pressed in %s acts: %s', (markup, acts) => {
  const run = vi.fn()
  const host = mount({ setup: () => (useShortcuts([{ key: 'j', run }]), () => h('div')) })
  document.body.insertAdjacentHTML('beforeend', markup)
  const target = document.body.querySelector('input, textarea, button')
  target?.dispatchEvent(new KeyboardEvent('keydown', { key: 'J', bubbles: true }))
  target?.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', ctrlKey: true, bubbles: true }))
  expect(run).toHaveBeenCalledTimes(acts ? 1 : 0)
  host.unmount()
})

import { useEventListener, useLocalStorage } from '@vueuse/core'

export interface Shortcut {
  /** As `KeyboardEvent.key` gives it; letters in lower case. */
  key: string
  run: () => void
  /** Whether the key is this one's now; without it, always. */
  isOn?: () => boolean
}

/** Fields that take no letters: a ticked box must not silence the keys. */
const LETTERLESS = 'input[type="checkbox"], input[type="radio"], input[type="range"], input[type="file"]'

/** Whether keys belong to what has focus: a field to write in, a list of choices, or an open dialog. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !target.matches(LETTERLESS)) || target.closest('[role="dialog"], [role="listbox"]') !== null)
}

/** Whether a dialog or drawer that keeps the page from being used is open: Esc is its own then, wherever the focus is. */
export function isModalOpen(): boolean {
  return [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')].some((dialog) => dialog.checkVisibility())
}

/** Whether single-key shortcuts act at all; kept on this machine. */
export function useShortcutSetting() {
  return useLocalStorage('xiucheng.shortcuts', true)
}

/**
 * Single-key shortcuts of the page. They rest inside fields and dialogs, with modifier keys, and when switched off;
 * Esc is not among them and always acts.
 */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const isEnabled = useShortcutSetting()
  useEventListener(document, 'keydown', (event) => {
    if (!isEnabled.value || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const shortcut = shortcuts.find((one) => one.key === key && one.isOn?.() !== false)
    if (!shortcut) return
    event.preventDefault()
    shortcut.run()
  })
}

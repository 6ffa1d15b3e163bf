import { watch } from 'vue'
import { i18n } from './i18n/index.ts'
import { useSessionStore } from './stores/session.ts'
import type { Locale, Theme } from './stores/state.ts'
import { cssVariables } from './theme/tokens.ts'

const KEY = 'xiucheng.appearance'

interface Kept {
  locale?: Locale
  theme?: Theme
}

function read(): Kept {
  try {
    return JSON.parse(window.localStorage.getItem(KEY) ?? '{}') as Kept
  } catch {
    // Storage may be forbidden or hold foreign text: the defaults are good enough.
    return {}
  }
}

function keep(next: Kept): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // Without storage the choice lives as long as the page.
    return
  }
}

/** Takes up the kept theme and language, and from then on puts the session's on the page and keeps them. */
export function useAppearance(): void {
  const session = useSessionStore()
  const kept = read()
  if (kept.theme === 'day' || kept.theme === 'night') session.setTheme(kept.theme)
  if (kept.locale === 'zh' || kept.locale === 'en') session.setLocale(kept.locale)
  watch(
    () => [session.theme, session.locale] as const,
    ([theme, locale]) => {
      const root = document.documentElement
      root.classList.toggle('dark', theme === 'night')
      root.lang = locale === 'zh' ? 'zh-CN' : 'en'
      for (const [name, value] of Object.entries(cssVariables(theme))) root.style.setProperty(name, value)
      i18n.global.locale.value = locale
      document.title = i18n.global.t('product.title')
      keep({ theme, locale })
    },
    { immediate: true },
  )
}

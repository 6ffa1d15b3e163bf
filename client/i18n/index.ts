import { createI18n } from 'vue-i18n'
import { en } from './en.ts'
import { zh } from './zh.ts'

/** The words of the console; the session's locale decides which are shown. */
export const i18n = createI18n({ legacy: false, locale: 'zh', fallbackLocale: 'zh', messages: { zh, en } })

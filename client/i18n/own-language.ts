import type { Locale } from '../stores/state.ts'

/** Chinese to its last sign, then an English sentence: how the server says one thing in both languages. */
const BOTH = /^([\s\S]*[\u3000-\u9fff\uff00-\uffef])\s*([A-Z“][^\u3000-\u9fff\uff00-\uffef]+)$/

/** The half of a sentence in both languages that is in the reader's own; other texts as they are. */
export function inOwnLanguage(text: string, locale: Locale): string {
  const halves = BOTH.exec(text)
  return halves?.[1] && halves[2] ? (locale === 'zh' ? halves[1] : halves[2]).trim() : text
}

/** The same of a phrase: Chinese, ` · `, English. */
export function ownHalf(text: string, locale: Locale): string {
  const [zh = text, en = zh] = text.split(' · ')
  return locale === 'zh' ? zh : en
}

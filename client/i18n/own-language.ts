import type { Locale } from '../stores/state.ts'

/** Chinese to its last sign, then an English sentence: how the server says one thing in both languages. */
const BOTH = /^([\s\S]*[\u3000-\u9fff\uff00-\uffef])\s*([A-Z“][^\u3000-\u9fff\uff00-\uffef]+)$/

/** The same where the English sentence quotes a Chinese name. */
const BOTH_NAMED = /^([\s\S]*。)\s*([A-Z“][\s\S]+)$/
const QUOTED = /"[^"]*"|“[^”]*”/g
const CHINESE = /[\u3000-\u9fff\uff00-\uffef]/

function halvesOf(text: string): RegExpExecArray | null {
  const plain = BOTH.exec(text)
  if (plain) return plain
  const named = BOTH_NAMED.exec(text)
  return named && !CHINESE.test(named[2]!.replace(QUOTED, '')) ? named : null
}

/** The half of a sentence in both languages that is in the reader's own; other texts as they are. */
export function inOwnLanguage(text: string, locale: Locale): string {
  const halves = halvesOf(text)
  return halves?.[1] && halves[2] ? (locale === 'zh' ? halves[1] : halves[2]).trim() : text
}

/** The same of a phrase: Chinese, ` · `, English. */
export function ownHalf(text: string, locale: Locale): string {
  const [zh = text, en = zh] = text.split(' · ')
  return locale === 'zh' ? zh : en
}

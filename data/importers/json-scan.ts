/** Walks through JSON text of any length without building it: hands out the members of one array, keeps the rest. */
import { FileRefused } from './file-refused.ts'

export interface ScanLimits {
  depth: number
  /** Characters of one member, and of everything around the members. */
  memberLength: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c

/**
 * Scans an object at the top of `text` for the array member `arrayKey`.
 * Yields the text of each of its members in order; at the end answers the text of everything else, with that array left empty.
 * Only brackets and strings are looked at: what is yielded still has to be parsed.
 * @throws FileRefused when brackets do not match, nesting or lengths pass the limits.
 */
export async function* scanMembers(text: AsyncIterable<string>, arrayKey: string, limits: ScanLimits): AsyncGenerator<string, string> {
  const keyPattern = new RegExp(`"${arrayKey}"\\s*:\\s*$`)
  const open: number[] = []
  let rest = ''
  let member = ''
  let inString = false
  let escaped = false
  let inArray = false
  let sawText = false
  const tooLong = () => new FileRefused('feature_too_long', `One feature is longer than ${Math.round(limits.memberLength / 1024 ** 2)} MB of text.`)

  for await (let chunk of text) {
    if (!sawText) chunk = chunk.replace(/^\uFEFF/, '')
    sawText ||= chunk.length > 0
    let start = 0
    for (let index = 0; index < chunk.length; index++) {
      const code = chunk.charCodeAt(index)
      if (inString) {
        if (escaped) escaped = false
        else if (code === BACKSLASH) escaped = true
        else if (code === QUOTE) inString = false
        continue
      }
      if (code === QUOTE) inString = true
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        if (open.length === 1 && code === OPEN_BRACKET && !inArray) {
          const before = rest + chunk.slice(start, index)
          if (keyPattern.test(before.slice(-200))) {
            rest = `${before}[`
            inArray = true
            start = index + 1
          }
        }
        open.push(code)
        if (open.length > limits.depth) throw new FileRefused('nested_too_deep', `The JSON is nested more than ${limits.depth} deep.`)
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        const opened = open.pop()
        if (opened !== (code === CLOSE_BRACE ? OPEN_BRACE : OPEN_BRACKET)) throw new FileRefused('json_invalid', 'The file is not valid JSON: a bracket closes that was not opened.')
        if (inArray && open.length === 1) {
          member += chunk.slice(start, index)
          if (member.trim() !== '') yield member
          member = ''
          inArray = false
          start = index
        }
      } else if (inArray && code === COMMA && open.length === 2) {
        member += chunk.slice(start, index)
        yield member
        member = ''
        start = index + 1
      }
    }
    if (inArray) member += chunk.slice(start)
    else rest += chunk.slice(start)
    if (member.length > limits.memberLength || rest.length > limits.memberLength) throw tooLong()
  }
  if (open.length > 0 || inString) throw new FileRefused('json_cut_off', 'The file ends in the middle: it is cut off, or a bracket or quote is missing.')
  return rest
}

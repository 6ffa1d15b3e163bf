/** Reads the names of a file's columns from its beginning, for the mapping's suggestions; the server reads the file itself. */

const HEAD_BYTES = 64 * 1024

/** Columns of a CSV's first line; understands quotes, comma, semicolon and tab. */
export function csvColumns(head: string): string[] {
  const line = head.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? ''
  const separator = [',', ';', '\t'].reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best), ',')
  const columns: string[] = []
  let text = ''
  let isQuoted = false
  for (const character of `${line}${separator}`) {
    if (character === '"') isQuoted = !isQuoted
    else if (character === separator && !isQuoted) {
      columns.push(text.trim())
      text = ''
    } else text += character
  }
  return columns.filter(Boolean)
}

/** Property names of a GeoJSON's first feature. */
export function geojsonColumns(head: string): string[] {
  const start = head.indexOf('{', head.search(/"properties"\s*:/))
  if (!/"properties"\s*:/.test(head) || start < 0) return []
  let depth = 0
  let isText = false
  for (let index = start; index < head.length; index++) {
    const character = head[index]
    if (character === '"' && head[index - 1] !== '\\') isText = !isText
    if (isText) continue
    if (character === '{') depth++
    if (character === '}' && --depth === 0) {
      try {
        return Object.keys(JSON.parse(head.slice(start, index + 1)) as Record<string, unknown>)
      } catch {
        // Not readable from here; the server will say what is wrong with it.
        return []
      }
    }
  }
  return []
}

/** Column names of a chosen file where they can be read in the browser; empty for other formats and encodings. */
export async function sniffColumns(file: File): Promise<string[]> {
  const name = file.name.toLowerCase()
  const read = name.endsWith('.csv') || name.endsWith('.tsv') ? csvColumns : /\.(geo)?json$/.test(name) ? geojsonColumns : null
  if (!read) return []
  const bytes = await file.slice(0, HEAD_BYTES).arrayBuffer()
  const text = new TextDecoder('utf-8').decode(bytes)
  const columns = read(text)
  // Replacement characters mean another encoding: better no suggestion than a wrong one.
  return columns.some((one) => one.includes('\uFFFD')) ? [] : columns
}

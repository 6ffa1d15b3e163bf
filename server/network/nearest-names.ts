/** Names longer than this are compared by their beginning. */
const COMPARED_LENGTH = 40
/** With more names only those that begin alike are compared: this is a hint, not a search. */
const COMPARED_NAMES = 100_000

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein 1966). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_value, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

/** The names most like a wrong one, the likest first, in a stable order. */
export function nearestNames(wanted: string, names: readonly string[], count: number): string[] {
  const compared = names.length > COMPARED_NAMES ? names.filter((name) => name[0] === wanted[0]).slice(0, COMPARED_NAMES) : names
  const short = wanted.slice(0, COMPARED_LENGTH)
  return compared
    .map((name) => ({ name, edits: editsBetween(short, name.slice(0, COMPARED_LENGTH)) }))
    .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name)
}

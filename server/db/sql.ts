/** A statement whose values never enter its text. */
export interface Sql {
  readonly text: string
  readonly values: readonly unknown[]
  readonly [fragment]: { strings: readonly string[]; parts: readonly unknown[] }
}

const fragment = Symbol('sql')

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && fragment in value
}

function render(strings: readonly string[], parts: readonly unknown[], values: unknown[]): string {
  let text = strings[0] ?? ''
  parts.forEach((part, index) => {
    if (isSql(part)) text += render(part[fragment].strings, part[fragment].parts, values)
    else {
      values.push(part)
      text += `$${values.length}`
    }
    text += strings[index + 1] ?? ''
  })
  return text
}

/**
 * Builds a parameterised statement. Interpolated fragments made by `sql` are spliced in;
 * everything else becomes a bound parameter, so no input can become query text.
 */
export function sql(strings: TemplateStringsArray, ...parts: unknown[]): Sql {
  return make([...strings], parts)
}

function make(strings: readonly string[], parts: readonly unknown[]): Sql {
  const values: unknown[] = []
  const text = render(strings, parts, values)
  return { text, values, [fragment]: { strings, parts } }
}

/** Joins fragments with a fixed separator: `join([a, b], ' and ')`. An empty list gives an empty fragment. */
export function join(fragments: readonly Sql[], separator = ', '): Sql {
  if (fragments.length === 0) return make([''], [])
  return make(['', ...fragments.slice(1).map(() => separator), ''], fragments)
}

/**
 * A fragment of fixed text. Only for identifiers and keywords that the program itself chose
 * from a list; anything but letters, digits, underscore, dot and space is refused.
 */
export function identifier(name: string): Sql {
  if (!/^[a-z_][a-z0-9_.]*$/.test(name)) throw new TypeError(`not an identifier: ${JSON.stringify(name)}`)
  return make([name], [])
}

/** A type as the database's own catalogue names it (`geometry(MultiPolygon,4490)`); never a name that came in from outside. */
export function catalogueType(name: string): Sql {
  if (!/^[a-zA-Z_][a-zA-Z0-9_ (),[\]]*$/.test(name)) throw new TypeError(`not a type: ${JSON.stringify(name)}`)
  return make([name], [])
}

export const empty: Sql = make([''], [])

/** A statement written by a library that brings its own text and numbered values (the job queue); never for text of ours. */
export function foreignStatement(text: string, values: readonly unknown[]): Sql {
  return { text, values, [fragment]: { strings: [text], parts: [] } }
}

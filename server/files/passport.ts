/** Adds the passport to a FeatureCollection as a foreign member (RFC 7946, 6.1), without holding the collection in memory. */
export async function* withPassport(chunks: AsyncIterable<string>, passport: Record<string, unknown>): AsyncGenerator<string> {
  let first = true
  for await (const chunk of chunks) {
    yield first ? chunk.replace('{', `{"passport":${JSON.stringify(passport)},`) : chunk
    first = false
  }
}

/** What other rooms may ask about a layer by its key. */
export { findLayer } from './queries.ts'

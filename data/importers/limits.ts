/** What a file may cost. Every bound has a sentence in the refusal; all can be tightened by a test. */
export interface ReaderLimits {
  /** Bytes of the file itself. */
  fileBytes: number
  /** Rows of all layers together. */
  rows: number
  /** Positions of one geometry. */
  vertices: number
  /** Bytes of one feature's text. */
  featureBytes: number
  /** Nesting of brackets in JSON. */
  depth: number
  /** Bytes that a zip may hold unpacked. */
  unpackedBytes: number
  /** Unpacked over packed, entries above a megabyte. */
  zipRatio: number
  zipEntries: number
  /** Wall-clock limit of the child process. */
  milliseconds: number
  /** Heap of the child process. */
  heapMegabytes: number
  /** Resident memory at which the parent kills it (Linux). */
  residentMegabytes: number
}

export const READER_LIMITS: ReaderLimits = {
  fileBytes: 4 * 1024 ** 3,
  rows: 5_000_000,
  vertices: 1_000_000,
  featureBytes: 64 * 1024 ** 2,
  depth: 64,
  unpackedBytes: 2 * 1024 ** 3,
  zipRatio: 200,
  zipEntries: 1000,
  milliseconds: 600_000,
  heapMegabytes: 768,
  residentMegabytes: 2048,
}

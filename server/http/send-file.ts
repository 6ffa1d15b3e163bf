import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'

/** A file whose bytes are made while they are read. */
export interface SentFile {
  fileName: string
  mediaType: string
  chunks: AsyncIterable<string | Uint8Array>
}

/** Answers with a file to be kept. */
export async function sendFile(response: Response, file: SentFile): Promise<void> {
  response.type(file.mediaType).set({ 'Content-Disposition': `attachment; filename="${file.fileName}"`, 'Cache-Control': 'private, max-age=0' })
  try {
    await pipeline(Readable.from(file.chunks), response)
  } catch (error) {
    // A reader who goes away is no fault of anybody.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error
  }
}

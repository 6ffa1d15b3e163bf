import type { FetchedFile } from './api.ts'

/** Hands a fetched file to the browser, which keeps it where its user keeps files. */
export function saveFile({ blob, fileName }: FetchedFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName
  link.click()
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'

export interface ReadPdf {
  /** Text of each page as one copies it. */
  pages: string[]
  /** All of it, without spaces, since lines break anywhere in Chinese. */
  text: string
  /** Width and height of the first page, points. */
  size: [number, number]
  links: string[]
}

const bare = (text: string) => text.replaceAll(/\s+/g, '')

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const file = await getDocument({ data: new Uint8Array(bytes), verbosity: 0, isEvalSupported: false }).promise
  const pages: string[] = []
  const links: string[] = []
  let size: [number, number] = [0, 0]
  for (let number = 1; number <= file.numPages; number++) {
    const page = await file.getPage(number)
    if (number === 1) size = page.view.slice(2) as [number, number]
    const { items } = await page.getTextContent()
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(' '))
    for (const note of (await page.getAnnotations()) as { url?: string }[]) if (note.url) links.push(note.url)
  }
  await file.destroy()
  return { pages, text: bare(pages.join('')), size, links }
}

/** Whether the document says something, wherever its lines break. */
export const says = ({ text }: ReadPdf, what: string): boolean => text.includes(bare(what))

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { clausesWithoutEnglish, noteInEnglish } from '../../../server/contract/rule-notes.ts'

const FOLDER = path.join(import.meta.dirname, '../../../data/standards')

/** Remarks anywhere in a file of rules. */
function notesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(notesOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => (key === 'note' && typeof one === 'string' ? [one] : notesOf(one)))
}

test('every remark of a rule that comes with the console has its English', async () => {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('-rules.json'))
  const notes = (await Promise.all(files.map(async (name) => notesOf(JSON.parse(await readFile(path.join(FOLDER, name), 'utf8')))))).flat()
  expect(notes.length).toBeGreaterThan(60)
  expect([...new Set(notes.flatMap(clausesWithoutEnglish))]).toEqual([])
  expect(notes.filter((note) => /[\u4e00-\u9fff]/u.test(noteInEnglish(note)))).toEqual([])
})

test('a remark is told clause by clause, and what a city wrote itself is left as it is', () => {
  expect(noteInEnglish('标准为 600–1 200 m，取上限；以快速路、主干路为交通性道路。尚未与原文核对。')).toBe('The standard says 600–1,200 m; the upper end is taken. Expressways and arterial roads are taken as traffic roads. Not yet checked against the text of the standard.')
  expect(noteInEnglish('本市 2025 年会议纪要。')).toBe('本市 2025 年会议纪要。')
})

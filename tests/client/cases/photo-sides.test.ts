import { expect, test } from 'vitest'
import type { Evidence, EvidenceKind } from '../../../server/contract/evidence.ts'
import { photoSides } from '../../../client/cases/photo-sides.ts'

const photo = (id: string, kind: EvidenceKind, at: string) => ({ id, kind, takenAt: at, createdAt: at }) as Evidence

test('what was taken for comparing comes first, then the latest; a reference photo is no result', () => {
  const { before, after } = photoSides([
    photo('near', 'near', '2026-11-20T01:00:00Z'), photo('early', 'before', '2026-11-20T02:00:00Z'), photo('late', 'before', '2026-11-20T03:00:00Z'),
    photo('check', 'check', '2026-11-22T01:00:00Z'), photo('done', 'after', '2026-11-21T01:00:00Z'), photo('else', 'other', '2026-11-21T02:00:00Z'),
  ])
  expect(before.map(({ id }) => id)).toEqual(['late', 'early', 'near'])
  expect(after.map(({ id }) => id)).toEqual(['done', 'check'])
})

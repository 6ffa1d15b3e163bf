/** Which photos of a case show it as it was found and which as it was left, for laying one beside the other. Pure. */
import type { Evidence, EvidenceKind } from '../../server/contract/evidence.ts'

const BEFORE: readonly EvidenceKind[] = ['before', 'near', 'far', 'reference']
const AFTER: readonly EvidenceKind[] = ['after', 'check']

export interface PhotoSides {
  before: Evidence[]
  after: Evidence[]
}

const instant = (one: Evidence) => Date.parse(one.takenAt ?? one.createdAt)

/** Best to compare first: a photo taken for comparing before one taken for reporting, then the latest. */
export function photoSides(evidence: readonly Evidence[]): PhotoSides {
  const side = (kinds: readonly EvidenceKind[]) =>
    evidence.filter((one) => kinds.includes(one.kind)).sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || instant(b) - instant(a))
  return { before: side(BEFORE), after: side(AFTER) }
}

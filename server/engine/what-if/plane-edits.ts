/** Edits of a scenario in metres in the city's plane. */
export type SiteShape = { kind: 'facility'; wkb: Uint8Array } | { kind: 'change'; feature: string; wkb: Uint8Array }
export type PlaneEdit =
  | SiteShape
  | { kind: 'close' | 'open'; feature: string }
  /** @param feature number in the list for what an edit adds, else the id of a facility */
  | { kind: 'gate'; feature: string; point: readonly [number, number] }
  /** The gate nearest to the point, of those that are found or on record, is shut. */
  | { kind: 'close_gate'; feature: string; point: readonly [number, number] }
  | { kind: 'path'; line: readonly number[]; isCrossing: boolean }
  | { kind: 'close_path'; point: readonly [number, number] }
/** What is answered move by move; a facility that an edit adds by the id that its gates name it with. */
export type MovableEdit = Extract<PlaneEdit, { kind: 'facility' | 'change' | 'gate' | 'path' }> & { id?: string }
/** Edits by the id that gates name them with. */
export type IdentifiedEdit = PlaneEdit & { id: string }

export type WayEdit = Extract<PlaneEdit, { kind: 'path' }>
export type GateEdit = Extract<PlaneEdit, { kind: 'gate' | 'close_gate' }>

/** Places whose nearest path is shut. */
export function closedBy(edits: readonly PlaneEdit[]): (readonly [number, number])[] {
  return edits.flatMap((edit) => (edit.kind === 'close_path' ? [edit.point] : []))
}

/** What edits do to gates. */
export function gateEditsOf(edits: readonly PlaneEdit[]): GateEdit[] {
  return edits.flatMap((edit) => (edit.kind === 'gate' || edit.kind === 'close_gate' ? [edit] : []))
}

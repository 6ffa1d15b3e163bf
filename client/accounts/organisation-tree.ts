/** Organisations as the two trees of a city: who supervises and commands, and who handles. Pure. */
import type { Organisation } from '../../server/contract/people.ts'

export const TREES = ['command', 'disposal'] as const
export type Tree = (typeof TREES)[number]

export interface TreeRow {
  organisation: Organisation
  /** 0 for a root. */
  depth: number
}

function treeOf(organisation: Organisation): Tree {
  return organisation.kind === 'supervision_centre' || organisation.kind === 'command_centre' ? 'command' : 'disposal'
}

/**
 * Rows of both trees, each parent before those below it. One whose parent is not there stands as a root;
 * `text` keeps those that match by name or code, with everything above them.
 */
export function treesOf(organisations: readonly Organisation[], text: string): Record<Tree, TreeRow[]> {
  const known = new Map(organisations.map((one) => [one.id, one]))
  const wanted = text.trim().toLowerCase()
  const kept = new Set<string>()
  for (const one of organisations) {
    if (wanted !== '' && ![one.nameZh, one.nameEn, one.code].some((name) => name.toLowerCase().includes(wanted))) continue
    for (let at: Organisation | undefined = one; at && !kept.has(at.id); at = at.parentId === null ? undefined : known.get(at.parentId)) kept.add(at.id)
  }
  const below = new Map<string | null, Organisation[]>()
  for (const one of organisations) {
    if (!kept.has(one.id)) continue
    const parent = one.parentId !== null && known.has(one.parentId) ? one.parentId : null
    below.set(parent, [...(below.get(parent) ?? []), one])
  }
  const trees: Record<Tree, TreeRow[]> = { command: [], disposal: [] }
  const walk = (organisation: Organisation, depth: number, tree: Tree): void => {
    trees[tree].push({ organisation, depth })
    for (const child of below.get(organisation.id) ?? []) walk(child, depth + 1, tree)
  }
  for (const root of below.get(null) ?? []) walk(root, 0, treeOf(root))
  return trees
}

/** Whether one is another or stands below it: it cannot become its parent. */
export function isWithin(organisations: readonly Organisation[], id: string, ancestorId: string): boolean {
  const known = new Map(organisations.map((one) => [one.id, one]))
  for (let at = known.get(id); at; at = at.parentId === null ? undefined : known.get(at.parentId)) if (at.id === ancestorId) return true
  return false
}

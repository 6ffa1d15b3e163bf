import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWithin, TREES, treesOf } from '../../../client/accounts/organisation-tree.ts'
import type { Organisation } from '../../../server/contract/people.ts'

function anOrganisation(id: string, parentId: string | null, kind: Organisation['kind'] = 'department'): Organisation {
  return { id, code: `code-${id}`, kind, parentId, nameZh: `机构${id}`, nameEn: `Unit ${id}`, areaCode: null, version: 1, endedAt: null }
}
const CITY = [anOrganisation('c', null, 'command_centre'), anOrganisation('d', 'c', 'command_centre'), anOrganisation('p', null), anOrganisation('q', 'p', 'contractor'), anOrganisation('s', 'gone', 'street')]

describe('the two trees', () => {
  test('who commands stands apart from who handles, everybody below his own; one whose parent is not there is a root', () => {
    const trees = treesOf(CITY, '')
    expect(trees.command.map(({ organisation, depth }) => [organisation.id, depth])).toEqual([['c', 0], ['d', 1]])
    expect(trees.disposal.map(({ organisation, depth }) => [organisation.id, depth])).toEqual([['p', 0], ['q', 1], ['s', 0]])
  })

  test('what is looked for keeps everything above it, and nothing else', () => {
    const trees = treesOf(CITY, ' unit Q ')
    expect(trees.disposal.map((row) => row.organisation.id)).toEqual(['p', 'q'])
    expect(trees.command).toEqual([])
  })

  test('nobody can be moved below himself', () => {
    expect(isWithin(CITY, 'q', 'p')).toBe(true)
    expect(isWithin(CITY, 'p', 'p')).toBe(true)
    expect(isWithin(CITY, 'p', 'q')).toBe(false)
  })

  test('every organisation is in exactly one tree, behind its parent', () => {
    const forest = fc.array(fc.nat(), { maxLength: 40 }).map((picks) => picks.map((pick, index) => anOrganisation(String(index), index === 0 || pick % 3 === 0 ? null : String(pick % index))))
    fc.assert(
      fc.property(forest, (all) => {
        const trees = treesOf(all, '')
        const ids = TREES.flatMap((tree) => trees[tree].map((row) => row.organisation.id))
        expect([...ids].sort()).toEqual(all.map((one) => one.id).sort())
        for (const { id, parentId } of all) if (parentId !== null) expect(ids.indexOf(parentId)).toBeLessThan(ids.indexOf(id))
      }),
    )
  })
})

/** A table of who answers for which cell, community or street. */
import { v7 as uuidv7 } from 'uuid'
import type { KindRule } from '../../data/importers/kinds.ts'
import type { Queryable } from '../db/db.ts'
import type { ImportRun, StoredLayer } from './context.ts'
import { listKnownCodes, listOrganisations, listPeople, type OwnerRow, replaceOwners } from './grid-owner-queries.ts'
import type { ReadRows } from './read-rows.ts'
import { requireNoRefusal } from './store.ts'

export const GRID_OWNER_RULE: KindRule = {
  table: 'grid_owners', geometry: 'none', measure: null, uniqueCode: null, outsideBy: 'touch',
  fields: [
    { name: 'area', column: 'code', type: 'text', guess: ['area', 'code', '网格编码', '单元网格编码', '社区代码', '街道代码', '区划代码', '代码', '编码'], required: 'Say which column holds the code of the cell, community or street: --map area=COLUMN.' },
    { name: 'organisation', column: 'organisation', type: 'text', guess: ['organisation', 'organization', '责任单位', '责任部门', '管理单位', '单位'], required: 'Say which column holds the organisation: --map organisation=COLUMN.' },
    { name: 'person', column: 'person', type: 'text', guess: ['person', '责任人', '网格员', '网格长', '姓名'] },
  ],
}

/** Writes owners of areas; areas that the table does not name keep theirs. An organisation or person without an account here is kept by name. */
export async function storeGridOwners(tx: Queryable, run: ImportRun, read: ReadRows): Promise<StoredLayer> {
  requireNoRefusal(run)
  const { cityId } = run.city
  const organisations = await listOrganisations(tx, cityId)
  const people = await listPeople(tx, cityId)
  const rows = new Map<string, OwnerRow & { row: number }>()
  for await (const { row, fields } of read.spool.rows()) {
    const areaCode = String(fields['code'])
    const organisation = String(fields['organisation'])
    const person = fields['person'] === null || fields['person'] === undefined ? null : String(fields['person'])
    if (rows.has(areaCode)) {
      run.issues.add(row, { severity: 'refused', code: 'code_repeated', field: 'area', message: `The code ${areaCode} stands in row ${rows.get(areaCode)?.row} already; an area has one owner.`, sample: areaCode })
      continue
    }
    const known = organisations.find((one) => [one.code, one.nameZh, one.nameEn].includes(organisation))
    const account = person === null ? undefined : people.find((one) => one.login === person.toLowerCase()) ?? onlyOne(people.filter((one) => one.name === person))
    if (!known) run.issues.add(row, { severity: 'flagged', code: 'organisation_unknown', field: 'organisation', message: `No organisation of the city is called "${organisation}"; it is kept by its name.`, sample: organisation })
    rows.set(areaCode, { row, publicId: uuidv7(), areaCode, organisation: known?.nameZh ?? organisation, organisationId: known?.organisationId ?? null, person: account?.name ?? person, accountId: account?.accountId ?? null })
  }
  const codes = await listKnownCodes(tx, cityId, [...rows.keys()])
  for (const { row, areaCode } of rows.values()) {
    if (codes.has(areaCode)) continue
    run.issues.add(row, { severity: 'refused', code: 'area_unknown', field: 'area', message: `The city has no cell, community or street with the code ${areaCode}.`, sample: areaCode })
    rows.delete(areaCode)
  }
  requireNoRefusal(run)
  const { inserted, changed } = await replaceOwners(tx, cityId, [...rows.values()])
  read.facts.totals = { owners: rows.size }
  return { key: 'grid_owners', kind: 'grid_owners', layerId: null, rows: rows.size, counts: { taken: rows.size, inserted, changed, unchanged: rows.size - inserted - changed, ended: 0, outsideCity: 0 } }
}

function onlyOne<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined
}

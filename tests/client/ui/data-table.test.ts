import { mount } from '@vue/test-utils'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DataColumn, sortRows, visibleRange } from '../../../client/ui/data-table.ts'
import UiDataTable from '../../../client/ui/UiDataTable.vue'

interface Row {
  id: string
  value: number | null
}

const COLUMNS: DataColumn<Row>[] = [
  { key: 'id', title: '编号', width: '1fr', text: (row) => row.id },
  { key: 'value', title: '值', width: '80px', align: 'end', sort: (row) => row.value, text: (row) => (row.value === null ? '无值 —' : String(row.value)) },
]
const rowsOf = (values: (number | null)[]): Row[] => values.map((value, index) => ({ id: String(index), value }))

describe('the rows of a table', () => {
  test('rows without a value stay last whichever way one sorts', () => {
    const values = fc.array(fc.option(fc.integer(), { nil: null }), { maxLength: 30 })
    fc.assert(
      fc.property(values, fc.constantFrom('ascending' as const, 'descending' as const), (given, direction) => {
        const sorted = sortRows(rowsOf(given), COLUMNS, { key: 'value', direction }).map((row) => row.value)
        const firstNone = sorted.indexOf(null)
        expect(firstNone === -1 || sorted.slice(firstNone).every((value) => value === null)).toBe(true)
        const known = sorted.filter((value) => value !== null)
        expect(known).toEqual([...known].sort((a, b) => (direction === 'ascending' ? a - b : b - a)))
      }),
    )
  })
  test('the rows drawn always cover what is in view', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(800_000), fc.integer({ min: 1, max: 2_000 }), (count, scrollTop, height) => {
        const { from, to } = visibleRange(count, 36, scrollTop, height)
        expect(from).toBeLessThanOrEqual(to)
        for (const y of [scrollTop, scrollTop + height - 1]) {
          const row = Math.floor(y / 36)
          if (row < count) expect(row >= from && row < to).toBe(true)
        }
      }),
    )
  })
})

describe('a table of many rows', () => {
  const table = () => mount(UiDataTable<Row>, { props: { label: '表', columns: COLUMNS, rows: rowsOf(Array.from({ length: 12_000 }, (_unused, index) => index)), total: 12_345 } })

  test('draws few of them and still says how many there are', () => {
    const wrapper = table()
    expect(wrapper.findAll('.row').length).toBeLessThan(60)
    expect(wrapper.attributes('aria-rowcount')).toBe('12346')
  })
  test('arrow keys walk it and Enter picks the row one has come to', async () => {
    const wrapper = table()
    await wrapper.trigger('keydown', { key: 'ArrowDown' })
    await wrapper.trigger('keydown', { key: 'ArrowDown' })
    await wrapper.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('pick')?.[0]?.[0]).toMatchObject({ id: '2' })
  })
  test('a heading sorts, sorts the other way, and lets go', async () => {
    const wrapper = table()
    const head = () => wrapper.findAll('[role=columnheader]')[1]
    const states: (string | undefined)[] = []
    for (let press = 0; press < 3; press++) {
      await head()?.get('button').trigger('click')
      const sort = wrapper.emitted('update:sort')?.[press]?.[0] as { key: string; direction: 'ascending' | 'descending' } | null
      await wrapper.setProps({ sort })
      states.push(head()?.attributes('aria-sort'))
    }
    expect(states).toEqual(['descending', 'ascending', 'none'])
  })
})

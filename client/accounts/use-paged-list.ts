import { ref, shallowRef } from 'vue'
import { useLoading } from '../stores/loading.ts'

export interface Page<Row> {
  rows: readonly Row[]
  nextCursor: string | null
}

/** A list read page by page: `reload` begins anew, `more` goes on; of overlapping readings only the latest counts. */
export function usePagedList<Row>(read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>) {
  const rows = shallowRef<Row[]>([])
  const nextCursor = ref<string | null>(null)
  const { status, failure, run } = useLoading()

  function reload(): Promise<boolean> {
    return run(
      (signal) => read(undefined, signal),
      (page) => {
        rows.value = [...page.rows]
        nextCursor.value = page.nextCursor
      },
    )
  }

  async function more(): Promise<void> {
    const cursor = nextCursor.value
    if (cursor === null) return
    await run(
      (signal) => read(cursor, signal),
      (page) => {
        rows.value = [...rows.value, ...page.rows]
        nextCursor.value = page.nextCursor
      },
    )
  }

  return { rows, nextCursor, status, failure, reload, more }
}

/** The program of the child process: waits for one task, prints its answer as lines of JSON, ends. */
import type { ChildTask } from './tasks.ts'

process.once('message', (task: ChildTask) => {
  const work = task.task === 'write' ? import('./gdal-write.ts').then(({ writeWithGdal }) => writeWithGdal(task)) : import('./read.ts').then(({ readFileTask }) => readFileTask(task))
  work.then(
    () => process.disconnect(),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      process.exitCode = 1
      process.disconnect()
    },
  )
})

// Bootstrap of the computation thread: reads TypeScript, whatever folder the program was started from.
import { register } from 'tsx/esm/api'

register()
await import('./computation-worker.ts')

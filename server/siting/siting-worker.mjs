// Bootstrap of the siting thread: reads TypeScript, whatever folder the program was started from.
import { register } from 'tsx/esm/api'

register()
await import('./siting-worker.ts')

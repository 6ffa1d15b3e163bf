// Bootstrap of the thread that writes reports: reads TypeScript, whatever folder the program was started from.
import { register } from 'tsx/esm/api'

register()
await import('./pdf-worker.ts')

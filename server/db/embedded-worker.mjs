// A thread does not inherit the loader of TypeScript; this registers it before the worker proper is loaded.
import { register } from 'tsx/esm/api'

register()
await import('./embedded-worker.ts')

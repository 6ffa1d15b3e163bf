// Registers the loader that lets Node run our TypeScript as it is.
import { register } from 'tsx/esm/api'

register()

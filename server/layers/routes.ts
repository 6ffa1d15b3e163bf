import type { Router } from 'express'
import type { AppContext } from '../context.ts'

/** Mounts the addresses of layers. */
export function layersRoutes(_router: Router, _context: AppContext): void {}

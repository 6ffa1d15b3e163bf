import type { Router } from 'express'
import type { AppContext } from '../context.ts'

/** Mounts the addresses of live. */
export function liveRoutes(_router: Router, _context: AppContext): void {}

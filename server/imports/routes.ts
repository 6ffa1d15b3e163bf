import type { Router } from 'express'
import type { AppContext } from '../context.ts'

/** Mounts the addresses of imports. */
export function importsRoutes(_router: Router, _context: AppContext): void {}

import type { Router } from 'express'
import type { AppContext } from '../context.ts'

/** Mounts the addresses of incidents. */
export function incidentsRoutes(_router: Router, _context: AppContext): void {}

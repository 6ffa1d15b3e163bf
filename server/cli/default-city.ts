import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.ts'
import { writeDurably } from '../db/data-folder-manifest.ts'

const FILE = 'default-city'
/** Commands about one city, which `city use` spares from naming it each time. */
const ABOUT_A_CITY = new Set(['import', 'analyse', 'report', 'export', 'catalogue', 'calendar'])

export function writeDefaultCity(config: Config, key: string): void {
  writeDurably(path.join(config.dataDirectory, FILE), `${key}\n`)
}

export function readDefaultCity(config: Config): string | undefined {
  const file = path.join(config.dataDirectory, FILE)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}

/** The arguments of a command with the city chosen by `city use` where none is named. */
export function withDefaultCity(name: string, args: readonly string[], config: Config): string[] {
  if (!ABOUT_A_CITY.has(name) || args.some((argument) => argument === '--city' || argument.startsWith('--city='))) return [...args]
  const key = readDefaultCity(config)
  return key ? [...args, '--city', key] : [...args]
}

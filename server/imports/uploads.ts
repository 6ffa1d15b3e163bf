/** Files that came in through the API: under a name of ours in the data folder, for as long as their import needs them. */
import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../config.ts'

export function uploadFolder(config: Config): string {
  return path.join(config.dataDirectory, 'uploads')
}

/** Where the file of an import lies. */
export function uploadPath(config: Config, importId: string): string {
  return path.join(uploadFolder(config), importId)
}

export async function removeUpload(config: Config, importId: string): Promise<void> {
  await rm(uploadPath(config, importId), { force: true })
}

export async function hasUpload(config: Config, importId: string): Promise<boolean> {
  return stat(uploadPath(config, importId)).then((facts) => facts.isFile(), () => false)
}

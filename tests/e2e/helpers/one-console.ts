/** One console with the demo city for every journey: making a city takes longer than most journeys. */
import type { TestProject } from 'vitest/node'
import { findChromium } from './browser.ts'
import { openTestConsole } from './test-console.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** `http://127.0.0.1:PORT`; empty where there is no browser to go there with. */
    consoleOrigin: string
  }
}

/** Starts it before the first journey. @returns what ends it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (findChromium() === undefined) {
    project.provide('consoleOrigin', '')
    return async () => {}
  }
  const console = await openTestConsole({ SIMULATOR: 'off' })
  project.provide('consoleOrigin', console.origin)
  return () => console.stop()
}

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** The slow files that never meet a PostgreSQL server (the embedded engine itself, readers of files, the demo's generator, the command line on an engine of its own): beside one they would say the same a second time. */
const WITHOUT_SERVER = ['server/db/embedded', 'server/db/kill-embedded', 'server/db/power-cut', 'server/db/data-folder', 'server/cli/command-line', 'data/importers/known-files', 'data/importers/hostile', 'data/city/city'].map((name) => `tests/${name}.test.ts`)

/** How long a test waits for what has to come: nothing is said by when, and a busy machine is slow. */
const POLL = { poll: { timeout: 30_000 } }

/** One file for the client's build and for every test project. */
export default defineConfig({
  root: 'client',
  plugins: [vue()],
  // maplibre-gl 6 ships its worker as a module of its own; pre-bundling would tear the two apart.
  optimizeDeps: { exclude: ['maplibre-gl'] },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
  },
  server: { port: 5173, proxy: { '/api/': 'http://127.0.0.1:8080', '/tiles/': 'http://127.0.0.1:8080' } },
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          expect: POLL,
          root: import.meta.dirname,
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.db.test.ts', 'tests/client/**', 'tests/e2e/**', ...(process.env['TEST_DATABASE_URL'] ? WITHOUT_SERVER : [])],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'database',
          expect: POLL,
          root: import.meta.dirname,
          include: ['tests/**/*.db.test.ts'],
          globalSetup: ['tests/helpers/database-setup.ts'],
          // One engine serves every file, and the embedded one has a single connection.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'long',
          root: import.meta.dirname,
          include: ['tests/long/**/*.long.ts'],
          globalSetup: ['tests/helpers/database-setup.ts'],
          fileParallelism: false,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'client',
          expect: POLL,
          root: import.meta.dirname,
          include: ['tests/client/**/*.test.ts'],
          environment: 'happy-dom',
          server: { deps: { inline: ['element-plus'] } },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          root: import.meta.dirname,
          include: ['tests/e2e/**/*.e2e.ts'],
          globalSetup: ['tests/e2e/helpers/one-console.ts'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})

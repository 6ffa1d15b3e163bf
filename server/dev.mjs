// For working on the program: the API, started anew when its sources change, and the client's own server with live reload.
// The next API starts only after the last one has ended: both would want the same data folder.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const environment = { ...process.env, NODE_ENV: 'development' }
const SETTLE_MILLISECONDS = 150

let api
let restarting = false
let stopping = false
let timer

function startApi() {
  api = spawn(process.execPath, ['server/start.mjs'], { cwd: root, env: environment, stdio: 'inherit' })
  api.on('exit', (code) => {
    api = undefined
    if (stopping) return
    if (restarting) {
      restarting = false
      startApi()
    } else console.log(`[dev] the API ended (${code}); it starts again at the next change`)
  })
}

function restart() {
  if (stopping) return
  if (!api) startApi()
  else if (!restarting) {
    restarting = true
    api.kill('SIGTERM')
  }
}

startApi()
const client = spawn(process.execPath, ['node_modules/vite/bin/vite.js'], { cwd: root, env: environment, stdio: 'inherit' })
for (const folder of ['server', 'data']) {
  watch(new URL(`../${folder}`, import.meta.url), { recursive: true }, (_event, name) => {
    if (!name || !/\.(ts|mjs|sql|json)$/.test(name)) return
    clearTimeout(timer)
    timer = setTimeout(restart, SETTLE_MILLISECONDS)
  })
}

function stop() {
  if (stopping) return
  stopping = true
  client.kill('SIGTERM')
  if (api) {
    api.once('exit', () => process.exit(0))
    api.kill('SIGTERM')
  } else process.exit(0)
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

const WORDS = {
  waiting: '等待 waiting',
  running: '进行中 running',
  done: '完成 done',
  skipped: '无需 not needed',
  failed: '失败 failed',
}
const POLL_MILLISECONDS = 500

const list = document.querySelector('#stages')
const elapsed = document.querySelector('#elapsed')
const problem = document.querySelector('#problem')
const rows = new Map()

function makeRow(stage) {
  const item = document.createElement('li')
  const row = document.createElement('div')
  row.className = 'row'
  const name = document.createElement('div')
  name.className = 'name'
  const english = document.createElement('span')
  english.lang = 'en'
  english.textContent = stage.labelEn
  name.append(`${stage.labelZh} `, english)
  const state = document.createElement('div')
  state.className = 'state'
  row.append(name, state)
  const bar = document.createElement('progress')
  bar.max = 100
  bar.setAttribute('aria-label', `${stage.labelZh} ${stage.labelEn}`)
  const detail = document.createElement('div')
  detail.className = 'note'
  item.append(row, bar, detail)
  list.append(item)
  return { item, state, bar, detail }
}

function show(startup) {
  for (const stage of startup.stages) {
    if (!rows.has(stage.key)) rows.set(stage.key, makeRow(stage))
    const { item, state, bar, detail } = rows.get(stage.key)
    item.dataset.state = stage.state
    state.textContent = stage.state === 'running' && stage.percent > 0 ? `${Math.round(stage.percent)} %` : WORDS[stage.state]
    bar.hidden = stage.state !== 'running'
    bar.value = stage.percent
    detail.textContent = stage.detail ?? ''
  }
  elapsed.textContent = `已用 ${Math.round(startup.elapsedSeconds)} 秒 · ${Math.round(startup.elapsedSeconds)} s elapsed`
  problem.hidden = startup.error === null
  problem.textContent = startup.error ?? ''
}

async function poll() {
  try {
    const response = await fetch('/api/v1/startup', { cache: 'no-store' })
    const startup = await response.json()
    if (startup.ready) {
      location.reload()
      return
    }
    show(startup)
  } catch {
    problem.hidden = false
    problem.textContent = '服务没有应答，请看终端里的说明。 The server does not answer; the terminal says why.'
  }
  setTimeout(poll, POLL_MILLISECONDS)
}

void poll()

// The first file of the program. It has to be understood by old versions of Node too, so that they can be told what is wrong.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`绣城需要 Node.js 20.19 或更高版本，当前是 ${process.versions.node}。\nXiucheng needs Node.js 20.19 or later; this is ${process.versions.node}. Install a newer one from https://nodejs.org and start again.`)
  process.exit(1)
}

import('./load-typescript.mjs')
  .then(() => import('./main.ts').then(({ main }) => main(process.env)))
  .catch((error) => {
    // A package that is not there: never installed, or new since the last time.
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/Cannot find package/.test(error.message)) throw error
    console.error(`依赖尚未安装或已有变化，请先运行 npm ci。\nThe dependencies are not installed or have changed; run npm ci first. (${error.message})`)
    process.exit(1)
  })

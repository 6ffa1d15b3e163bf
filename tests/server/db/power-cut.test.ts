/** A power cut, played with an ext4 image on a loop device: what lies in the image at the instant of the kill is what a disk would hold. */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../../server/db/embedded.ts'
import { templateFolder } from '../../helpers/data-folder.ts'
import { compareLedger, readLedger } from '../../helpers/ledger.ts'
import { startLedgerWriter } from '../../helpers/ledger-process.ts'

const CUTS = 3
const IMAGE_MEGABYTES = 320

/** Why power cannot be cut here; undefined where it can. */
function findObstacle(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it takes root on Linux'
  if (!existsSync('/dev/loop-control')) return 'this machine has no loop devices'
  for (const tool of ['mkfs.ext4', 'mount', 'umount']) if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) return `${tool} is missing`
  const folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-probe-'))
  try {
    const image = path.join(folder, 'image')
    const steps = [`truncate -s 16M ${image}`, `mkfs.ext4 -q ${image}`, `mkdir ${folder}/disk`, `mount -o loop ${image} ${folder}/disk`, `umount ${folder}/disk`]
    return spawnSync('sh', ['-c', steps.join(' && ')]).status === 0 ? undefined : 'loop devices cannot be mounted here'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const obstacle = findObstacle()

describe.skipIf(obstacle !== undefined)(`a power cut${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  let folder = ''
  const mounted: string[] = []
  const mount = (image: string, name: string): string => {
    const disk = path.join(folder, name)
    mkdirSync(disk)
    execFileSync('mount', ['-o', 'loop', image, disk])
    mounted.push(disk)
    return disk
  }
  const unmount = (disk: string) => {
    execFileSync('umount', [disk])
    mounted.splice(mounted.indexOf(disk), 1)
  }

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'xiucheng-power-'))
  })
  afterAll(() => {
    while (mounted[0] !== undefined) unmount(mounted[0])
    rmSync(folder, { recursive: true, force: true })
  })

  /** Writes under load, cuts the power, starts again from the copied disk. Answers what was lost, or why it would not open. */
  async function cutPower(name: string, mode: 'honest' | 'not-durable', rows: number): Promise<{ acknowledged: number; lost: number } | { refused: string }> {
    const image = path.join(folder, `${name}.image`)
    execFileSync('truncate', ['-s', `${IMAGE_MEGABYTES}M`, image])
    execFileSync('mkfs.ext4', ['-q', image])
    const disk = mount(image, `${name}-disk`)
    const data = path.join(disk, 'data')
    await cp(await templateFolder(), data, { recursive: true })
    execFileSync('sync', ['-f', disk])
    const writer = await startLedgerWriter(data, mode)
    await writer.hasAcknowledged(rows)
    await writer.kill()
    const cut = path.join(folder, `${name}.cut`)
    copyFileSync(image, cut)
    unmount(disk)
    rmSync(image)
    const after = mount(cut, `${name}-after`)
    try {
      // The lock file says that the writer lived; its process is gone, so the next opener takes it over.
      const db = await openEmbedded({ dataDirectory: path.join(after, 'data') })
      try {
        const found = await readLedger(db).catch(() => [])
        return { acknowledged: writer.acknowledged.length, lost: compareLedger(writer.acknowledged, found).lost.length }
      } finally {
        await db.close()
      }
    } catch (error) {
      return { refused: (error as Error).message }
    } finally {
      unmount(after)
      rmSync(cut)
    }
  }

  test(
    `loses no acknowledged row in ${CUTS} cuts, and the database opens each time`,
    async () => {
      for (let cut = 1; cut <= CUTS; cut += 1) {
        const outcome = await cutPower(`cut-${cut}`, 'honest', 30 * cut)
        expect(outcome).toMatchObject({ lost: 0 })
      }
    },
    240_000,
  )

  test(
    'the harness itself proves something: without the file-system hook it finds a loss or a database that will not open',
    async () => {
      const outcome = await cutPower('not-durable', 'not-durable', 100)
      expect('refused' in outcome || outcome.lost > 0).toBe(true)
    },
    120_000,
  )
})

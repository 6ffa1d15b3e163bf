import type { AppContext } from '../context.ts'
import { openEvidenceStorage } from '../incidents/evidence-storage.ts'
import { sweepEvidence } from '../incidents/evidence-sweep.ts'

/** Sweeps what interrupted uploads left, beside the opening of the console: nobody waits for it. */
export function sweepAtStart({ db, config, log, clock }: AppContext): void {
  sweepEvidence(db, config, openEvidenceStorage(config), clock()).then(
    ({ removed, suspicious }) => {
      if (removed.length > 0) log.info({ files: removed.length }, 'files of interrupted photo uploads were taken away')
      if (suspicious > 0) log.warn({ files: suspicious }, 'many photo files have no row: is this database older than its photos? Nothing was taken away')
    },
    (error: unknown) => log.warn({ err: error }, 'files of interrupted photo uploads could not be looked for'),
  )
}

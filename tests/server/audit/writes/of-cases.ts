/** Successful calls of everything that changes cases, their evidence and views, or takes them out. */
import type { Incident } from '../../../../server/contract/incidents.ts'
import { bulkTransition, createSavedFilter } from '../../../../server/contract/workbench.ts'
import { aPhoto, postPhoto } from '../../incidents/photos.ts'
import { advance, aReport, report, TO_CLOSED } from '../../incidents/reporting.ts'
import type { Prepare, Scene } from './scene.ts'

const aCaseOf = ({ api, city }: Scene): Promise<Incident> => report(api, city, { position: [114, 30] })
const aClosedCaseOf = async (scene: Scene): Promise<Incident> => advance(scene.api, scene.city, await aCaseOf(scene), ...TO_CLOSED)

async function aFilter({ api, city }: Scene) {
  const { id, version } = await api.call(createSavedFilter, { params: { city: city.key }, body: { name: '我的超时', urlState: 'queue=overdue' } })
  return { params: { id }, body: { version, name: '本周超时' } }
}

export const OF_CASES: Record<string, Prepare> = {
  reportIncident: () => ({ body: aReport() }),
  transitionIncident: async (scene) => {
    const { id, version } = await aCaseOf(scene)
    return { params: { id }, body: { action: 'accept', version } }
  },
  bulkTransition: async (scene) => {
    const { id, version } = await aCaseOf(scene)
    return { body: { action: 'accept', cases: [{ id, version }] } }
  },
  undoBulk: async (scene) => {
    const { id, version } = await aCaseOf(scene)
    const { undo } = await scene.api.call(bulkTransition, { params: { city: scene.city.key }, body: { action: 'accept', cases: [{ id, version }] } })
    return { params: { id: undo?.id ?? '' }, body: {} }
  },
  reopenIncident: async (scene) => ({ params: { id: (await aClosedCaseOf(scene)).id }, body: { reason: '问题又出现' } }),
  revealReporter: async (scene) => ({ params: { id: (await aCaseOf(scene)).id }, body: { reason: '回访' } }),
  recordReturnVisit: async (scene) => ({ params: { id: (await aClosedCaseOf(scene)).id }, body: { outcome: 'satisfied' } }),
  recordMissedReport: async (scene) => ({ params: { id: (await aCaseOf(scene)).id }, body: { collector: '甲' } }),
  addEvidence: async (scene) => {
    const form = new FormData()
    form.append('kind', 'near')
    form.append('file', new Blob([new Uint8Array(await aPhoto())], { type: 'image/jpeg' }), 'photo.jpg')
    return { params: { id: (await aCaseOf(scene)).id }, form }
  },
  getEvidenceOriginal: async (scene) => {
    const { id } = await aCaseOf(scene)
    const { body } = await postPhoto(scene.api, scene.city, id, await aPhoto())
    return { params: { id, evidence: body.evidence.id } }
  },
  exportIncidents: async (scene) => {
    await aCaseOf(scene)
    return { query: { format: 'csv' } }
  },
  createSavedFilter: () => ({ body: { name: '我的待办', urlState: 'queue=mine' } }),
  changeSavedFilter: aFilter,
  endSavedFilter: aFilter,
  setSimulator: () => ({ body: { running: true, speed: 2 } }),
}

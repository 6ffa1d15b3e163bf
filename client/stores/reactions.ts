/** Every "when this changes, do that" between stores. Started once by main.ts; live.ts calls the two functions at the end. */
import { watch } from 'vue'
import type { IncidentSummary } from '../../server/contract/incidents.ts'
import type { LiveEvent } from '../../server/contract/live.ts'
import type { PlanningKindName } from '../../server/contract/planning.ts'
import { useAccountStore } from './account.ts'
import { isEnded, useCoverageStore } from './coverage.ts'
import { useGapsStore } from './gaps.ts'
import { useImportsStore } from './imports.ts'
import { useIncidentLightsStore } from './incident-lights.ts'
import { useIncidentsStore } from './incidents.ts'
import { useLayersStore } from './layers.ts'
import { failureOf } from './loading.ts'
import { type PlanningToolKey, usePanelsStore } from './panels.ts'
import { usePlanningStore } from './planning.ts'
import { useScenarioStore } from './scenario.ts'
import { useSelectionStore } from './selection.ts'
import { useSessionStore } from './session.ts'
import { useViewStore } from './view.ts'

/** Counts are asked again at most this often while incidents stream in. */
const COUNTS_PAUSE_MILLISECONDS = 1_500
/** A pulse lasts 600 ms; ids are kept a little longer so that no frame misses it. */
const FRESH_MILLISECONDS = 1_200
/** Grid values are recomputed by the server; not more often than this. */
const GRID_PAUSE_MILLISECONDS = 10_000

/** Which tool shows the answer of a kind of planning run; the others are shown where they were asked. */
const TOOL_OF: Partial<Record<PlanningKindName, PlanningToolKey>> = { siting: 'sites', supply: 'supply', indicators: 'indicators' }

/** Runs `work` once after `pause`, however often it is asked meanwhile. */
function paced(work: () => void, pause: number): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  return () => {
    timer ??= setTimeout(() => {
      timer = null
      work()
    }, pause)
  }
}

/** A failure that no panel waits for: told to the browser's console with its code, the panel keeps what it had. */
function note(work: Promise<unknown>): void {
  work.catch((error: unknown) => console.warn(failureOf(error).message))
}

let refetchCounts: (() => void) | null = null
let refetchGrid: (() => void) | null = null

/** Starts the reactions; returns nothing, they live as long as the page. */
export function startReactions(): void {
  const session = useSessionStore()
  const layers = useLayersStore()
  const incidents = useIncidentsStore()
  const selection = useSelectionStore()
  const coverage = useCoverageStore()
  const imports = useImportsStore()
  const panels = usePanelsStore()
  const account = useAccountStore()
  const gaps = useGapsStore()
  const scenario = useScenarioStore()
  /** Whoever has no business data is asked for none. */
  const cityKey = () => (account.isAllowed('city.read') ? (session.city?.key ?? null) : null)

  const withCity = (work: (city: string) => void) => {
    const city = cityKey()
    if (city !== null) work(city)
  }

  if (account.isAllowed('reference.read')) note(incidents.loadClasses())
  watch(
    cityKey,
    (city, before) => {
      if (before) {
        layers.clear()
        incidents.clear()
        useIncidentLightsStore().clear()
        selection.clear()
        coverage.clear()
        usePlanningStore().clear()
        gaps.clear()
        imports.clear()
        // Area codes and classes of one city mean nothing in the next.
        incidents.setFilter({ ...incidents.filter, areas: undefined, classes: undefined, boundingBox: undefined, layers: undefined })
      }
      if (city === null) return
      layers.setTileVersions(session.city?.tileVersions ?? {})
      note(layers.loadCatalogue(city))
      note(incidents.load(city))
      note(incidents.loadUrgent(city))
      note(incidents.loadSimulator(city))
      if (account.isAllowed('coverage.read')) note(coverage.loadRules(city))
      if (layers.byId.get('grid_measure')?.visible) note(layers.loadGridMeasure(city))
      const box = session.city?.boundingBox
      if (before && box) useViewStore().wishBox(box)
    },
    { immediate: true },
  )

  watch([() => JSON.stringify(incidents.query), () => incidents.staleness], () => withCity((city) => note(incidents.load(city))))
  watch(
    [() => layers.incidentColour, () => JSON.stringify(incidents.query), () => incidents.staleness, cityKey],
    ([colour]) => {
      if (colour === 'light') withCity((city) => note(useIncidentLightsStore().load(city, incidents.query)))
    },
    { immediate: true },
  )
  watch(() => incidents.sort, () => withCity((city) => note(incidents.loadList(city))))

  watch(
    [() => layers.gridMeasure, () => layers.byId.get('grid_measure')?.visible],
    ([, visible]) => {
      if (visible) withCity((city) => note(layers.loadGridMeasure(city)))
    },
  )

  watch(
    [() => selection.selected?.kind, () => selection.selected?.id, cityKey],
    () => {
      const chosen = selection.selected
      if (!chosen) return
      if (chosen.kind === 'blind_spot') {
        selection.geometry = coverage.blindSpotShapes.find((one) => one.id === chosen.id)?.geometry ?? null
      } else {
        withCity((city) => note(selection.loadDetail(city)))
      }
      if (chosen.kind === 'blind_spot' && coverage.run) panels.showResult('coverage')
      // Whoever goes through a list of gaps, or the rows of the indicator sheet, keeps it beside the map; in a scenario what is chosen is changed at the left, and the answer stays in sight.
      else if (!(panels.isRightOpen && panels.rightTab === 'planning' && ((panels.tool === 'gaps' && gaps.byId.has(chosen.id)) || (panels.tool === 'scenario' && scenario.isOpen) || (panels.tool === 'indicators' && chosen.kind === 'green_spaces' && usePlanningStore().runOf('indicators') !== null)))) panels.showRight('inspector')
    },
    { immediate: true },
  )
  // A blind spot named in the address is known only when its run has been read.
  watch(
    () => coverage.blindSpotShapes,
    (shapes) => {
      const chosen = selection.selected
      if (chosen?.kind === 'blind_spot') selection.geometry = shapes.find((one) => one.id === chosen.id)?.geometry ?? null
    },
  )

  watch(
    [() => coverage.run?.id, () => coverage.run?.status],
    ([id, status], [formerId]) => {
      if (id === undefined) return
      if (id !== formerId) panels.showResult('coverage')
      if (status === 'finished') {
        withCity((city) => {
          note(coverage.loadResult(city))
          note(coverage.loadUnits(city))
          note(coverage.loadRecent(city))
        })
      }
    },
  )
  // The gaps of a question are read while their tool is open, and again when the question is another.
  watch(
    [() => panels.tool === 'gaps' && account.isAllowed('coverage.read'), () => JSON.stringify(gaps.question), cityKey],
    ([isOpen]) => {
      if (isOpen) withCity((city) => note(gaps.load(city)))
    },
    { immediate: true },
  )
  const planning = usePlanningStore()
  watch(
    () => planning.run?.id,
    () => {
      const tool = planning.run && TOOL_OF[planning.run.kind]
      if (tool) panels.showResult(tool)
    },
  )
  watch(
    [() => planning.run?.id, () => planning.run?.status, () => planning.run?.result !== null],
    ([id, status, hasResult]) => {
      if (id !== undefined && hasResult && (status === 'finished' || status === 'cancelled')) withCity((city) => note(planning.loadDrawing(city)))
    },
  )
  watch([() => coverage.unitLevel, () => coverage.unitDemand], () => {
    if (coverage.run?.status === 'finished') withCity((city) => note(coverage.loadUnits(city)))
  })

  watch(
    [() => imports.current?.id, () => imports.current?.status],
    ([id, status]) => {
      if (id === undefined) return
      panels.showRight('import')
      if (status === 'finished' || status === 'failed') {
        withCity((city) => {
          note(imports.loadIssues(city))
          note(imports.loadImports(city))
        })
      }
    },
  )

  refetchCounts = paced(() => withCity((city) => note(incidents.loadCounts(city))), COUNTS_PAUSE_MILLISECONDS)
  refetchGrid = paced(() => {
    const isMeasured = layers.gridMeasure.includes('incidents') && layers.byId.get('grid_measure')?.visible
    if (isMeasured) withCity((city) => note(layers.loadGridMeasure(city)))
  }, GRID_PAUSE_MILLISECONDS)
}

/**
 * Takes live events into the stores, in their order.
 * @param now server time in ms since 1970: decides what is overdue
 */
export function applyLiveEvents(events: readonly LiveEvent[], now: number): void {
  const session = useSessionStore()
  const city = session.city?.key
  if (city === undefined) return
  const incidents = useIncidentsStore()
  const selection = useSelectionStore()
  const changed: IncidentSummary[] = []
  const reported: string[] = []
  let hidden = false
  for (const event of events) {
    if (event.city !== city) continue
    switch (event.type) {
      case 'incident.reported':
        reported.push(event.incident.id)
        changed.push(event.incident)
        break
      case 'incident.transitioned':
        changed.push(event.incident)
        if (selection.selected?.id === event.incident.id) note(selection.loadDetail(city))
        break
      case 'incident.hidden':
        hidden = true
        break
      case 'layers.changed':
        useLayersStore().setTileVersions(event.tileVersions)
        note(useLayersStore().loadCatalogue(city))
        break
      case 'coverage.changed':
        followRun(city, event)
        break
      case 'planning.changed':
        followPlan(city, event)
        break
      case 'import.changed':
        followImport(city, event)
        break
    }
  }
  // What went out of sight is not named by the points any more: they are read again.
  if (hidden) note(reloadMoving())
  if (changed.length === 0) return
  incidents.applyEvents(changed, now)
  if (useLayersStore().incidentColour === 'light') useIncidentLightsStore().applyEvents(changed)
  if (reported.length > 0) pulse(reported)
  refetchCounts?.()
  refetchGrid?.()
}

function pulse(ids: string[]): void {
  const incidents = useIncidentsStore()
  incidents.setFresh([...incidents.fresh, ...ids])
  setTimeout(() => {
    const gone = new Set(ids)
    incidents.setFresh(incidents.fresh.filter((id) => !gone.has(id)))
  }, FRESH_MILLISECONDS)
}

function followRun(city: string, event: { runId: string; status: string; stage: string; percent: number }): void {
  const coverage = useCoverageStore()
  if (coverage.run?.id !== event.runId || isEnded(coverage.run)) return
  if (event.status === 'running') coverage.applyProgress(event)
  else note(coverage.refresh(city))
}

/** A run under way is asked for its best so far; a cancelled one may still bring it. */
function followPlan(city: string, event: { runId: string; status: string; stage: string; percent: number }): void {
  const planning = usePlanningStore()
  if (planning.run?.id !== event.runId || (isEnded(planning.run) && !planning.isSettling)) return
  planning.applyProgress(event)
  note(planning.refresh(city))
}

function followImport(city: string, event: { importId: string; status: string; stage: string; percent: number }): void {
  const imports = useImportsStore()
  if (imports.current?.id !== event.importId) return
  if (event.status === 'running') imports.applyProgress(event)
  else note(imports.refresh(city))
}

/** Everything that moves is asked again: the feed could not say what was missed. */
export async function reloadMoving(): Promise<void> {
  const city = useSessionStore().city?.key
  if (city === undefined) return
  const incidents = useIncidentsStore()
  const coverage = useCoverageStore()
  const imports = useImportsStore()
  await useSessionStore().loadCities(city)
  useLayersStore().setTileVersions(useSessionStore().city?.tileVersions ?? {})
  await Promise.all([incidents.load(city), incidents.loadUrgent(city), useLayersStore().incidentColour === 'light' ? useIncidentLightsStore().load(city, incidents.query) : null, coverage.isRunning ? coverage.refresh(city) : null, usePlanningStore().isRunning ? usePlanningStore().refresh(city) : null, imports.isRunning ? imports.refresh(city) : null])
}

/** What of the console stands in its address. The order matters: the city first, since all else belongs to one. */
import { GridMeasure } from '../server/contract/layers.ts'
import { decodeGapQuestion, encodeGapQuestion } from '../server/contract/management-gap-question.ts'
import { goToAnswer } from './planning/go-to-answer.ts'
import { INCIDENT_SORTS } from './stores/incident-order.ts'
import { useCoverageStore } from './stores/coverage.ts'
import { useGapsStore } from './stores/gaps.ts'
import { useIncidentsStore } from './stores/incidents.ts'
import { DEFAULT_DRAWINGS, useLayersStore } from './stores/layers.ts'
import { failureOf } from './stores/loading.ts'
import { PLANNING_TOOL_KEYS, usePanelsStore } from './stores/panels.ts'
import { usePlanningStore } from './stores/planning.ts'
import { useScenarioStore } from './stores/scenario.ts'
import { decodeComparison, encodeComparison, useScenarioComparisonStore } from './stores/scenario-comparison.ts'
import { useSelectionStore } from './stores/selection.ts'
import { useSessionStore } from './stores/session.ts'
import { INCIDENT_COLOURS } from './stores/state.ts'
import { useViewStore } from './stores/view.ts'
import { decodeCamera, decodeDrawings, decodeFilter, decodeSelection, encodeCamera, encodeDrawings, encodeFilter, encodeSelection, type UrlEntry } from './url-state.ts'

const RUN_ID = /^[0-9a-f-]{36}$/i

/**
 * All entries, bound to the stores. Build them after `session.loadCities`, so that a city named in the address can be chosen.
 * @param isWorkbench whether the workbench is open now
 */
export function urlEntries(isWorkbench: () => boolean): UrlEntry[] {
  const session = useSessionStore()
  const view = useViewStore()
  const layers = useLayersStore()
  const incidents = useIncidentsStore()
  const selection = useSelectionStore()
  const coverage = useCoverageStore()
  const gaps = useGapsStore()
  const panels = usePanelsStore()
  const scenario = useScenarioStore()
  const comparison = useScenarioComparisonStore()
  const planning = usePlanningStore()
  /** Whoever opens the link of an answer finds its question beside it; on a phone, where the left is shut, the map. */
  const besideQuestion = (isThere: boolean): void => {
    if (isThere && panels.isLeftOpen) panels.showLeft('planning')
  }
  return [
    { name: 'city', read: () => session.city?.key ?? null, write: (text) => void session.chooseCity(text), fallback: null },
    { name: 'theme', read: () => session.theme, write: (text) => (text === 'day' || text === 'night') && session.setTheme(text), fallback: 'night' },
    { name: 'lang', read: () => session.locale, write: (text) => (text === 'zh' || text === 'en') && session.setLocale(text), fallback: 'zh' },
    {
      name: 'v',
      // Before the map has come to rest the camera says nothing of what anybody chose.
      read: () => (view.boundingBox === null ? null : encodeCamera(view.camera)),
      write: (text) => {
        const camera = decodeCamera(text)
        if (camera) view.wishCamera(camera)
      },
      fallback: null,
    },
    {
      name: 'l',
      read: () => encodeDrawings(layers.drawings, DEFAULT_DRAWINGS),
      write: (text) => layers.setDrawings(decodeDrawings(text, DEFAULT_DRAWINGS)),
      fallback: encodeDrawings(DEFAULT_DRAWINGS, DEFAULT_DRAWINGS),
    },
    {
      name: 'g',
      read: () => layers.gridMeasure,
      write: (text) => {
        const measure = GridMeasure.safeParse(text)
        if (measure.success) layers.setGridMeasure(measure.data)
      },
      fallback: 'open_incidents',
    },
    {
      name: 'c',
      read: () => layers.incidentColour,
      write: (text) => {
        const colour = INCIDENT_COLOURS.find((one) => one === text)
        if (colour) layers.setIncidentColour(colour)
      },
      fallback: 'severity',
    },
    {
      name: 'f',
      read: () => encodeFilter(incidents.filter),
      write: (text) => incidents.setFilter(decodeFilter(text)),
      // Everybody begins at a queue of his own at the workbench: there every open case is a wish, which the address has to say.
      get fallback() {
        return isWorkbench() ? null : encodeFilter({ status: 'open' })
      },
    },
    {
      name: 'sort',
      read: () => incidents.sort,
      write: (text) => {
        const sort = INCIDENT_SORTS.find((one) => one === text)
        if (sort) incidents.setSort(sort)
      },
      fallback: 'reported',
    },
    {
      name: 'tool',
      read: () => panels.tool,
      write: (text) => {
        const tool = PLANNING_TOOL_KEYS.find((one) => one === text)
        if (tool && tool !== panels.tool) panels.showTool(tool)
      },
      fallback: 'coverage',
    },
    {
      name: 'gap',
      read: () => (panels.tool === 'gaps' ? encodeGapQuestion(gaps.question) : null),
      write: (text) => {
        const question = decodeGapQuestion(text)
        if (question) gaps.ask(question)
      },
      fallback: null,
    },
    {
      name: 'run',
      read: () => coverage.run?.id ?? null,
      write: (text) => {
        const city = session.city?.key
        if (city === undefined || coverage.run?.id === text || !RUN_ID.test(text)) return
        coverage.openRun(city, text).then(besideQuestion).catch((error: unknown) => console.warn(failureOf(error).message))
      },
      fallback: null,
    },
    {
      name: 'scn',
      read: () => (scenario.version ? `${scenario.version.scenario.id}/${scenario.version.number}` : null),
      write: (text) => {
        const city = session.city?.key
        const [id = '', number = ''] = text.split('/')
        if (city === undefined || !RUN_ID.test(id) || !/^[1-9]\d{0,8}$/.test(number) || text === `${scenario.version?.scenario.id}/${scenario.version?.number}`) return
        void scenario.open(city, id, Number(number)).then((isThere) => isThere && panels.showResult('scenario'))
      },
      fallback: null,
    },
    {
      // Two versions of that scenario against each other.
      name: 'cmp',
      read: () => (comparison.view ? encodeComparison(comparison.view) : ''),
      write: (text) => {
        const shown = decodeComparison(text)
        if (shown) comparison.show(shown)
        else comparison.close()
      },
      fallback: '',
    },
    {
      name: 'plan',
      read: () => planning.run?.id ?? null,
      write: (text) => {
        const city = session.city?.key
        if (city === undefined || planning.run?.id === text || !RUN_ID.test(text)) return
        // An address that says where to look has said so by now.
        const isViewFree = view.wish === null
        planning.openRun(city, text).then((isThere) => {
          besideQuestion(isThere)
          if (isThere && isViewFree) goToAnswer()
        }).catch((error: unknown) => console.warn(failureOf(error).message))
      },
      fallback: null,
    },
    {
      name: 'sel',
      read: () => encodeSelection(selection.selected) ?? '',
      write: (text) => {
        const selected = decodeSelection(text)
        if (selected) selection.select(selected)
        else selection.clear()
      },
      fallback: '',
    },
  ]
}

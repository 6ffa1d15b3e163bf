/** The planner's tools: what each asks at the left, and what it answers at the right. */
import { EyeOff, MapPinPlus, PencilRuler, Scale, ScanSearch, TableProperties } from '@lucide/vue'
import { type Component, defineAsyncComponent } from 'vue'
import type { PlanningToolKey } from '../stores/panels.ts'

export interface PlanningTool {
  key: PlanningToolKey
  icon: Component
  question: Component
  result: Component
}

/** In the order of a planner's work: what is short, why, where to mend it. Names and hints are `planning.tools` and `planning.hints` of the words. */
export const PLANNING_TOOLS: readonly PlanningTool[] = [
  { key: 'coverage', icon: ScanSearch, question: defineAsyncComponent(() => import('../coverage/CoveragePanel.vue')), result: defineAsyncComponent(() => import('../coverage/CoverageResult.vue')) },
  { key: 'supply', icon: Scale, question: defineAsyncComponent(() => import('../supply/SupplyPanel.vue')), result: defineAsyncComponent(() => import('../supply/SupplyResult.vue')) },
  { key: 'sites', icon: MapPinPlus, question: defineAsyncComponent(() => import('../siting/SitingPanel.vue')), result: defineAsyncComponent(() => import('../siting/SitingResult.vue')) },
  { key: 'scenario', icon: PencilRuler, question: defineAsyncComponent(() => import('../scenario/ScenarioPanel.vue')), result: defineAsyncComponent(() => import('../scenario/ScenarioResult.vue')) },
  { key: 'gaps', icon: EyeOff, question: defineAsyncComponent(() => import('../gaps/GapPanel.vue')), result: defineAsyncComponent(() => import('../gaps/GapResult.vue')) },
  { key: 'indicators', icon: TableProperties, question: defineAsyncComponent(() => import('../indicators/IndicatorPanel.vue')), result: defineAsyncComponent(() => import('../indicators/IndicatorResult.vue')) },
]

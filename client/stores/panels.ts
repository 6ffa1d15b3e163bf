import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { FeatureKind } from '../../server/contract/layers.ts'

export type LeftTab = 'layers' | 'incidents' | 'planning' | 'imports'
export type RightTab = 'inspector' | 'planning' | 'import'
export const PLANNING_TOOL_KEYS = ['coverage', 'supply', 'sites', 'scenario', 'gaps', 'indicators'] as const
export type PlanningToolKey = (typeof PLANNING_TOOL_KEYS)[number]
/** What the table below the map lists. */
export type DrawerContent = 'incidents' | 'blind_spots' | 'units' | 'issues' | 'gaps' | Exclude<FeatureKind, 'incidents'>

/** Heights that a panel takes on a phone, shares of the room that it has with the map. */
export const SHEET_SHARES = [0.28, 0.58, 1] as const

/** Which panels stand open around the map. */
export const usePanelsStore = defineStore('panels', () => {
  const leftTab = ref<LeftTab>('layers')
  const isLeftOpen = ref(true)
  const rightTab = ref<RightTab>('inspector')
  const isRightOpen = ref(false)
  /** The planner's tool whose question stands at the left and whose answer at the right. */
  const tool = ref<PlanningToolKey>('coverage')
  const drawer = ref<DrawerContent | null>(null)
  /** On a phone, how much of the room a panel takes from the map. */
  const sheetShare = ref<number>(SHEET_SHARES[1])

  function showLeft(tab: LeftTab): void {
    leftTab.value = tab
    isLeftOpen.value = true
  }

  function showRight(tab: RightTab): void {
    rightTab.value = tab
    isRightOpen.value = true
  }

  /** A planner's tool, with its question. */
  function showTool(next: PlanningToolKey): void {
    tool.value = next
    showLeft('planning')
  }

  /** The answer of a planner's tool. */
  function showResult(of: PlanningToolKey): void {
    tool.value = of
    showRight('planning')
  }

  function toggleLeft(): void {
    isLeftOpen.value = !isLeftOpen.value
  }

  function toggleRight(): void {
    isRightOpen.value = !isRightOpen.value
  }

  function closeRight(): void {
    isRightOpen.value = false
  }

  function setSheetShare(share: number): void {
    sheetShare.value = Math.max(0.16, Math.min(1, share))
  }

  function showDrawer(content: DrawerContent): void {
    drawer.value = content
  }

  function closeDrawer(): void {
    drawer.value = null
  }

  return { leftTab, isLeftOpen, rightTab, isRightOpen, tool, drawer, sheetShare, setSheetShare, showLeft, showRight, showTool, showResult, toggleLeft, toggleRight, closeRight, showDrawer, closeDrawer }
})

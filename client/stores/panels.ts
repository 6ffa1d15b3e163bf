import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { FeatureKind } from '../../server/contract/layers.ts'

export type LeftTab = 'layers' | 'incidents' | 'coverage' | 'imports'
export type RightTab = 'inspector' | 'coverage' | 'import'
/** What the table below the map lists. */
export type DrawerContent = 'incidents' | 'blind_spots' | 'units' | 'issues' | Exclude<FeatureKind, 'incidents'>

/** Which panels stand open around the map. */
export const usePanelsStore = defineStore('panels', () => {
  const leftTab = ref<LeftTab>('layers')
  const isLeftOpen = ref(true)
  const rightTab = ref<RightTab>('inspector')
  const isRightOpen = ref(false)
  const drawer = ref<DrawerContent | null>(null)

  function showLeft(tab: LeftTab): void {
    leftTab.value = tab
    isLeftOpen.value = true
  }

  function showRight(tab: RightTab): void {
    rightTab.value = tab
    isRightOpen.value = true
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

  function showDrawer(content: DrawerContent): void {
    drawer.value = content
  }

  function closeDrawer(): void {
    drawer.value = null
  }

  return { leftTab, isLeftOpen, rightTab, isRightOpen, drawer, showLeft, showRight, toggleLeft, toggleRight, closeRight, showDrawer, closeDrawer }
})

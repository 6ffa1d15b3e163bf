import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export type PageName = 'map' | 'workbench' | 'report' | 'case' | 'people' | 'evaluation' | 'reference' | 'dispatch' | 'sign-in'

/** The page that is open, and the way to others: city, filter, view and language come along. */
export function usePage() {
  const router = useRouter()
  const route = useRoute()
  const page = computed(() => (route.name ?? 'map') as PageName)

  /** The query as it stands in the address bar: url-state.ts replaces it behind the router's back. */
  function addressOf(path: string): string {
    return `${path}${window.location.search}`
  }

  function openPage(path: string): void {
    void router.push(addressOf(path))
  }

  function replacePage(path: string): void {
    void router.replace(addressOf(path))
  }

  /** Back to where one came from, or to the workbench where the page was opened by its link. */
  function leaveCase(): void {
    if (window.history.state?.back) router.back()
    else openPage('/workbench')
  }

  return { page, addressOf, openPage, replacePage, leaveCase }
}

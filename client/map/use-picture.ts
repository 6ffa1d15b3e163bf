/** The map as it stands on the screen, taken away as a picture with its caption. */
import type { Map as MapLibreMap } from 'maplibre-gl'
import { computed, type ShallowRef } from 'vue'
import { useLayersStore } from '../stores/layers.ts'
import { useSessionStore } from '../stores/session.ts'
import { TOKENS } from '../theme/tokens.ts'
import { snapshotMap } from './snapshot.ts'
import { say, TEXTS } from './texts.ts'

export function usePicture(map: ShallowRef<MapLibreMap | null>) {
  const session = useSessionStore()
  const layers = useLayersStore()

  /** Whose data it is, each source once; what the demo's badge says already is not said again. */
  const sources = computed(() => {
    const named = layers.catalogue.map((layer) => layer.attribution ?? layer.source).filter((text) => text !== '' && !(session.city?.isDemo && text.startsWith(TEXTS.demo.zh)))
    return [...new Set(named)]
  })

  function snapshot(): Promise<Blob> {
    const present = map.value
    if (!present) throw new Error('There is no map to take a picture of.')
    const { ui } = TOKENS[session.theme]
    const time = new Date().toLocaleString(session.locale === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: session.city?.timeZone, dateStyle: 'medium', timeStyle: 'short', hour12: false })
    return snapshotMap(present, {
      title: `${session.city ? session.cityName(session.city) : ''}  ${time}`,
      sources: sources.value.join(' · '),
      badge: session.city?.isDemo ? say(TEXTS.demo, session.locale) : null,
      colours: { ground: ui.bg, text: ui.t1, note: ui.t3, badge: ui.amber },
    })
  }

  /** Hands the picture to the browser as a file named by city and time. */
  async function savePicture(): Promise<void> {
    savePng(await snapshot(), session.city?.key ?? 'map')
  }

  return { sources, snapshot, savePicture }
}

/** @param name of the file, before the time */
export function savePng(picture: Blob, name: string): void {
  const address = URL.createObjectURL(picture)
  const link = document.createElement('a')
  link.href = address
  link.download = `${name}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.png`
  link.click()
  URL.revokeObjectURL(address)
}

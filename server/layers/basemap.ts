import type { Config } from '../config.ts'
import type { Basemap } from '../contract/basemap.ts'

/** Which basemap is drawn, and which one the setting asks for. The setting is checked when the configuration is read. */
export function getBasemap({ BASEMAP: configured }: Pick<Config, 'BASEMAP'>): Basemap {
  const isOwn = configured === 'own'
  return {
    kind: 'own',
    configured,
    noteZh: isOwn ? null : `已配置底图 ${configured}，但本版本只绘制自有底图。`,
    noteEn: isOwn ? null : `The basemap ${configured} is configured, but this version draws only its own.`,
    attributionZh: '底图：本市自有数据',
    attributionEn: 'Basemap: the city’s own data',
  }
}

/** Names of coordinate systems as files write them. */

/**
 * `EPSG:n` of a legacy GeoJSON crs member or URN: `urn:ogc:def:crs:EPSG::3826`, `EPSG:3826`, `urn:ogc:def:crs:OGC:1.3:CRS84`.
 * Null when it names something else.
 */
export function crsFromName(name: string): string | null {
  if (/CRS84|CRS:84/i.test(name)) return 'EPSG:4326'
  const number = /EPSG:(?:[\d.]*:)?(\d{4,6})$/i.exec(name.trim())?.[1] ?? /epsg\/\d*\/(\d{4,6})$/i.exec(name.trim())?.[1]
  return number ? `EPSG:${number}` : null
}

/** `EPSG:n` of a WKT 2 definition: its own, outermost id. Null when it has none. */
export function crsFromWkt(wkt: string): string | null {
  const own = /ID\["EPSG",(\d{4,6})\]\]\s*$/.exec(wkt.trim()) ?? /AUTHORITY\["EPSG","(\d{4,6})"\]\]\s*$/.exec(wkt.trim())
  if (own?.[1]) return `EPSG:${own[1]}`
  return /^GEOGCRS\["(WGS ?_?84|GCS_WGS_1984)"/i.test(wkt.trim()) ? 'EPSG:4326' : null
}

/** Whether a definition says nothing: an engineering or local system without a place on Earth. */
export function isUndefinedWkt(wkt: string): boolean {
  return /^(ENGCRS|LOCAL_CS|LOCALCS)\[/i.test(wkt.trim()) || /Undefined|unknown/i.test(/\["([^"]*)"/.exec(wkt)?.[1] ?? '')
}

/** The first quoted name of a definition. */
export function wktName(wkt: string): string {
  return /\["([^"]*)"/.exec(wkt)?.[1] ?? wkt.slice(0, 60)
}

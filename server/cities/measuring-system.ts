/** In which projected system a city's metres are measured. Pure: no database, no clock. */

export interface MeasuringSystem {
  /** EPSG code. */
  srid: number
  name: string
}

/** The mainland's and islands' extent, [west, south, east, north] in degrees; zones of CGCS2000 are defined from 75°E to 135°E. */
const CHINA_BOX = [73.5, 3.8, 135.1, 53.6] as const
/** EPSG:4534 is CGCS2000 / 3-degree Gauss-Kruger CM 75E; the codes go up by one every three degrees. */
const FIRST_ZONE_SRID = 4534
const FIRST_MERIDIAN = 75
const LAST_MERIDIAN = 135

/** Latitudes between which UTM is defined. */
const UTM_SOUTH = -80
const UTM_NORTH = 84

/**
 * The default for a city whose data are centred at a place: its CGCS2000 3° Gauss-Krüger zone inside China's box of
 * longitudes and latitudes, else its UTM zone on WGS 84. A box is not a border: a place beside it may want another
 * system, which is then set by hand.
 * @throws RangeError outside the latitudes of UTM or the longitudes of the earth.
 */
export function defaultMeasuringSystem([longitude, latitude]: readonly [number, number]): MeasuringSystem {
  if (!(longitude >= -180 && longitude <= 180 && latitude >= UTM_SOUTH && latitude <= UTM_NORTH)) throw new RangeError(`no measuring system is defined for longitude ${longitude}, latitude ${latitude}`)
  const [west, south, east, north] = CHINA_BOX
  if (longitude >= west && longitude <= east && latitude >= south && latitude <= north) {
    const meridian = Math.min(LAST_MERIDIAN, Math.max(FIRST_MERIDIAN, Math.round(longitude / 3) * 3))
    return { srid: FIRST_ZONE_SRID + (meridian - FIRST_MERIDIAN) / 3, name: `CGCS2000 / 3-degree Gauss-Kruger CM ${meridian}E` }
  }
  const zone = Math.min(60, Math.floor((longitude + 180) / 6) + 1)
  const isNorth = latitude >= 0
  return { srid: (isNorth ? 32_600 : 32_700) + zone, name: `WGS 84 / UTM zone ${zone}${isNorth ? 'N' : 'S'}` }
}

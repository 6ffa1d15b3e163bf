import type { ReaderLimits } from './limits.ts'

export interface ReadTask {
  task: 'read'
  file: string
  fileName: string
  /** Private empty folder for what is unpacked or converted; the parent removes it. */
  scratch: string
  encoding: string | null
  fileLayer: string | null
  /** What the rows shall become `openstreetmap`: all layers are read. */
  everyLayer: boolean
  limits: ReaderLimits
}

export type WriteFormat = 'GPKG' | 'ESRI Shapefile' | 'FlatGeobuf'

export interface WriteTask {
  task: 'write'
  format: WriteFormat
  /** Folder that holds the layers as GeoJSON in EPSG:4490 and takes the result. */
  folder: string
  /** Result within the folder. */
  destination: string
  crs: string
  layers: { name: string; file: string; geometryType: string }[]
}

export type ChildTask = ReadTask | WriteTask

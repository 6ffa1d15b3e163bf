/**
 * GDAL in WebAssembly (gdal3.js). Only child processes may load this: a hostile file can make it take
 * any time and memory, and what is killed then must not be the server.
 */
import { createRequire } from 'node:module'
import path from 'node:path'

const load = createRequire(import.meta.url)

interface FileSystem {
  mkdirTree(path: string): void
  mount(type: unknown, options: { root: string }, mountPoint: string): void
}

interface WebAssemblyModule {
  FS: FileSystem
  NODEFS: unknown
  cwrap(name: string, result: 'number' | 'string' | null, parameters: ('number' | 'string')[]): (...values: (number | string | null)[]) => number & string
  _malloc(bytes: number): number
  _free(pointer: number): void
  setValue(pointer: number, value: number, type: string): void
  stringToUTF8(text: string, pointer: number, bytes: number): void
  lengthBytesUTF8(text: string): number
}

type Initialise = (options: { path: string; useWorker: false; logHandler: () => void; errorHandler: (text: string) => void; env?: Record<string, string> }) => Promise<{ Module: WebAssemblyModule }>

export interface GdalField {
  name: string
  type: string
}

export interface GdalLayer {
  name: string
  featureCount: number
  fields: GdalField[]
  geometryType: string | null
  /** Coordinate system as WKT 2; null where the file names none. */
  wkt: string | null
}

export interface GdalInfo {
  driver: string
  layers: GdalLayer[]
}

/** What GDAL itself said was wrong. */
export class GdalError extends Error {}

const VECTOR = 4
const READ_ONLY = 0
const VERBOSE_ERROR = 64

export interface GdalRuntime {
  /** Makes a folder of the machine readable (and writable) for GDAL; answers its name inside. */
  mount(folder: string): string
  /** @throws GdalError when none of the drivers can open it. */
  open(file: string, drivers: readonly string[], openOptions?: readonly string[]): number
  describe(dataset: number): GdalInfo
  /** ogr2ogr: `options` as on its command line. */
  translate(dataset: number, destination: string, options: readonly string[]): void
  close(dataset: number): void
  setConfig(key: string, value: string): void
  /** What GDAL complained of since the last call. */
  takeWarnings(): string[]
}

interface RawInfo {
  driverShortName: string
  layers: { name: string; featureCount: number; fields: { name: string; type: string }[]; geometryFields: { type: string; coordinateSystem?: { wkt?: string } }[] }[]
}

/** Starts GDAL in this process (about half a second). */
export async function startGdal(): Promise<GdalRuntime> {
  const initialise = load('gdal3.js/node') as Initialise
  const folder = path.join(path.dirname(load.resolve('gdal3.js/package.json')), 'dist/package')
  const warnings: string[] = []
  // gdal3.js puts './' before the folder, so it has to be a relative one.
  const { Module } = await initialise({ path: path.relative(process.cwd(), folder), useWorker: false, logHandler: () => {}, errorHandler: (text) => warnings.push(text) })

  const openEx = Module.cwrap('GDALOpenEx', 'number', ['string', 'number', 'number', 'number', 'number'])
  const closeDataset = Module.cwrap('GDALClose', null, ['number'])
  const setConfigOption = Module.cwrap('CPLSetConfigOption', null, ['string', 'string'])
  const resetError = Module.cwrap('CPLErrorReset', null, [])
  const lastErrorType = Module.cwrap('CPLGetLastErrorType', 'number', [])
  const lastErrorMessage = Module.cwrap('CPLGetLastErrorMsg', 'string', [])
  const infoOptionsNew = Module.cwrap('GDALVectorInfoOptionsNew', 'number', ['number', 'number'])
  const infoOptionsFree = Module.cwrap('GDALVectorInfoOptionsFree', null, ['number'])
  const vectorInfo = Module.cwrap('GDALVectorInfo', 'string', ['number', 'number'])
  const translateOptionsNew = Module.cwrap('GDALVectorTranslateOptionsNew', 'number', ['number', 'number'])
  const translateOptionsFree = Module.cwrap('GDALVectorTranslateOptionsFree', null, ['number'])
  const vectorTranslate = Module.cwrap('GDALVectorTranslate', 'number', ['string', 'number', 'number', 'number', 'number', 'number'])

  function text(value: string): number {
    const bytes = Module.lengthBytesUTF8(value) + 1
    const pointer = Module._malloc(bytes)
    Module.stringToUTF8(value, pointer, bytes)
    return pointer
  }

  /** Hands a null-terminated list of strings to a call and frees it afterwards. */
  function withStrings<T>(values: readonly string[], call: (list: number) => T): T {
    const pointers = values.map(text)
    const list = Module._malloc(4 * (values.length + 1))
    ;[...pointers, 0].forEach((pointer, index) => Module.setValue(list + 4 * index, pointer, '*'))
    try {
      return call(list)
    } finally {
      pointers.forEach((pointer) => Module._free(pointer))
      Module._free(list)
    }
  }

  function failed(what: string): GdalError {
    return new GdalError(`${what}: ${lastErrorMessage() || warnings.at(-1) || 'no reason given'}`)
  }

  let mounts = 0
  return {
    mount(root) {
      const inside = `/mount${++mounts}`
      Module.FS.mkdirTree(inside)
      Module.FS.mount(Module.NODEFS, { root }, inside)
      return inside
    },
    open(file, drivers, openOptions = []) {
      resetError()
      const dataset = withStrings(drivers, (driverList) => withStrings(openOptions, (optionList) => openEx(file, VECTOR | READ_ONLY | VERBOSE_ERROR, driverList, optionList, 0)))
      if (dataset === 0) throw failed('GDAL cannot open the file')
      return dataset
    },
    describe(dataset) {
      resetError()
      const options = withStrings(['-json'], (list) => infoOptionsNew(list, 0))
      const answer = vectorInfo(dataset, options)
      infoOptionsFree(options)
      if (!answer) throw failed('GDAL cannot describe the file')
      const info = JSON.parse(answer) as RawInfo
      return {
        driver: info.driverShortName,
        layers: info.layers.map((layer) => ({
          name: layer.name,
          featureCount: layer.featureCount,
          fields: layer.fields.map(({ name, type }) => ({ name, type })),
          geometryType: layer.geometryFields[0]?.type ?? null,
          wkt: layer.geometryFields[0]?.coordinateSystem?.wkt ?? null,
        })),
      }
    },
    translate(dataset, destination, options) {
      resetError()
      const prepared = withStrings(options, (list) => translateOptionsNew(list, 0))
      if (prepared === 0) throw failed('GDAL does not know these options')
      const list = Module._malloc(4)
      Module.setValue(list, dataset, '*')
      const written = vectorTranslate(destination, 0, 1, list, prepared, 0)
      translateOptionsFree(prepared)
      Module._free(list)
      if (written === 0) throw failed('GDAL cannot write')
      closeDataset(written)
      if (lastErrorType() >= 3) throw failed('GDAL')
    },
    close: (dataset) => void closeDataset(dataset),
    setConfig: (key, value) => void setConfigOption(key, value),
    takeWarnings: () => warnings.splice(0),
  }
}

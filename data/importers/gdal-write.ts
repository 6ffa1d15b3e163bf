import { GdalError, startGdal } from './gdal.ts'
import type { WriteTask } from './tasks.ts'

/** Writes layers (GeoJSON files) into one file of the asked format and coordinate system; runs in the child process. */
export async function writeWithGdal(task: WriteTask): Promise<void> {
  const gdal = await startGdal()
  const folder = gdal.mount(task.folder)
  task.layers.forEach((layer, index) => {
    const source = gdal.open(`${folder}/${layer.file}`, ['GeoJSON'])
    const options = ['-f', task.format, '-nln', layer.name, '-nlt', layer.geometryType, '-a_srs', 'EPSG:4490']
    if (task.crs.toUpperCase() !== 'EPSG:4490') options.splice(-2, 2, '-s_srs', 'EPSG:4490', '-t_srs', task.crs)
    if (task.format === 'ESRI Shapefile') options.push('-lco', 'ENCODING=GB18030')
    if (index > 0) options.push('-update', '-append')
    gdal.translate(source, `${folder}/${task.destination}`, options)
    gdal.close(source)
  })
  const lost = gdal.takeWarnings().filter((line) => /ERROR/.test(line))
  if (lost.length > 0) throw new GdalError(lost.join('; '))
}

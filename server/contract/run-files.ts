/** The row of files that every tool of the bench offers: tables, and shapes for any GIS (Shapefile in GB18030). */
export const RUN_FILE_FORMATS = ['xlsx', 'csv', 'gpkg', 'shp', 'geojson'] as const
export type RunFileFormat = (typeof RUN_FILE_FORMATS)[number]

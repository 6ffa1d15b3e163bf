import { z } from 'zod'

/** [longitude, latitude] in degrees, EPSG:4490 (equal to WGS 84 at map accuracy). */
export const Position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
export type Position = z.infer<typeof Position>

/** [west, south, east, north] in degrees. */
export const BoundingBox = z.tuple([z.number(), z.number(), z.number(), z.number()])
export type BoundingBox = z.infer<typeof BoundingBox>

/** `west,south,east,north` in an address. */
export const BoundingBoxText = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .pipe(BoundingBox)
  .refine(([west, south, east, north]) => west <= east && south <= north, 'must be west,south,east,north')

/** A GeoJSON geometry as the database gives it; checked where it is read in, not where it is handed on. */
export const Geometry = z.object({ type: z.string(), coordinates: z.array(z.unknown()) })
export type Geometry = z.infer<typeof Geometry>

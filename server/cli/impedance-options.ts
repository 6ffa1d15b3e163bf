/** 步行阻力 on the command line, the same for every command that walks. */

export const IMPEDANCE_OPTIONS = { slope: { type: 'boolean' }, stairs: { type: 'string' } } as const

/** Lines of a usage text. */
export const IMPEDANCE_USAGE = `  --slope              on foot: uphill and steep downhill take longer; radii are then metres of level ground that take as long
  --stairs HOW         on foot: as_paths (default), slower, or closed (wheelchairs, prams)`

/** As a question takes it; undefined where neither option is given. */
export function impedanceOf({ slope, stairs }: { slope?: boolean | undefined; stairs?: string | undefined }): { slope: boolean; stairs?: string } | undefined {
  if (slope === undefined && stairs === undefined) return undefined
  return { slope: slope ?? false, ...(stairs === undefined ? {} : { stairs }) }
}

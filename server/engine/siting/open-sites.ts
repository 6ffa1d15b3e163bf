/** What a search knows of the candidates it has open. */
export interface OpenState {
  /** 1 for open candidates. */
  isOpen: Uint8Array
  open(site: number): void
  close(site: number): void
}

/** Open candidates, ascending. */
export function openSitesOf({ isOpen }: Pick<OpenState, 'isOpen'>): number[] {
  const sites: number[] = []
  isOpen.forEach((open, site) => {
    if (open === 1) sites.push(site)
  })
  return sites
}

/** Opens exactly these. */
export function openExactly(state: OpenState, sites: readonly number[]): void {
  const wanted = new Set(sites)
  for (const site of openSitesOf(state)) if (!wanted.has(site)) state.close(site)
  for (const site of sites) if (state.isOpen[site] === 0) state.open(site)
}

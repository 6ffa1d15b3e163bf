/** Names of what stands between a home and a facility: water, railways and fast roads by their class. */
const BARRIER_NAMES: Readonly<Record<string, { zh: string; en: string }>> = {
  river: { zh: '河流', en: 'river' },
  canal: { zh: '河渠', en: 'canal' },
  moat: { zh: '护城河', en: 'moat' },
  lake: { zh: '湖泊', en: 'lake' },
  pond: { zh: '池塘', en: 'pond' },
  reservoir: { zh: '水库', en: 'reservoir' },
  basin: { zh: '蓄水池', en: 'basin' },
  harbour: { zh: '港池', en: 'harbour basin' },
  rail: { zh: '铁路', en: 'railway' },
  motorway: { zh: '高速公路', en: 'motorway' },
  trunk: { zh: '快速路', en: 'expressway' },
}
/** Roads and railways are barriers by the classes above alone; any other class is that of some water. */
const WATER = { zh: '水面', en: 'water' }

/** What a class of barrier is called. */
export function barrierClassName(barrierClass: string): { zh: string; en: string } {
  return BARRIER_NAMES[barrierClass] ?? WATER
}

/** A barrier by its own name, or by that of its class in both languages, as tables and the command line say it. */
export function barrierText({ class: barrierClass, name }: { class: string; name: string | null }): string {
  const { zh, en } = barrierClassName(barrierClass)
  return name ?? `${zh} ${en}`
}

/** Five classes for a choropleth: equal counts over what is above zero, so that a skewed measure still shows its middle. */

export interface ValueClass {
  /** Inclusive. */
  from: number
  /** Inclusive; the last class reaches to the greatest value. */
  to: number
}

export const CLASS_COUNT = 5

/** At most five classes over the positive values; fewer when the values are few or alike; none when nothing is above zero. Zero and null belong to no class. */
export function valueClasses(values: readonly (number | null)[]): ValueClass[] {
  const positive = values.filter((value): value is number => value !== null && value > 0).toSorted((a, b) => a - b)
  const greatest = positive[positive.length - 1]
  if (greatest === undefined) return []
  const bounds = [...new Set(Array.from({ length: CLASS_COUNT }, (_, index) => positive[Math.floor((index * positive.length) / CLASS_COUNT)]!))]
  const isWhole = positive.every(Number.isInteger)
  return bounds.map((from, index) => {
    const next = bounds[index + 1]
    return { from, to: next === undefined ? greatest : isWhole ? next - 1 : next }
  })
}

/** Index of the class a value falls into; -1 for zero and for what lies below the first class; null for no value. */
export function classOf(value: number | null, classes: readonly ValueClass[]): number | null {
  if (value === null) return null
  return classes.findLastIndex((one) => value >= one.from)
}

/** Colour of a class; fewer than five classes are spread over the whole ramp, a single one takes its upper part. */
export function classColour<T>(ramp: readonly T[], index: number, count: number): T {
  const position = count <= 1 ? ramp.length - 2 : Math.round((index * (ramp.length - 1)) / (count - 1))
  return ramp[Math.min(ramp.length - 1, Math.max(0, position))]!
}

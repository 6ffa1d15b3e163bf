/** Where the dots of expected against actual counts stand. Pure. */

export interface ScatterFrame {
  width: number
  height: number
  left: number
  bottom: number
  top: number
  right: number
}

export interface Scales {
  x: (value: number) => number
  y: (value: number) => number
  ticks: number[]
}

const STEPS = [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]

/** Both axes alike, by ln(1 + x): counts of communities spread over several sizes, and none may be 0. */
export function scalesOf(values: readonly number[], { width, height, left, bottom, top, right }: ScatterFrame): Scales {
  const most = Math.max(1, ...values)
  const end = Math.log1p(most) * 1.04
  const along = (value: number): number => Math.log1p(value) / end
  return {
    x: (value) => left + along(value) * (width - left - right),
    y: (value) => height - bottom - along(value) * (height - top - bottom),
    ticks: STEPS.filter((step) => step <= most),
  }
}

import type { ExpressionSpecification } from 'maplibre-gl'
import { hatchId } from '../icons/patterns.ts'
import { classColour, CLASS_COUNT, valueClasses } from '../value-classes.ts'
import { byZoom, type LayerDrawing, layerId, type LegendItem, whenHovered } from './layer-drawing.ts'

/** Within reach: one teal, never the colour of good or bad. */
export const coverageServed: LayerDrawing = {
  by: 'maplibre',
  selects: null,
  pointable: [],
  layers: ({ tokens, opacity, theme }) => ({
    area: [
      { id: layerId('coverage_served', 'fill'), type: 'fill', source: 'coverage-served', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': tokens.served, 'fill-opacity': (theme === 'night' ? 0.42 : 0.34) * opacity, 'fill-antialias': false } },
      { id: layerId('coverage_served', 'edge'), type: 'line', source: 'coverage-served', filter: ['==', ['geometry-type'], 'Polygon'], layout: { 'line-join': 'round' }, paint: { 'line-color': theme === 'night' ? tokens.coverage[3] : tokens.coverage[4], 'line-opacity': 0.55 * opacity, 'line-width': byZoom(1.2, [10, 0.4], [15, 1.2]) } },
      // By the walking ruler: the streets themselves, no area made up between them.
      { id: layerId('coverage_served', 'streets'), type: 'line', source: 'coverage-served', filter: ['==', ['geometry-type'], 'LineString'], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': theme === 'night' ? tokens.coverage[3] : tokens.served, 'line-opacity': Math.min(1, 1.2 * opacity), 'line-width': byZoom(1.3, [10, 0.6], [13, 1.4], [16, 4]) } },
    ],
  }),
  legend: (tokens) => [{ kind: 'fill', label: { zh: '服务范围内', en: 'Within reach' }, colour: tokens.served, outline: tokens.coverage[3], opacity: 0.42 }],
}

/** Position of a blind spot's colour in the ramp, computed with its classes; -1 when its people are unknown. */
const ramped = <T extends string>(values: readonly T[], otherwise: T): ExpressionSpecification =>
  ['match', ['get', 'step'], ...values.flatMap((value, index) => [index, value]), otherwise] as unknown as ExpressionSpecification

/** Blind spots: hatched, from violet (few) to yellow (many people), each with an outline so that the darkest is seen too. */
export const coverageBlindSpots: LayerDrawing = {
  by: 'maplibre',
  selects: 'blind_spot',
  pointable: ['tint'],
  layers: ({ tokens, opacity, theme }) => {
    const colour = ramped(tokens.gap, tokens.noData)
    return {
      area: [
        {
          id: layerId('coverage_blind_spots', 'tint'),
          type: 'fill',
          source: 'coverage-blind-spots',
          paint: { 'fill-color': colour, 'fill-opacity': ['case', ['boolean', ['feature-state', 'hover'], false], 0.6 * opacity, (theme === 'night' ? 0.34 : 0.28) * opacity], 'fill-antialias': false },
        },
        { id: layerId('coverage_blind_spots', 'hatch'), type: 'fill', source: 'coverage-blind-spots', paint: { 'fill-pattern': ramped(tokens.gap.map((one) => hatchId(one, true)), hatchId(tokens.noData, true)), 'fill-opacity': opacity } },
      ],
      line: [
        {
          id: layerId('coverage_blind_spots', 'edge'),
          type: 'line',
          source: 'coverage-blind-spots',
          layout: { 'line-join': 'round' },
          paint: {
            'line-color': whenHovered(tokens.map.selection, ramped(theme === 'night' ? [tokens.gap[1], tokens.gap[2], tokens.gap[3], tokens.gap[4], '#FFF1C9'] : [tokens.gap[0], tokens.gap[0], tokens.gap[1], tokens.gap[1], tokens.gap[2]], tokens.noData) as never),
            'line-opacity': opacity,
            'line-width': ['interpolate', ['linear'], ['zoom'], 10, whenHovered(1.6, 0.6), 14, whenHovered(3, 1.5)],
          },
        },
      ],
    }
  },
  legend: (tokens, data) => {
    const people = data.blindSpotPeople ?? []
    const classes = valueClasses(people)
    const items: LegendItem[] = [
      {
        kind: 'ramp',
        label: { zh: '盲区内人口', en: 'People in a blind spot' },
        unit: '人',
        steps: classes.map((one, index) => ({ ...one, colour: classColour(tokens.gap, index, classes.length), hatch: 'dense' as const })),
      },
    ]
    if (people.some((one) => one === null)) items.push({ kind: 'fill', label: { zh: '人口未知', en: 'People unknown' }, colour: tokens.noData, hatch: 'dense' })
    return items
  },
}

/** Where in the ramp each blind spot stands: 0 to 4; 0 for nobody, -1 for unknown. */
export function blindSpotSteps(people: readonly (number | null)[]): number[] {
  const classes = valueClasses(people)
  const positions = Array.from({ length: CLASS_COUNT }, (_, index) => index)
  return people.map((value) => {
    if (value === null) return -1
    const index = classes.findLastIndex((one) => value >= one.from)
    return index < 0 ? 0 : classColour(positions, index, classes.length)
  })
}

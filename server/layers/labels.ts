/** Words for kinds, fields and coded values, from data/reference/labels.json. */
import { z } from 'zod'
import labels from '../../data/reference/labels.json' with { type: 'json' }
import { SOURCE_LABELS, STATE_LABELS } from '../contract/incident-workflow.ts'
import type { FeatureKind } from '../contract/layers.ts'

const Label = z.object({ zh: z.string().min(1), en: z.string().min(1) })
export type Label = z.infer<typeof Label>
const Group = z.record(z.string(), Label)
const Labels = z.object({ kinds: Group, fields: Group, units: Group, values: z.record(z.string(), Group) })

const LABELS = Labels.parse(labels)
/** Words of incidents stand in the contract, where the console reads them too. */
const VALUES: Record<string, Record<string, Label>> = { ...LABELS.values, incident_state: STATE_LABELS, incident_source: SOURCE_LABELS }

/** Names of the dictionaries of coded values. */
export type Dictionary = keyof typeof labels.values | 'incident_state' | 'incident_source'
export type Unit = keyof typeof labels.units

const findIn = (group: Record<string, Label> | undefined, key: string): Label | undefined => (group && Object.hasOwn(group, key) ? group[key] : undefined)

export function kindLabel(kind: FeatureKind): Label {
  return findIn(LABELS.kinds, kind) ?? { zh: kind, en: kind }
}

export function fieldLabel(field: string): Label {
  return findIn(LABELS.fields, field) ?? { zh: field, en: field }
}

/** The word for a coded value; undefined when there is none, and the value is shown as it is. */
export function valueLabel(dictionary: Dictionary, value: string): Label | undefined {
  return findIn(VALUES[dictionary], value)
}

export function unitLabel(unit: Unit): Label {
  return findIn(LABELS.units, unit) ?? { zh: unit, en: unit }
}

/** Every file of the contract that describes endpoints, one a line: what OpenAPI is made from and every test walks over. */
import * as accounts from './accounts.ts'
import * as audit from './audit.ts'
import * as basemap from './basemap.ts'
import * as cities from './cities.ts'
import * as clockRules from './clock-rules.ts'
import * as clocks from './clocks.ts'
import * as coverage from './coverage.ts'
import * as directory from './directory.ts'
import * as dispatch from './dispatch.ts'
import type { Endpoint } from './endpoint.ts'
import * as duplicates from './duplicates.ts'
import * as entrances from './entrances.ts'
import * as evaluation from './evaluation.ts'
import * as evidence from './evidence.ts'
import * as facts from './facts.ts'
import * as greenIndicators from './green-indicators.ts'
import * as imports from './imports.ts'
import * as incidentLights from './incident-lights.ts'
import * as incidents from './incidents.ts'
import * as layers from './layers.ts'
import * as managementGaps from './management-gaps.ts'
import * as people from './people.ts'
import * as planning from './planning.ts'
import * as reruns from './reruns.ts'
import * as planningIndicators from './planning-indicators.ts'
import * as planningSupply from './planning-supply.ts'
import * as planningSiting from './planning-siting.ts'
import * as reference from './reference.ts'
import * as responsibilities from './responsibilities.ts'
import * as scenarios from './scenarios.ts'
import * as workbench from './workbench.ts'

const CONTRACT = {
  accounts,
  audit,
  basemap,
  cities,
  clockRules,
  clocks,
  coverage,
  directory,
  dispatch,
  duplicates,
  entrances,
  evaluation,
  evidence,
  facts,
  greenIndicators,
  imports,
  incidentLights,
  incidents,
  layers,
  managementGaps,
  people,
  planning,
  reruns,
  planningIndicators,
  planningSupply,
  planningSiting,
  reference,
  responsibilities,
  scenarios,
  workbench,
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'reply' in value
}

/** Every endpoint with the name of its file. */
export function listEndpoints(): { capability: string; endpoint: Endpoint }[] {
  return Object.entries(CONTRACT).flatMap(([capability, file]) => Object.values<unknown>(file).filter(isEndpoint).map((endpoint) => ({ capability, endpoint })))
}

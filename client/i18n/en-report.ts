import type { zhReport } from './zh-report.ts'

/** The words of zh-report.ts in English. */
export const enReport: typeof zhReport = {
  report: {
    title: 'Report a case', short: 'Report', key: 'Report a case', mayNot: 'Your posts do not report cases', classHint: 'Type a name or a code to find the class', descriptionHint: 'What, in which state, with what effect, as the caller tells it', referenceHint: 'Such as the hotline’s number', place: 'Place', placeHint: 'Click the map, look for a place, road or address, or write coordinates.', mapTip: 'Click the map to set the place', addressHint: 'Road and number, or a place nearby', find: 'Find', found: 'Places found', notFound: 'Nothing found for “{text}”; click the map', coordinates: 'Coordinates (longitude, latitude)', setMap: 'The place was set on the map', setAddress: 'The place is that of the name found',
    says: 'What the place says', outside: 'This place lies outside the city.', same: 'May be the same', noneSame: 'No open case of the class within {d} in the last {n} hours.', isSame: 'This is it', reporter: 'Reported by', photos: 'Photos', send: 'Report', incomplete: 'Complete what is marked first', done: 'Reported as {n}',
    faults: { class: 'Choose a class', description: 'Describe the problem', place: 'Set the place', coordinates: 'Coordinates are longitude and latitude, such as 113.42773, 31.35790', phone: 'A telephone number has digits, spaces and hyphens, 5 to 20 of them' },
  },
  fields: {
    overrideReason: 'Reason for another unit', opinion: 'Opinion', departmentId: 'Department', receiverId: 'Receiver', conditionOrdinal: 'Filing condition', refusalReason: 'Reason for not filing', specialKind: 'Special circumstance', supervisionKind: 'Kind of supervision', newDueAt: 'Asked for until', masterId: 'Master case', mediaIds: 'Photos', isSameTimeOfDay: 'Same time of day', closingConditionMet: 'Closing condition', classCode: 'Class', classKind: 'Kind',
    source: 'Source', sourceReference: 'Source’s number', description: 'Description', address: 'Address', position: 'Place', longitude: 'Longitude', latitude: 'Latitude', occurredAt: 'Occurred', reportedBy: 'Reported by', reporterPhone: 'Telephone', severity: 'Severity',
    login: 'Login', name: 'Name', phone: 'Telephone', purpose: 'Purpose', sources: 'Held to sources', expiresAt: 'Expires', role: 'Role', city: 'City', organisationId: 'Organisation', areaCode: 'Area code', code: 'Code', nameZh: 'Chinese name', nameEn: 'English name', password: 'Password', reason: 'Reason', note: 'Note', unit: 'Unit', legalBasis: 'Legal basis', limitAmount: 'Limit', limitUnit: 'Unit of the limit',
    demand: 'Demand', facility: 'Facility', layers: 'Layers', rule: 'Rule', paperRule: 'Official rule', radiusMeters: 'Radius', minAreaM2: 'Least area', impedance: 'What hinders a walk', supplyBy: 'Supply', sharedBy: 'Shared by', catchmentMeters: 'Catchment', catchmentMinutes: 'Catchment in minutes', standard: 'Standard', p: 'New sites', budget: 'Budget', prices: 'Prices', capacities: 'Capacities', candidates: 'Candidates', scope: 'Scope', blocks: 'Contents', title: 'Name', edits: 'Changes', scenario: 'Scenario', format: 'Format',
  },
}

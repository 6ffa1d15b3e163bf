import type { zhReport } from './zh-report.ts'

/** The words of zh-report.ts in English. */
export const enReport: typeof zhReport = {
  fields: {
    overrideReason: 'Reason for another unit', opinion: 'Opinion', departmentId: 'Department', receiverId: 'Receiver', conditionOrdinal: 'Filing condition', refusalReason: 'Reason for not filing', specialKind: 'Special circumstance', supervisionKind: 'Kind of supervision', newDueAt: 'Asked for until', masterId: 'Master case', mediaIds: 'Photos', isSameTimeOfDay: 'Same time of day', closingConditionMet: 'Closing condition', classCode: 'Class', classKind: 'Kind',
    source: 'Source', sourceReference: 'Source’s number', description: 'Description', address: 'Address', position: 'Place', longitude: 'Longitude', latitude: 'Latitude', occurredAt: 'Occurred', reportedBy: 'Reported by', reporterPhone: 'Telephone', severity: 'Severity',
    login: 'Login', name: 'Name', phone: 'Telephone', purpose: 'Purpose', sources: 'Held to sources', expiresAt: 'Expires', role: 'Role', city: 'City', organisationId: 'Organisation', areaCode: 'Area code', code: 'Code', nameZh: 'Chinese name', nameEn: 'English name', password: 'Password', reason: 'Reason', note: 'Note', unit: 'Unit', legalBasis: 'Legal basis', limitAmount: 'Limit', limitUnit: 'Unit of the limit',
  },
}

/** Names of what service-radius rules speak of; the rules themselves come from the server. */
export { facilityName as facilityLabel } from '../../server/contract/facility-names.ts'

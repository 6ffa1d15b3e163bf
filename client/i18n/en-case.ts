/** Words of saved filters, evidence, duplicates, facts of a place and the key of the map in English; zh-case.ts has the same keys. */
export const enCase = {
  savedFilters: {
    title: 'Saved filters', save: 'Save this filter', none: 'Keep the conditions you use often; one click brings them back.', edit: 'Change “{name}”', editTitle: 'Change a saved filter', saveTitle: 'Save this filter', name: 'Name', share: 'Who sees it', shares: { own: 'Only me', organisation: 'My unit', city: 'Whole city' }, by: 'saved by {name}', holds: 'Conditions kept', noConditions: 'no further condition', repoint: 'Replace by the present conditions', remove: 'Delete', removeSure: 'Really delete', saved: '“{name}” saved', changed: '“{name}” changed', removed: '“{name}” deleted', signIn: 'Sign in to save filters', failed: 'The saved filters could not be fetched', stale: 'It was changed elsewhere just now and read again; look once more.', store: 'Save', order: 'Sort', applied: 'in use',
  },
}

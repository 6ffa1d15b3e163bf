/** Words of saved filters, evidence, duplicates, facts of a place and the key of the map in English; zh-case.ts has the same keys. */
export const enCase = {
  savedFilters: {
    title: 'Saved filters', save: 'Save this filter', none: 'Keep the conditions you use often; one click brings them back.', edit: 'Change “{name}”', editTitle: 'Change a saved filter', saveTitle: 'Save this filter', name: 'Name', share: 'Who sees it', shares: { own: 'Only me', organisation: 'My unit', city: 'Whole city' }, by: 'saved by {name}', holds: 'Conditions kept', noConditions: 'no further condition', repoint: 'Replace by the present conditions', remove: 'Delete', removeSure: 'Really delete', saved: '“{name}” saved', changed: '“{name}” changed', removed: '“{name}” deleted', signIn: 'Sign in to save filters', failed: 'The saved filters could not be fetched', stale: 'It was changed elsewhere just now and read again; look once more.', store: 'Save', order: 'Sort', applied: 'in use',
  },
  photos: {
    states: { waiting: 'waiting', stored: 'stored', cancelled: 'cancelled' }, noImage: 'it is not an image', tooLarge: 'it has {size}, more than {most}', tooMany: 'the case has {n} photos, which is the most', cancelOf: 'Cancel {name}', retryOf: 'Send {name} again', progressOf: 'How far {name} is', camera: 'Use the camera', noPlace: 'no place in the photo', away: '{d} from the case', before: '{t} before the case', after: '{t} after the case', previous: 'Previous photo', next: 'Next photo', by: 'uploaded by {who} {at}', compare: 'Before and after', looks: { pair: 'Side by side', seam: 'Slide across' }, sides: { before: 'Before', after: 'After' }, seam: 'Seam between before and after', seamAt: '{a}% before, {b}% after', choose: 'Choose the photo for: {side}',
  },
  duplicates: {
    all: 'All {n}', samePlace: 'Same place', thisCase: 'This case', other: 'Likely duplicate', photoOf: 'Photo of {n}', photos: '{n} in all', mergeIn: 'Merge that into this', mergedIn: '{n} merged into this case', fold: 'Fold', none: 'No open case of this class within {m} m and {h} hours.', notYours: 'Merging is for operators and shift leaders', suspicious: '{n} cases lie on this very coordinate, most likely a default point: check the place; near does not mean the same.', into: 'Merged into', oneClock: 'The clock of that case counts; this one has none any more.', crowded: '{n} coordinates carry too many cases, most likely default points', crowdedPlace: '{n} cases ({p}), {c} classes', crowdedShow: 'Show', crowdedHint: 'Show it on the map',
  },
  placeFacts: {
    street: 'Street', community: 'Community', owner: 'Grid owner', ownerOf: 'by {code}', part: 'Part within 15 m', road: 'Road', greenLine: 'Green line', controlArea: 'Control area', permit: 'Permit in force', until: 'until {day}', none: 'none',
  },
  mapKey: {
    title: 'Colour of cases', severity: 'By level', light: 'By clock', show: 'Show the key', hide: 'Hide the key', cut: 'Too many cases: 100,000 are coloured',
  },
}

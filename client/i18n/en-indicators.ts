/** Words of the indicator sheet in English; zh-indicators.ts has the same keys. */
export const enIndicators = {
  indicators: {
    title: 'Indicator sheet', question: 'What the sheet is about', scope: 'Scope', scopes: { built_up: 'Built-up area', city: 'Whole city' }, unit: 'District or street', wholeScope: 'All of it', counties: 'Districts', streets: 'Streets', blocks: 'Blocks',
    blockNames: { indices: 'Statutory indices', tiers: 'Park tiers', comparators: 'International' }, blockHints: { indices: 'Green ratio, park area per person, service radius …', tiers: 'Tiers of GB/T 51346, circles of GB 50180', comparators: 'WHO, EU, 3-30-300, SDG 11.7.1 …' },
    data: 'Dates of the data', noDate: 'not stated', updated: 'updated {at}', choicesFailed: 'The choices could not be fetched',
    start: 'Compute the sheet', starting: 'Sending', running: 'Computing', needBlock: 'Choose one block at least', none: 'No sheet yet', noneHint: 'Choose scope and blocks at the left, then compute.', failed: 'It was not finished', cancelled: 'Cancelled', again: 'Compute again', closeRun: 'Put this sheet away', recent: 'Earlier sheets', noRecent: 'None yet',
    stages: { waiting: 'Waiting', prepare: 'Preparing', green: 'Green land', coverage: 'Coverage', sheet: 'Summing up', ground: 'Parks and homes', reach: 'Reach', units: 'Units', store: 'Storing', done: 'Done' },
    land: 'Land', people: 'People', met: 'Met', notMet: 'Not met', untold: 'Cannot be told', thresholdsMet: '{a} of {n} met',
    lacking: '{d} lacking', lackingAtMost: 'at most {d} lacking', beyond: '{d} beyond it', toReach: 'To {limit}: {d}', atLeast: 'at least {v}', verified: 'checked against the text', unverified: 'not checked against the text', effective: 'in force from {d}', clause: '{standard} {clause}',
    formula: 'Formula', fraction: 'Numerator / denominator', source: 'Source', thresholds: 'Thresholds', rows: '{n} counted', moreRows: '{n} more', rowsKept: 'Only the {n} most counted are kept', openCoverage: 'See it in “Coverage”',
    units: { share: '', m2_per_person: 'm²/person', per_10000_people: 'per 10,000 people', km_per_10000_people: 'km per 10,000 people', parks: 'parks' },
    notCounted: '{n} green spaces ({a}) have no class or one of another scheme: not counted', export: 'Export the sheet', method: 'Formula and method', methodTitle: 'How the sheet came about', showOnMap: 'Show on the map',
    within: '{p} of the people within reach', outOfReach: '{n} out of reach', everybody: 'for everybody', leastShare: 'asks for ≥ {p}', perPerson: 'For each person', due: '{v} m² due', parksOf: '{n} parks, {a}', noParks: 'No park of this tier', reachingParks: '{n} in the city count for reach',
    showUnserved: 'Map homes out of reach ({ruler})', hideUnserved: 'Take the homes off the map', homesCut: 'Only the {n} homes with the most people are drawn', ruler: 'Ruler', bands: 'Size and radius', bandFrom: '≥ {a}', bandRange: '{a} – {b}', status: 'Status', superseded: 'superseded', unitTable: 'Districts and streets', unitName: 'Name', unitPeople: 'People', network: 'Walking network (settings version {v}, {g} gates): {o} live beside no path, {s} on a disconnected part.', comparatorsNote: 'For comparison only, never scored.', reachNote: 'Parks count by size and class; those shut or ticketed do not; those beyond the scope do.',
  },
}

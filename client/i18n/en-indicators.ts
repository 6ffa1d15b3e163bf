/** Words of the indicator sheet in English; zh-indicators.ts has the same keys. */
export const enIndicators = {
  indicators: {
    title: 'Indicator sheet', question: 'What the sheet is about', scope: 'Scope', scopes: { built_up: 'Built-up area', city: 'Whole city' }, unit: 'District or street', wholeScope: 'All of it', counties: 'Districts', streets: 'Streets', blocks: 'Blocks',
    blockNames: { indices: 'Statutory indices' }, blockHints: { indices: 'Green ratio, park area per person, service radius …' },
    data: 'Dates of the data', noDate: 'not stated', updated: 'updated {at}', choicesFailed: 'The choices could not be fetched',
    start: 'Compute the sheet', starting: 'Sending', running: 'Computing', needBlock: 'Choose one block at least', none: 'No sheet yet', noneHint: 'Choose scope and blocks at the left, then compute.', failed: 'It was not finished', cancelled: 'Cancelled', again: 'Compute again', closeRun: 'Put this sheet away', recent: 'Earlier sheets', noRecent: 'None yet',
    stages: { waiting: 'Waiting', prepare: 'Preparing', green: 'Green land', coverage: 'Coverage', sheet: 'Summing up', store: 'Storing', done: 'Done' },
    land: 'Land', people: 'People', met: 'Met', notMet: 'Not met', untold: 'Cannot be told', thresholdsMet: '{a} of {n} met',
    lacking: '{d} lacking', lackingAtMost: 'at most {d} lacking', beyond: '{d} beyond it', toReach: 'To {limit}: {d}', atLeast: 'at least {v}', verified: 'checked against the text', unverified: 'not checked against the text', effective: 'in force from {d}', clause: '{standard} {clause}',
    formula: 'Formula', fraction: 'Numerator / denominator', source: 'Source', thresholds: 'Thresholds', rows: '{n} counted', moreRows: '{n} more', rowsKept: 'Only the {n} most counted are kept', openCoverage: 'See it in “Coverage”',
    units: { share: '', m2_per_person: 'm²/person', per_10000_people: 'per 10,000 people', km_per_10000_people: 'km per 10,000 people', parks: 'parks' },
    notCounted: '{n} green spaces ({a}) have no class or one of another scheme: not counted', export: 'Export the sheet', method: 'Formula and method', methodTitle: 'How the sheet came about', showOnMap: 'Show on the map',
  },
}

/** Words of supply per person. */
export const enSupply = {
  supply: {
    title: 'Supply per person', question: 'Question', facility: 'What is shared', rule: 'Standard and catchment', demand: 'For whom', ruler: 'Ruler', method: 'Method',
    sharedByAll: 'Shared with all residents', sharedByAllHint: 'otherwise this group alone shares it',
    methods: { '2sfca': 'Two-step', e2sfca: 'Zones', gaussian: 'Gaussian' },
    methodHints: { '2sfca': 'All within the catchment count alike (2SFCA).', e2sfca: 'Nearer counts more, in three zones (E2SFCA).', gaussian: 'Falls smoothly with distance, to 0 at the edge.' },
    catchment: 'Catchment', catchmentUnit: 'Unit of the catchment', catchmentUnits: { meters: 'm', minutes: 'min' }, standard: 'Standard per person', noStandard: 'none', source: 'Source', unverified: 'not checked against the text', verified: 'checked against the text',
    start: 'Analyse', starting: 'Submitting', running: 'Analysing', invalid: 'A catchment from 1 to 50,000 m and a standard of 0 or more are due', none: 'No analysis of supply yet', noneHint: 'Choose facility, group and method at the left and start.', failed: 'The analysis did not finish', cancelled: 'Cancelled', again: 'Analyse again', closeRun: 'Put this analysis away',
    stages: { waiting: 'waiting', prepare: 'preparing', facilities: 'facilities', demand: 'demand', share: 'sharing out', draw: 'drawing', store: 'storing', done: 'done' },
    units: { m2: 'm²', beds: 'beds', pupils: 'school places', places: 'places', facilities: 'facilities' },
    per: { people: 'person', buildings: 'building', beds: 'bed', pupils: 'pupil', facilities: 'facility' },
    heading: '{facility} per person', headingPer: '{facility} per {per}', perUnit: '{u} per {per}',
    below: 'below the standard of {s}', belowNone: 'nobody is below the standard of {s}', noStandardLong: 'no standard per person', median: 'median {v}', quartiles: 'quartiles {a} – {b}', outOfReach: 'Out of reach', gini: 'Gini coefficient', supplyTotal: 'Supply in all', supplies: '{n} facilities', belowPeople: 'Below the standard',
    onMap: 'On the map', levels: { points: 'Places', cells: 'Cells', communities: 'Communities', streets: 'Streets' }, legend: 'Legend', nothing: 'out of reach (0)', lessThan: '< {b}', between: '{a} – {b}', from: '≥ {a}', cut: 'Only the {n} with the most people are drawn.', noValue: 'nobody lives there',
    paper: 'Paper and reality', paperLead: 'By “{rule}” {p} are served on paper; {n} of them have less than the standard ({s}).', paperNoStandard: 'By “{rule}” {p} are served on paper. With a standard per person you see who of them has too little.', paperOnly: 'Served on paper, too little in fact', paperWhere: 'Communities with the most', onPaper: 'Served on paper', enough: 'Served and enough',
    lorenz: 'Equity', lorenzLabel: 'Lorenz curve, Gini coefficient {g}', lorenzX: 'share of people', lorenzY: 'share of supply', lorenzHint: 'The half with the least has {p} of the supply.', lorenzNone: 'Nothing to share out: no value.',
    places: 'Facilities', placesHint: 'The least for each person first; rows and rings on the map point at each other.', placesCut: 'The first {n} of {all}, here and on the map.', place: 'Facility', placeSupply: 'Supply', placePeople: 'Shared by', sharedBy: 'shared by {n} in reach', placePer: '{v} for each {per}', reachesNobody: 'within nobody’s reach', unitTable: 'By unit', unitName: 'Name', perPerson: 'Per person', belowShare: 'Below', people: 'Demand',
    conservation: 'Conservation', conserved: 'handed out {a} = supplied {b}, relative difference {d}', nothingShared: 'Nobody reaches any supply: nothing to share out.',
    notCounted: 'Not counted', capacityUnknown: 'capacity unknown', unused: '{n} are reached by nobody ({c}) and given to nobody', export: 'Export', recent: 'Recent analyses', noRecent: 'None yet',
    methodTitle: 'Method and origin of the data', zoneSource: 'Weights of zones', network: 'Network of {n} nodes and {e} edges, {p} in its main part; {g} gates, {u} of them off the network; {o} without a path at home.', zero: '{n} demands without people are left out; {m} facilities without supply, or unknown, count 0.',
    demands: { population: 'All residents', elders: 'Elders (65+)', children: 'Children (0–14)', buildings: 'Buildings', hospitals: 'Hospitals', schools: 'Schools' }, rulesFailed: 'The rules could not be read',
  },
}

/** Words of the gates of green spaces. */
export const enEntrances = {
  entrances: {
    title: 'Gates', onRecord: 'On record: the walk begins here, and no others are looked for.', found: 'Not on record but found from the paths; a change of any puts all on record.', none: 'No gate: no path meets the boundary, so the walk counts it for nobody.', numbered: 'Gate {n}',
    methods: { given: 'given by the source', derived: 'found, then kept', edited: 'by hand', crossing: 'a path crosses', open_edge: 'open edge' },
    add: 'Add a gate', pick: 'Click the boundary on the map…', end: 'Take away', takeBack: 'Put the last one back', cut: 'Only the first {n} are listed',
  },
}

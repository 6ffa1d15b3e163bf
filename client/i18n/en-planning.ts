/** Words of the planner's bench: its tools. The words of each tool stand in a file of their own. */
export const enPlanning = {
  planning: {
    notEntered: '{n} facilities cannot be walked into: they lie too far from any path', notEnteredGates: '{n} have no way in: gates and boundary lie farther than {g} m from any path', notEnteredPoints: '{n} facilities cannot be walked into: they lie farther than {p} m from any path (areas: their boundary, {g} m)', notEnteredWhy: { scrap: '{n} cannot be walked into: they lie beside a part cut off from the network alone', bridge: '{n} cannot be walked into: they lie beside a bridge or tunnel alone, where nobody gets off' }, notEnteredMend: { no_path: 'To mend it: import the paths that lead there (panel Import, kind Walking paths), or draw one in a scenario.', scrap: 'To mend it: import the network with the piece that is missing, or draw a path that joins it in a scenario.', bridge: 'To mend it: import the paths that lead there on the ground, or draw one in a scenario.' }, unnamed: 'unnamed', moreNames: '{n} more', fewerNames: 'Fewer',
    nothingCounted: 'No facility counts: there is no figure', nothingCountedWhy: 'The city has such facilities, but none of them meets the rule:', nothingThere: 'The city has no data of such facilities yet; take them in under “Import”.', countAll: 'Count every one of them and ask again',
    method: 'Method and sources', sources: 'Data and sources', noSource: 'source not stated', noDate: 'date not stated', ofDay: 'data of {d}', noInputs: 'No layer was read',
    report: {
      open: 'Report', title: 'Make a report', noRun: 'There is no result yet', language: 'Language', languages: { zh: '中文', en: 'English' }, paper: 'Paper', orientation: 'Side', orientations: { portrait: 'Upright', landscape: 'Wide' },
      include: 'Contents', parts: { maps: 'Maps', tables: 'Tables and charts', method: 'Method and rule' }, make: 'Make the PDF', making: 'Being made', makingLong: 'Maps and tables are being drawn; this takes a few seconds.', hint: 'Finding, key figures, sources and the code that opens this run are always in it. The whole tables are in the XLSX.',
    },
    tool: 'Tool', result: 'Result',
    tools: { coverage: 'Coverage', supply: 'Supply', sites: 'Sites', scenario: 'Scenario', gaps: 'Oversight', indicators: 'Indices' },
    hints: { coverage: 'Who is within the service radius, where the blind spots are and why', supply: 'How much there is for each person, and where it falls short', sites: 'Where to build next', scenario: 'What if something changed', gaps: 'Nobody responsible, nothing reported, long unchecked, data missing', indicators: 'Green ratios and park area per person' },
  },
}

/** Words of the map on paper. */
export const enPrint = {
  print: {
    title: 'Map on paper', heading: 'Title', paper: 'Paper', turned: 'Orientation', landscape: 'Landscape', upright: 'Upright', resolution: 'Resolution', scale: 'Scale', asSeen: 'What is seen now', legend: 'With legend',
    save: 'Save PNG', drawing: 'Drawing…', pixels: '{n} pixels.', byDay: 'In the colours of the night; switch to day first for print.', measured: 'measured in {name}', left: 'Left {name}', right: 'Right {name}', moreLegend: '{n} more groups are not listed',
    tooLarge: 'The graphics card draws {n} pixels at most: take a smaller sheet or resolution.', failed: 'It was not drawn: {why} Take a smaller sheet or resolution and try again.',
  },
}

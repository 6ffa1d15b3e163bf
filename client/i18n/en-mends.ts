/** Words of mends: what would serve the people of the blind spots. */
export const enMends = {
  mends: {
    title: 'Cheapest mends', compute: 'Find mends', running: 'Trying them one by one', none: 'Nothing was found that would serve anybody more.', mayNot: 'Your post may not start computations',
    hint: 'A gate here, a crossing there, a pocket park on an idle plot, a shut green opened, a cut-off path joined: how many people each adds, by the engine on the mended network.',
    hintStraight: 'Building on idle plots and opening shut greens: how many people each adds. Gates and crossings count by the walking ruler only.',
    lead: 'The first {n} one after the other: {g}, {p} of those not served.', bestOfSpot: 'Best mend of this blind spot', order: 'Order', orders: { worth: 'Least effort', gain: 'Most people', turn: 'One by one' },
    kinds: { gate: 'Gate', crossing: 'Crossing', facility: 'On a plot', open: 'Opening', path: 'Path' }, unnamed: 'Unnamed', crossingOf: 'Over {name}',
    changes: { gate: 'A gate in the boundary, beside a path', crossing: 'A crossing of {d}; there is no way round', crossingRound: 'A crossing of {d}; the way round is {r}', path: 'A path of {d} to the network proper', park: 'A pocket park on a plot of {a}, radius {r}', facility: 'On a plot of {a}, radius {r}', closed: 'Closed now; opened, radius {r}', ticketed: 'Ticketed now; free, radius {r}' },
    homes: '{n} more homes', lost: '{n} lost to a nearer way, taken off', effort: 'effort {e}', perEffort: '{g} for each unit of effort', inTurn: 'number {n} in turn {g}, together {all}', together: 'together {g}',
    makeScenario: 'Make a scenario of these {n}', scenarioTitle: 'Mends: first {n} one by one', scenarioMade: 'Scenario “{title}” is there',
    all: 'All {n}', fewer: 'Fewer', methodTitle: 'How the mends came about', method: 'Where was looked, and what effort means', looked: '{found} looked at, {computed} tried', gaining: '{n} gain',
    missing: { no_plots: 'The city has no idle plots on record', no_barriers: 'The city has no water, railways or expressways on record', straight_line: 'No effect by the straight line', none_shut: 'Nothing is closed or ticketed', no_scraps: 'Nobody lives on a cut-off path' },
    leftOut: { near_gate: 'too near a gate {n}', no_path: 'no path beside {n}', nobody_near: 'nobody unserved near {n}', short_way_round: 'short way round {n}', over_limit: 'over the limit {n}', too_small: 'not by the rule {n}' },
    exact: 'Every gain is decided home by home by the same engine over the mended ground and is that of a whole run; one by one, nobody is counted twice.', notListed: '{alike} more lie within {m} m of one that is listed, {beyond} come after the list.',
    effortNote: 'Effort is a relative multiple, not a cost (version {version}): {efforts}.', notVerified: 'Assumed by this system, not verified.', perArea: ', {e} for every {s} m²', perLength: ', {e} for every {s} m',
  },
}

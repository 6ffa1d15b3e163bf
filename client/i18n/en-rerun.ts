/** Words of computing a run again. */
export const enRerun = {
  rerun: {
    title: 'Compute again', hint: 'Computes the same question over the data as they are and compares every figure. Unchanged inputs must give the same to the last digit.', start: 'Compute again', running: 'Computing {p}%', mayNot: 'Your post may not start computations',
    same: '{n} figures compared, all the same to the last digit', different: '{n} figures compared, {d} differ', unchanged: 'Data, rule, settings and engine are as they were.', unexplained: 'The inputs are as they were and figures differ: tell an administrator.', timeLimited: 'A search ended by its time limit: with the same inputs it may come farther, or less far, the next time.', refused: 'Over the data as they are this can no longer be asked', changed: '{n} inputs have changed since:', rows: '{added} rows added, {ended} ended',
    what: { engine: 'Engine version', measure: 'Measuring system', walking_settings: 'Walking settings', gates: 'Gates of parks', question: 'Cannot be asked', other: 'Edited features' },
    basis: { rule: 'Rule', paperRule: 'Straight-line rule', capacityRule: 'Land per person', walkingSettings: 'Walking settings', mendSettings: 'Settings of mends', coverage: 'Coverage run', thresholds: 'Thresholds', coverageRules: 'Coverage rules', reachRules: 'Rules of tiers and comparators', spacingRules: 'Spacing rules' },
  },
}

/** Words of management gaps in English; zh-gaps.ts has the same keys. */
import { GAP_DEFINITIONS, GAP_LAYER_NAMES, GAP_LEVEL_NAMES, GAP_RULE_NAMES } from '../../server/contract/management-gap-words.ts'
import { inOne } from './in-one.ts'

export const enGaps = {
  gaps: {
    choose: 'Kind of gap', layers: inOne(GAP_LAYER_NAMES, 'en'),
    means: { responsibility: 'No owner, no person or no collector', reporting: 'Communities with far fewer cases than a count model expects', attention: 'Cells where no case was checked for {n} days', data: 'Missing, old or in the wrong place' },
    ofTotal: 'of {n}', items: 'found', parameters: 'Judged by', level: 'Unit', levels: inOne(GAP_LEVEL_NAMES, 'en'),
    numbers: { periodDays: 'Days of cases', days: 'Days without a check', months: 'Months without renewal' }, byRule: 'Empty: the rule’s {n}', outOf: 'A whole number from {a} to {b}', noParameters: 'By the table of rules: see “Method and sources”.',
    openList: 'Open the list', failed: 'The gaps could not be told', counting: 'Judging', asOf: 'As of {at}', reload: 'Judge again',
    kinds: 'By kind', kind: 'Kind', onlyKind: 'Only “{name}”', noShare: 'no value', untold: 'Not judged',
    table: 'Gaps', rank: '#', code: 'Code', place: 'Street · community', sentence: 'Why', openTable: 'Open {n} in the list', cut: 'The map shows the {n} gravest units.',
    none: 'No gap by this measure', noneHint: 'All {n} units were judged.', noneOfKind: 'No gap of this kind', noneTold: 'No gap in what was judged', noneToldHint: 'Some of it was not: see below.', cannotTell: 'Not enough data to tell', cannotTellHint: 'What is missing is listed below; until then nobody can say that there is no gap.',
    methodTitle: 'How gaps are counted', formula: 'Formula', rules: 'Parameters and sources', unverified: 'not verified', own: 'this city', fit: 'Fit', scatter: 'Expected and actual', scatterHint: 'A dot for each community; on the line actual is as expected, the band is the interval.', expected: 'Expected cases', actual: 'Actual cases',
    definitions: inOne(GAP_DEFINITIONS, 'en'),
    covariate: 'Variable', estimate: 'Coefficient', standardError: 'Std. error', constant: 'Constant', leftOut: 'Left out: {name} ({why})', why: { too_few_communities: 'too few communities', says_nothing_new: 'says nothing new' }, families: { poisson: 'Poisson regression', negative_binomial: 'Negative binomial regression (NB2)' },
    measures: { communities: 'Communities n', deviance: 'Deviance / df', dispersion: 'Dispersion χ²/df', theta: 'θ (std. error)', pseudoR2: 'Pseudo R² (McFadden)', devianceExplained: 'Deviance explained', akaike: 'AIC', interval: 'Interval' }, intervalOf: 'two-sided {p}, below {q}', notConverged: 'The fit did not settle: take it with care.', noModel: 'There is no model: {why}',
    ruleNames: inOne(GAP_RULE_NAMES, 'en'),
  },
}

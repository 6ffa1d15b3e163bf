/** Colours of a report: those of the console by day (a test holds them equal), so that paper and screen read alike. */
export const COLOURS = {
  ink: '#14211F', quiet: '#42524F', faint: '#566662', line: '#D6DFDC', strong: '#7B8D88', panel: '#EEF3F1', paper: '#FFFFFF',
  green: '#0F7A57', blue: '#1769AA', amber: '#9A6400', red: '#B3261E', amberGround: '#FDF5E6',
  land: '#F3F5F1', residential: '#E9ECE8', water: '#C3DCE9', waterEdge: '#96BDD2', park: '#BFE0C7', parkEdge: '#74B08B', hill: '#E6EEDF',
  road: '#FFFFFF', roadTrunk: '#FBF3DF', roadCasing: '#D3D8D3', rail: '#A3AFAB',
  labelStrong: '#2D3D39', selection: '#10201D',
  served: '#2E8B7A', noData: '#8A9994',
} as const

/** Low to high. */
export const COVERAGE_RAMP = ['#DCEFE4', '#A9D8BF', '#6DBB9B', '#2E8B7A', '#125A55'] as const
/** Few people to many, for what is not served: from the light end, since it lies on light paper. */
export const GAP_RAMP = ['#FAD36A', '#EE7C56', '#BC4B7D', '#6B3B86', '#2B2450'] as const
export const CATEGORICAL = ['#1F86C4', '#A87900', '#1B7F79', '#C4432F', '#53646B', '#5E60CE'] as const

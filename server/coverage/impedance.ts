/** 步行阻力: slopes and stairs as every question on foot takes them: checked, said in words, and counted. */
import type { Impedance, ImpedanceFacts, Ruler } from '../contract/coverage.ts'
import { AppError } from '../errors.ts'
import type { PathEdgeRow, WalkingSettings } from './walking-queries.ts'

/**
 * Impedance as an input keeps it: none where nothing hinders, so that one question has one key.
 * @param path of the question in a request, for the error
 * @throws AppError bad_request by the straight line
 */
export function settleImpedance({ ruler, impedance }: { ruler?: Ruler | undefined; impedance?: Impedance | undefined }, path: string): { impedance?: Impedance } {
  if (impedance && ruler !== 'walk') {
    throw new AppError('bad_request', '坡度与台阶只对步行口径有意义：请改用步行，或去掉步行阻力。Slopes and stairs are for the walking ruler: ask with ruler walk, or leave impedance out.', { errors: [{ path: `${path}impedance`, message: '仅用于步行口径。Only with ruler walk' }] })
  }
  return impedance && (impedance.slope || impedance.stairs !== 'as_paths') ? { impedance } : {}
}

/** What of it the paths that are walked know; undefined where none was asked for. */
export function impedanceFacts(pathRows: readonly PathEdgeRow[], impedance: Impedance | undefined): ImpedanceFacts | undefined {
  return impedance && { ...impedance, stairEdges: pathRows.filter(({ isStairs }) => isStairs).length, edgesWithRise: pathRows.filter(({ riseMeters }) => riseMeters !== null).length }
}

/** The method in words; empty where none was asked for. */
export function impedanceTexts(impedance: Impedance | undefined, { slopeDecay, slopeEasiest, stairsFactor, impedanceSource }: WalkingSettings): { zh: string[]; en: string[] } {
  if (!impedance) return { zh: [], en: [] }
  const { slope, stairs } = impedance
  return {
    zh: [`步行阻力：距离与半径为同样用时的平路米数，按走向设施的方向计。${slope ? `坡度按徒步函数 平路步速 × exp(−${slopeDecay} × (|坡度 + ${slopeEasiest}| − ${slopeEasiest}))，高差未知的路按平路。` : ''}${stairs === 'slower' ? `台阶用时为同长平路的 ${stairsFactor} 倍。` : stairs === 'closed' ? '台阶不通行（轮椅、婴儿车）。' : ''}${impedanceSource}。`],
    en: [`Impedance: distances and radii are metres of level ground that take as much time, on the way to the facility. ${slope ? `Slopes by the hiking function pace × exp(−${slopeDecay} × (|slope + ${slopeEasiest}| − ${slopeEasiest})); paths of unknown rise are level. ` : ''}${stairs === 'slower' ? `Stairs take ${stairsFactor} times as long as a level path of their length. ` : stairs === 'closed' ? 'Stairs are closed (wheelchairs, prams). ' : ''}${impedanceSource}.`],
  }
}

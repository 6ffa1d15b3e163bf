/** The words of the passport of mends. */
import type { MendSettings } from '../contract/mends.ts'
import { TOLD_OF_KIND } from '../engine/mends/find-mends.ts'

export const FORMULA = 'gain(m) = Σ weight(i) · ([served(i) over the ground with m] − [served(i) over the ground as it is])'

/** The method in Chinese and in English. */
export function methodTexts(settings: MendSettings): { methodZh: string; methodEn: string } {
  const { gateSpacingMeters, gateLeastMeters, crossingGreatestMeters, crossingLeastRatio, pathGreatestMeters, apartMeters, most, mostJoins, listed, turns, turnsFrom } = settings
  return {
    methodZh: `每项补救的效果由引擎在改后的场地上按同一口径重新判定每处住处得出，不作估计；与整体重算逐处一致。出入口：计入设施的边界上每 ${gateSpacingMeters} m 一点，须在步道旁，距已有出入口不少于 ${gateLeastMeters} m，四周皆可进入的除外；原有出入口保留。跨越：水面、铁路、快速路两侧相距不超过 ${crossingGreatestMeters} m、绕行不少于 ${crossingLeastRatio} 倍的路口对，同处只取一对；其上不可上下。闲置地：按规则面积足够的闲置、边角、废弃地，建成后以路口或开放边界进入。开放：规则本可计入而关闭或收费的。接通：断头路网与主网间不超过 ${pathGreatestMeters} m 的最短连线，至多 ${mostJoins} 处。各类至多计算 ${most} 处，以周边未覆盖人口多者为先；同一设施或阻隔上相距不足 ${apartMeters} m 者只列最好的，共列 ${listed} 项，各类另列其最省力与人最多的各 ${TOLD_OF_KIND} 项及各盲区最好的一项。依次：在前 ${turnsFrom} 项中逐次取单位用力效果最大者，改后再算，取 ${turns} 项，不重复计人。用力为第 ${settings.version} 版相对倍数：${settings.source}。`,
    methodEn: `The gain of a mend is found by the same ruler over the mended ground, home by home, never estimated; it is that of a whole run. Gates: points of the boundaries of facilities that count every ${gateSpacingMeters} m, beside a path, ${gateLeastMeters} m or more from a gate that is there, not where one enters all round; the gates that are there stay. Crossings: pairs of corners on both sides of water, railways or expressways at most ${crossingGreatestMeters} m apart whose way round is ${crossingLeastRatio} times as long at least, one for each place; nobody steps off one. Plots: idle and leftover land that is large enough for the rule, entered where paths meet it or along its open edge. Opening: what would count and is closed or ticketed. Paths: the shortest links of at most ${pathGreatestMeters} m from cut-off parts to the network proper, ${mostJoins} at most. Up to ${most} of a kind are computed, those with the most unserved people about them first; of those on one facility or barrier nearer than ${apartMeters} m only the best is listed, ${listed} in all, beside the ${TOLD_OF_KIND} cheapest and largest of each kind and the best of each blind spot. In turn: among the first ${turnsFrom}, again and again the one with the most gain for its effort over the ground as mended so far, ${turns} times, nobody counted twice. Effort: relative multiples, version ${settings.version}: ${settings.source}.`,
  }
}

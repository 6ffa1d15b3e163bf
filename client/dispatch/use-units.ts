import { computed } from 'vue'
import type { Unit } from '../../server/contract/dispatch.ts'
import { useDirectoryStore } from '../stores/directory.ts'
import { useDispatchRulesStore } from '../stores/dispatch-rules.ts'
import { useResponsibilitiesStore } from '../stores/responsibilities.ts'

/** Units a rule or a duty can name: those of the directory; for a reader without it, those named already. */
export function useUnits() {
  const directory = useDirectoryStore()
  const rules = useDispatchRulesStore()
  const responsibilities = useResponsibilitiesStore()
  return computed<Unit[]>(() => {
    const found = new Map<string, Unit>()
    for (const { id, code, nameZh, nameEn } of directory.units) found.set(code, { id, code, nameZh, nameEn })
    if (found.size === 0) {
      for (const rule of rules.inForce?.rules ?? []) if (!rule.isTargetGone) found.set(rule.target.code, rule.target)
      for (const row of responsibilities.rows) if (!row.isUnitGone) found.set(row.unit.code, row.unit)
    }
    return [...found.values()].sort((a, b) => a.nameZh.localeCompare(b.nameZh, 'zh'))
  })
}

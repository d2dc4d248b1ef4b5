import type { Mesh } from '../../mesh/mesh.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Condition } from '../../status/condition.js'
import type { StatusExplanation } from '../explanation.js'

/** A predicted condition for an explanation; null if istiod writes none. */
export function explainStatus(
  mesh: Mesh,
  condition: Condition | undefined,
  namespace: string,
): StatusExplanation | null {
  if (!condition || !mesh.settings.flag('AMBIENT_ENABLE_STATUS')) return null
  const { type, status, reason, message } = condition
  return {
    type,
    status,
    reason,
    message: isUnnamed(namespace) ? message.replaceAll(`${namespace}/`, '') : message,
  }
}

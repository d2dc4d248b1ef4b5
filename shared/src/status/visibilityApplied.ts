import { query } from '../mesh/mesh.js'
import { visibilityConfig, visibilityOf } from '../mesh/serviceEntryVisibility.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { Condition } from './condition.js'

/**
 * `istio.io/VisibilityApplied` (docs/semantics.md §2.9, `model/service.go` GetConditions); undefined where
 * `serviceEntryVisibility` is not set, and for a ServiceEntry that istiod does not configure.
 */
export const visibilityApplied = query(
  'VisibilityApplied',
  (mesh, { namespace }: ServiceEntry): Condition | undefined => {
    const visibility = mesh.get(visibilityOf, namespace)
    if (!visibilityConfig(mesh) || visibility === 'NONE') return undefined
    return { type: 'istio.io/VisibilityApplied', status: 'True', ...TEXTS[visibility] }
  },
)

const TEXTS = {
  PUBLIC: {
    reason: 'Public',
    message: 'ServiceEntry is visible to the entire mesh (PUBLIC).',
  },
  NAMESPACE: {
    reason: 'Namespace',
    message:
      'ServiceEntry is visible only within its own namespace (NAMESPACE), per mesh serviceEntryVisibility.',
  },
} as const

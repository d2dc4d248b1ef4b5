import { keys } from '../inventory/indexKeys.js'
import type { Namespace } from '../resources/namespace.js'
import type { Labels } from '../resources/resource.js'
import { DATAPLANE_MODE } from '../vocabulary/labels.js'
import { fromEvidence, fromNeighbours, fromSetting } from './assumedEnrolment.js'
import { CERTAIN, type Evidence } from './certainty.js'
import { enrolmentByLabels, NOT_KNOWN, type Enrolment } from './enrolmentByLabels.js'
import { query, type Mesh } from './mesh.js'
import { enrolsElsewhere, namespaceObject } from './namespaces.js'

/**
 * The enrolment of the pods of a namespace that have no label of their own (docs/semantics.md §1,
 * docs/knowledge.md §3).
 */
export const namespaceEnrolment = query(
  'namespace enrolment',
  (mesh, namespace: string): Enrolment => {
    const object = mesh.get(namespaceObject, namespace)
    const labelled = object ? enrolmentByLabels(object) : fromDefinitions(mesh, namespace)
    if (labelled?.mode === 'ambient' && mesh.settings.cniExcludeNamespaces.includes(namespace))
      return leftOutByCni(labelled)
    if (labelled) return labelled
    const evidence = object ? [hasNoLabel(object)] : []
    if ((mesh.world === 'closed' || object) && mesh.get(enrolsElsewhere, '')) {
      const found = mesh.world === 'closed' ? undefined : fromEvidence(mesh, namespace)
      return found ?? { ...NOT_KNOWN, evidence }
    }
    if (mesh.world === 'closed') return { mode: 'none', certainty: CERTAIN, evidence }
    if (object && labelsOthers(mesh)) return { mode: 'none', certainty: CERTAIN, evidence }
    return (
      fromEvidence(mesh, namespace) ??
      fromNeighbours(mesh, namespace) ??
      fromSetting(mesh, namespace)
    )
  },
)

/** The CNI captures no pod of a namespace that it excludes, with any label. */
function leftOutByCni({ evidence }: Enrolment): Enrolment {
  return {
    mode: 'none',
    certainty: CERTAIN,
    evidence: evidence.map(({ resource, path }) => ({
      resource,
      path,
      message: `The CNI leaves out namespace "${resource.name}".`,
    })),
  }
}

/** What several definitions of a Namespace agree on, which differ in other labels. */
function fromDefinitions(mesh: Mesh, namespace: string): Enrolment | undefined {
  const each = mesh.at('Namespace', keys.named('Namespace', '', namespace)).map(enrolmentByLabels)
  const [first] = each
  return each.every((other) => other?.mode === first?.mode) ? first : undefined
}

/**
 * The labels of a namespace. Undefined where they are unknown: no Namespace object shows them, or
 * another tool seems to label namespaces (docs/knowledge.md §3).
 */
export const namespaceLabels = query(
  'namespace labels',
  (mesh, namespace: string): Labels | undefined => {
    const object = mesh.get(namespaceObject, namespace)
    if (mesh.world === 'closed') return object?.labels ?? {}
    return object && mesh.get(namespaceEnrolment, namespace).certainty.level === 'certain'
      ? (object.labels ?? {})
      : undefined
  },
)

/** Whether the files enrol namespaces by labels, so that a missing label has a meaning. */
function labelsOthers(mesh: Mesh): boolean {
  return (
    mesh.userSettings.assumeAmbient !== 'all' &&
    mesh.all('Namespace').some((other) => enrolmentByLabels(other) !== undefined)
  )
}

function hasNoLabel(namespace: Namespace): Evidence {
  return {
    resource: namespace,
    path: ['metadata', 'name'],
    message: `Namespace "${namespace.name}" has no ${DATAPLANE_MODE} label.`,
  }
}

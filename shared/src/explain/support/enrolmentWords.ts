import type { Workload } from '../../inventory/workloads.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import type { Enrolment } from '../../mesh/enrolmentByLabels.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { EnforcedBy, EnrolmentExplanation } from '../explanation.js'
import { undescribed, type Notes } from './notes.js'

export function explainEnrolment(
  mesh: Mesh,
  workload: Workload,
  notes: Notes,
): EnrolmentExplanation {
  const enrolment = mesh.get(enrolmentOf, workload)
  if (workload.type !== 'WorkloadEntry' || enrolment.mode !== 'unknown')
    return inWords(mesh, enrolment, workload.namespace, notes)
  const why = 'it accepts HBONE, but the files do not show the proxy of its machine'
  notes.missing(`enrolment unknown: ${why}`)
  return { mode: enrolment.mode, why }
}

export function explainNamespaceEnrolment(
  mesh: Mesh,
  namespace: string,
  notes: Notes,
): EnrolmentExplanation {
  return inWords(mesh, mesh.get(namespaceEnrolment, namespace), namespace, notes)
}

function inWords(
  mesh: Mesh,
  { mode, certainty, evidence }: Enrolment,
  namespace: string,
  notes: Notes,
): EnrolmentExplanation {
  notes.take(certainty)
  const fact = evidence[0] && clauseOf(evidence[0].message)
  if (certainty.level === 'assumed') return { mode, why: `assumed: ${certainty.assumption}` }
  if (mode !== 'unknown') return { mode, why: fact ?? 'no label enrols it' }
  const why =
    fact === undefined ? undescribed(mesh, namespace) : `${fact}, which another tool fills in`
  notes.missing(`enrolment unknown: ${why}`)
  return { mode, why }
}

/** A sentence as a clause: without full stop, with a small first letter. */
function clauseOf(fact: string): string {
  return fact.replace(/\.$/, '').replace(/^(The|A) /, (word) => word.toLowerCase())
}

/** The proxy that enforces policies at a pod. */
export function enforcerOf(mode: EnrolmentExplanation['mode']): EnforcedBy {
  switch (mode) {
    case 'ambient':
      return 'destination ztunnel'
    case 'sidecar':
      return 'sidecar'
    case 'none':
      return 'nobody'
    case 'unknown':
      return 'unknown'
  }
}

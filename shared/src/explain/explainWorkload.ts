import type { Workload } from '../inventory/workloads.js'
import { podLabels, serviceAccountOf } from '../mesh/enrolment.js'
import type { Mesh } from '../mesh/mesh.js'
import type { SubjectExplanation } from './explanation.js'
import { explainEnrolment } from './support/enrolmentWords.js'
import { policiesAtWorkload, union } from './support/inForce.js'
import { mutualTlsOf, mutualTlsTitle } from './support/mutualTls.js'
import { countPolicies, Notes, sentence, shownName, shownNamespace } from './support/notes.js'
import { waysTo, type Way } from './support/paths.js'
import { principal } from './support/waypointWords.js'

/** Whether a workload's pods are in the mesh, through which waypoint they are reached, and every policy in force there. */
export function explainWorkload(mesh: Mesh, workload: Workload): SubjectExplanation {
  const notes = new Notes()
  const enrolment = explainEnrolment(mesh, workload, notes)
  const ways =
    enrolment.mode === 'sidecar' || enrolment.mode === 'none' ? [] : waysTo(mesh, workload, notes)
  const policies = union([policiesAtWorkload(mesh, workload, notes)])
  const mutualTls = mutualTlsOf(mesh, workload, notes)
  const services = ways.flatMap((way) => way.services.map(shownName))
  const identity = principal(mesh, workload.namespace, serviceAccountOf(workload), notes)
  return {
    kind: workload.type,
    namespace: shownNamespace(workload.namespace),
    name: workload.name,
    summary: [
      countPolicies(policies),
      enrolment.mode === 'unknown'
        ? 'enrolment unknown'
        : (mutualTlsTitle(mutualTls) ?? 'not in the mesh'),
    ].join(' · '),
    enrolment,
    waypoint: ways[0]?.waypoint ?? null,
    members: services.length > 0 ? { label: 'Services', names: services } : null,
    mutualTls,
    policies,
    status: null,
    facts: [`runs as ${identity}`, ...ways.slice(1).map(otherWay), ...pitfalls(workload)].map(
      sentence,
    ),
    ...notes.result(),
  }
}

function otherWay({ waypoint, services }: Way): string {
  const through =
    waypoint.status === 'bound'
      ? `through waypoint ${waypoint.name ?? ''}`
      : waypoint.status === 'unknown'
        ? 'in a way that is not known'
        : 'without a waypoint'
  return services.length > 0
    ? `Services ${services.map(shownName).join(', ')} reach it ${through}`
    : `its own address is reached ${through}`
}

function pitfalls(workload: Workload): string[] {
  return podLabels(workload) === undefined && workload.type === 'Pod'
    ? [
        'a pod without any label gets every policy with a selector of its namespace and of the root namespace',
      ]
    : []
}

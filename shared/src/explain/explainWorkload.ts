import type { Workload } from '../inventory/workloads.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { bypassesInboundCapture, podLabels, serviceAccountOf } from '../mesh/pods.js'
import type { Mesh } from '../mesh/mesh.js'
import { BYPASS_INBOUND_CAPTURE } from '../vocabulary/annotations.js'
import type { SubjectExplanation } from './explanation.js'
import { explainEnrolment } from './support/enrolmentWords.js'
import { policiesAtWorkload, mergePolicies } from './support/appliedPolicies.js'
import { mutualTlsOf, mutualTlsTitle } from './support/mutualTls.js'
import { countPolicies, Notes, sentence, shownName, shownNamespace } from './support/notes.js'
import { pathsTo, type TrafficPath } from './support/paths.js'
import { principal } from './support/waypointWords.js'

/** Whether the pods of a workload are in the mesh, which waypoint their traffic uses, and all policies that apply. */
export function explainWorkload(mesh: Mesh, workload: Workload): SubjectExplanation {
  const notes = new Notes()
  const enrolment = explainEnrolment(mesh, workload, notes)
  const paths =
    enrolment.mode === 'sidecar' || enrolment.mode === 'none' ? [] : pathsTo(mesh, workload, notes)
  const policies = mergePolicies([policiesAtWorkload(mesh, workload, notes)])
  const mutualTls = mutualTlsOf(mesh, workload, notes)
  const services = paths.flatMap((path) => path.services.map(shownName))
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
    waypoint: paths[0]?.waypoint ?? null,
    members: services.length > 0 ? { label: 'Services', names: services } : null,
    mutualTls,
    policies,
    status: null,
    facts: [
      `runs as ${identity}`,
      ...paths.slice(1).map(pathFact),
      ...pitfalls(mesh, workload),
    ].map(sentence),
    ...notes.result(),
  }
}

function pathFact({ waypoint, services }: TrafficPath): string {
  const through =
    waypoint.status === 'bound'
      ? `through waypoint ${waypoint.name ?? ''}`
      : waypoint.status === 'unknown'
        ? 'through a waypoint or directly (not known which)'
        : 'directly, without a waypoint'
  return services.length > 0
    ? `traffic to Services ${services.map(shownName).join(', ')} reaches it ${through}`
    : `traffic to its own address reaches it ${through}`
}

function pitfalls(mesh: Mesh, workload: Workload): string[] {
  const isCaptured = mesh.get(enrolmentOf, workload).mode === 'ambient'
  return [
    ...(isCaptured && bypassesInboundCapture(workload)
      ? [`plaintext bypasses ztunnel and its policies, because of ${BYPASS_INBOUND_CAPTURE}`]
      : []),
    ...(podLabels(workload) === undefined && workload.type === 'Pod'
      ? [
          'a pod without labels gets every policy with a selector in its namespace and in the root namespace',
        ]
      : []),
  ]
}

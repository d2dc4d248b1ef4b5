import type { Mesh } from '../mesh/mesh.js'
import { isRejected } from '../resources/rejected.js'
import { explainRejectedSubject } from './rejectedObject.js'
import { targetPortOf, workloadsOfService } from '../mesh/services.js'
import { waypointOfService } from '../mesh/waypoints.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { whyUncaptured } from '../mesh/hostAddress.js'
import { waypointMissing } from '../status/waypointMissing.js'
import { waypointBound } from '../status/waypointBound.js'
import type { Workload } from '../inventory/workloads.js'
import type { EnrolmentExplanation, PortMutualTls, SubjectExplanation } from './explanation.js'
import { explainEnrolment } from './support/enrolmentWords.js'
import {
  mergePolicies,
  policiesAtPods,
  policiesForService,
  requiredTokenFacts,
} from './support/appliedPolicies.js'
import { mutualTlsOf, mutualTlsTitle } from './support/mutualTls.js'
import { countPolicies, Notes, sentence, shownName, shownNamespace } from './support/notes.js'
import { connectionFacts, whyReset } from './support/serviceEntryFacts.js'
import { explainStatus } from './support/statusWords.js'
import { explainWaypoint } from './support/waypointWords.js'
import { canaryOfService, shareOfCanary } from '../mesh/canary.js'

/** How clients in the mesh reach a Service or the hosts of a ServiceEntry, and all policies on the path. */
export function explainService(mesh: Mesh, service: Service | ServiceEntry): SubjectExplanation {
  if (service.type === 'ServiceEntry' && isRejected(service)) return explainRejectedSubject(service)
  const notes = new Notes()
  const binding = mesh.get(waypointOfService, service)
  const waypoint = explainWaypoint(mesh, binding, service, notes)
  const workloads = mesh.get(workloadsOfService, service)
  const atWorkloads = mergePolicies(
    workloads.map((workload) => policiesAtPods(mesh, workload, notes).own),
  )
  const canary = canaryOfService(mesh, service)
  const share = shareOfCanary(mesh, service)
  const uncaptured = binding.status === 'bound' ? whyUncaptured(mesh, service) : undefined
  if (uncaptured) notes.take(uncaptured.certainty)
  const atWaypoint = policiesForService(mesh, service, {
    bypassed:
      uncaptured?.why ?? (service.type === 'ServiceEntry' ? whyReset(mesh, service) : undefined),
    gateways: [
      ...(binding.status === 'bound' && share < 100 ? [binding.gateway] : []),
      ...(canary ? [canary] : []),
    ],
    unknown: binding.status === 'unknown',
  })
  const policies = [...atWaypoint, ...atWorkloads]
  const mutualTls = sharedMutualTls(workloads.map((workload) => mutualTlsOf(mesh, workload, notes)))
  if (workloads.length === 0 && service.type === 'Service' && mesh.world === 'open')
    notes.missing('workloads unknown: the workspace has none with the labels of its selector')
  return {
    kind: service.type,
    namespace: shownNamespace(service.namespace),
    name: service.name,
    summary: [countPolicies(policies), mutualTlsTitle(mutualTls)]
      .filter((part) => part !== undefined)
      .join(' · '),
    enrolment: enrolmentOfAll(mesh, workloads, notes),
    waypoint,
    members:
      workloads.length > 0
        ? {
            label: 'Workloads',
            names: workloads.map((workload) => `${workload.type} ${shownName(workload)}`),
          }
        : null,
    mutualTls,
    policies,
    status:
      waypoint.status === 'unknown'
        ? null
        : explainStatus(
            mesh,
            mesh.get(waypointBound, service) ??
              (service.type === 'ServiceEntry' ? mesh.get(waypointMissing, service) : undefined),
            service.namespace,
          ),
    facts: [
      ...portFacts(service, workloads),
      ...(canary
        ? [`${share} % of the connections take the canary waypoint ${shownName(canary)}`]
        : []),
      ...(binding.status === 'bound'
        ? requiredTokenFacts(mesh, { gateway: binding.gateway, service })
        : []),
      ...headlessFact(service),
      ...(service.type === 'ServiceEntry'
        ? connectionFacts(mesh, service, binding.status === 'bound')
        : []),
    ].map(sentence),
    ...notes.result(),
  }
}

function enrolmentOfAll(
  mesh: Mesh,
  workloads: readonly Workload[],
  notes: Notes,
): EnrolmentExplanation | null {
  const all = workloads.map((workload) => explainEnrolment(mesh, workload, notes))
  const [first] = all
  if (!first) return null
  if (all.every(({ mode }) => mode === first.mode)) return first
  const modes = [...new Set(all.map(({ mode }) => mode))].map(
    (mode) => `${String(all.filter((one) => one.mode === mode).length)} ${mode}`,
  )
  return { mode: 'unknown', why: `its workloads differ: ${modes.join(', ')}` }
}

/** The ports of all workloads, each mode once. */
function sharedMutualTls(lists: readonly PortMutualTls[][]): PortMutualTls[] {
  const entries = new Map<string, PortMutualTls>()
  for (const entry of lists.flat()) entries.set([entry.port, entry.mode].join(' '), entry)
  return [...entries.values()].sort((a, b) => (a.port ?? -1) - (b.port ?? -1))
}

function portFacts(service: Service | ServiceEntry, workloads: readonly Workload[]): string[] {
  if (service.type !== 'Service') return [`hosts: ${service.hosts.join(', ')}`]
  return service.ports.flatMap(({ port, targetPort }) => {
    const reached = [
      ...new Set(workloads.flatMap((workload) => targetPortOf(workload, targetPort) ?? [])),
    ]
    const [only] = reached
    if (only === undefined || reached.length > 1 || only === port) return []
    return [
      `port ${port} is container port ${only}: ztunnel and PeerAuthentication see ${only}, a waypoint sees ${port}`,
    ]
  })
}

function headlessFact(service: Service | ServiceEntry): string[] {
  return service.type === 'Service' && service.headless
    ? ['it is headless: its traffic goes directly to the pods and bypasses the service waypoint']
    : []
}

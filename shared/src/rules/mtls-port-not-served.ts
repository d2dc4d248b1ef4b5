import type { Workload } from '../inventory/workloads.js'
import { describedForWorkloads } from '../mesh/described.js'
import type { Mesh } from '../mesh/mesh.js'
import { servicesOfWorkload, targetPortOf } from '../mesh/services.js'
import type { PeerAuthentication } from '../resources/peerAuthentication.js'
import type { WorkloadController } from '../resources/workload.js'
import type { Service } from '../resources/service.js'
import type { Fix } from './fix.js'
import { choices } from './fixes/choices.js'
import { defineRule } from './rule.js'
import { nameWorkloads } from './support/coverage.js'
import { AMBIENT_SHOP } from './support/examples.js'
import { levelOf, peerCoverageOf } from './support/peerCoverage.js'
import { fitting, quoted } from './support/words.js'

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: api
  ports:
    - name: http
      port: 80
      targetPort: 8080
---
`
const peer = (port: number): string => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: STRICT
  portLevelMtls:
    ${String(port)}:
      mode: PERMISSIVE
`

export const mtlsPortNotServed = defineRule({
  name: 'mtls-port-not-served',
  level: 'warning',
  subjects: ['PeerAuthentication'],
  reads: ['AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'MeshConfig', 'Namespace', 'Other', 'Service', 'Workload', 'opaque'],
  docs: {
    summary: 'A port-level mode names a port that no selected container has.',
    why: 'The keys of `portLevelMtls` are ports of the **container**, not of the Service: ztunnel compares them with the port that the pod is dialled on. A mode for the Service port applies to nothing, and the container port keeps the mode of the workload.',
    bad: `${AMBIENT_SHOP}${SERVICE}${peer(80)}`,
    good: `${AMBIENT_SHOP}${SERVICE}${peer(8080)}`,
    fix: 'Name the container port: the `targetPort` of the Service.',
    references: ['istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertPeerAuthentication)', 'istio/api security/v1beta1/peer_authentication.proto (port_level_mtls)'],
  },
  check(policy, { mesh, report }) {
    if (policy.portLevelMtls.size === 0 || levelOf(mesh, policy) !== 'workload' || !mesh.get(describedForWorkloads, policy.namespace)) return
    const coverage = mesh.get(peerCoverageOf, policy)
    const pods = coverage ? coverage.workloads.filter((workload): workload is WorkloadController => workload.type !== 'WorkloadEntry') : []
    if (!coverage || pods.length === 0 || !pods.every(tellsItsPorts)) return
    for (const port of policy.portLevelMtls.keys()) {
      if (pods.some((pod) => serves(mesh, pod, port))) continue
      const confused = serviceWithPort(mesh, pods, port)
      const where = nameWorkloads(pods)
      report({
        message: confused
          ? fitting(`${String(port)} is the port of Service ${quoted(confused.service.name)}, not of a container: this mode applies to nothing at ${where}.`, `${String(port)} is the port of a Service, not of a container: this mode applies to nothing.`)
          : fitting(`No container of ${where} has port ${String(port)}: this mode applies to nothing.`),
        path: ['spec', 'portLevelMtls', String(port)],
        on: 'key',
        certainties: [coverage.certainty],
        related: [
          ...(confused ? [{ resource: confused.service, path: ['spec', 'ports'], message: `The Service maps port ${String(port)} to container port ${String(confused.containerPort)}.` }] : []),
          ...pods.slice(0, 3).map((pod) => ({ resource: pod, path: [...pod.templatePath, 'spec', 'containers'], message: `The containers of ${quoted(pod.name)} have ${portsIn(pod)}.` })),
          ...coverage.evidence,
        ],
        fixes: choices(confused && useContainerPort(policy, port, confused.containerPort)),
      })
    }
  },
})

/** A container need not declare what it listens on; where each declares something, the list is taken to be whole. */
function tellsItsPorts({ template: { ports }, placeholders, templatePath }: WorkloadController): boolean {
  return ports.length > 0 && ports.every(({ containerPort }) => containerPort > 0) && !placeholders.some((path) => path.length > templatePath.length && path.includes('ports'))
}

/** Whether anything says that the pod listens on a port: its containers, its probes, a scrape annotation, a Service. */
function serves(mesh: Mesh, pod: WorkloadController, port: number): boolean {
  const { ports, probes, annotations } = pod.template
  if (ports.some(({ containerPort }) => containerPort === port) || probes.some((probe) => probe.port === port)) return true
  if (annotations?.['prometheus.io/port'] === String(port)) return true
  return mesh.get(servicesOfWorkload, pod).some((service) => service.ports.some(({ targetPort }) => targetPortOf(pod, targetPort) === port))
}

function serviceWithPort(mesh: Mesh, pods: readonly Workload[], port: number): { readonly service: Service; readonly containerPort: number } | undefined {
  const found = pods.flatMap((pod) => mesh.get(servicesOfWorkload, pod).flatMap((service) => service.ports.filter((candidate) => candidate.port === port).flatMap(({ targetPort }) => {
    const containerPort = targetPortOf(pod, targetPort)
    return containerPort === undefined ? [] : [{ service, containerPort }]
  })))
  return new Set(found.map(({ containerPort }) => containerPort)).size === 1 ? found[0] : undefined
}

function portsIn({ template }: WorkloadController): string {
  return template.ports.map(({ containerPort }) => String(containerPort)).join(', ')
}

function useContainerPort(policy: PeerAuthentication, port: number, containerPort: number): Fix | undefined {
  if (policy.portLevelMtls.has(containerPort)) return undefined
  // Only a STRICT that begins to hold cannot admit what was refused.
  return { title: `Change to container port ${String(containerPort)}`, preferred: true, safe: policy.portLevelMtls.get(port) === 'STRICT', edits: [{ op: 'rename', resource: policy, path: ['spec', 'portLevelMtls', String(port)], to: String(containerPort) }] }
}

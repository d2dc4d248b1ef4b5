import type { Evidence } from '../mesh/certainty.js'
import { namespaceEnrolment, namespaceObject } from '../mesh/enrolment.js'
import type { Mesh } from '../mesh/mesh.js'
import { USE_WAYPOINT, waypointFor, waypointOfService, type WaypointBinding } from '../mesh/waypoints.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { bindService } from './fixes/bindService.js'
import { choices, createWaypoint } from './fixes/index.js'
import { defineRule } from './rule.js'
import { quoted } from './support/words.js'
import { COMPANION, SHOP } from './support/examples.js'
import { shownName } from './waypointSupport/names.js'

const allowGet = (refs: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
${refs}  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`
const API = '    - kind: Service\n      group: ""\n      name: api\n'
const PAYMENTS = '    - kind: ServiceEntry\n      group: networking.istio.io\n      name: payments\n'

export const targetNotBound = defineRule({
  name: 'target-not-bound',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'GatewayClass', 'MeshConfig', 'Namespace', 'PeerAuthentication', 'Service', 'ServiceEntry', 'Workload', 'opaque',
  ],
  docs: {
    summary: 'A policy targets a Service that has no waypoint, so nothing enforces it.',
    why: `A policy with \`targetRefs\` is never sent to ztunnel; only a waypoint enforces it, and this Service is bound to none. The status says \`AncestorNotBound\`, and the traffic flows as if there were no policy.`,
    bad: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: v1
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
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts: ["payments.example"]
  ports:
    - number: 443
      name: tls
      protocol: TLS
  resolution: DNS
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      allowedRoutes:
        namespaces:
          from: All
---
${allowGet(API + PAYMENTS)}`,
    good: `${SHOP}---
${COMPANION}---
${allowGet(API)}`,
    fix: 'Create a waypoint and enrol the namespace or the Service with `istio.io/use-waypoint`.',
    references: ['istio/istio pilot/pkg/serviceregistry/ambient/policies.go:38-159', 'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:420-424'],
  },
  check(policy, { mesh, report }) {
    if (mesh.get(namespaceEnrolment, policy.namespace).certainty.level !== 'certain') return
    for (const ref of policy.targetRefs) {
      if (isPlaceholder(ref.name) || (ref.namespace ?? policy.namespace) !== policy.namespace) continue
      const target = targetOf(mesh, policy.namespace, ref)
      const binding = target && mesh.get(waypointOfService, target)
      if (!target || !isUnbound(mesh, binding)) continue
      report({
        message: `${target.type} ${quoted(target.name)} is not bound to a waypoint: this policy is enforced nowhere for it.`,
        path: [...ref.path, 'name'],
        certainties: [binding.certainty],
        related: evidenceOf(mesh, target, binding),
        fixes: () => choices(bindService(mesh, target), target.labels?.[USE_WAYPOINT] === undefined ? createWaypoint(mesh, target.namespace) : undefined),
      })
    }
  },
})

function targetOf(mesh: Mesh, namespace: string, { kind, group, name }: PolicyTargetReference): Service | ServiceEntry | undefined {
  if (kind === 'Service' && group === '') {
    const service = mesh.named('Service', namespace, name)
    return service?.serviceType === 'ExternalName' ? undefined : service
  }
  return kind === 'ServiceEntry' && group === 'networking.istio.io' ? mesh.named('ServiceEntry', namespace, name) : undefined
}

type Unbound = Extract<WaypointBinding, { status: 'none' | 'error' }>

/** A waypoint for workloads alone is a finding of its own: what is wrong there is the waypoint. */
function isUnbound(mesh: Mesh, binding: WaypointBinding | undefined): binding is Unbound {
  if (binding?.status === 'none') return true
  if (binding?.status !== 'error') return false
  return !(binding.reason === 'UnsupportedTrafficType' && binding.gateway && mesh.get(waypointFor, binding.gateway) === 'workload')
}

function evidenceOf(mesh: Mesh, target: Service | ServiceEntry, binding: Unbound): Evidence[] {
  const found = [{ resource: target, path: ['metadata', 'name'], message: `The ${target.type} "${target.name}".` }]
  if (binding.status === 'error') return [...found, { resource: binding.choice.resource, path: binding.choice.path, message: `It chooses waypoint "${shownName(binding.choice)}", which it cannot use (${binding.reason}).` }]
  const namespace = mesh.get(namespaceObject, target.namespace)
  return [...found, ...(namespace ? [{ resource: namespace, path: ['metadata', 'labels'], message: `Namespace "${namespace.name}" chooses no waypoint for it.` }] : [])]
}

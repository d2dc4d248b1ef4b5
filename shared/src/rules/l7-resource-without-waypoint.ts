import type { Mesh } from '../mesh/mesh.js'
import { USE_WAYPOINT } from '../mesh/waypoints.js'
import { changesLabels } from '../resources/otherObject.js'
import type { Route } from '../resources/route.js'
import { isEmptyLabels } from '../resources/selector.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { VirtualService } from '../resources/virtualService.js'
import type { FieldPath } from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { attachToWaypoint } from './fixes/attachToWaypoint.js'
import { bindService } from './fixes/bindService.js'
import { choices, createWaypoint } from './fixes/index.js'
import { defineRule, type Report } from './rule.js'
import { eachWorkload, nameWorkloads } from './support/coverage.js'
import { fitting, quoted } from './support/words.js'
import { SHOP } from './support/examples.js'
import { serviceOfHost } from './waypointSupport/ingressRoutes.js'
import { lostOn, unserved, type Extension } from './waypointSupport/l7Resource.js'

const authentication = (attachment: string): string => `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: login
  namespace: shop
spec:
${attachment}
  jwtRules:
    - issuer: https://login.example
`
const retry = (label: string): string => `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  labels:
    ${label}
spec:
  selector:
    app: web
  ports:
    - name: http
      port: 80
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
  namespace: shop
spec:
  parentRefs:
    - kind: Service
      group: ""
      name: web
  rules:
    - backendRefs:
        - name: web
          port: 80
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
  labels:
    ${label}
spec:
  hosts: ["payments.example"]
  ports:
    - number: 80
      name: http
      protocol: HTTP
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: payments
  namespace: shop
spec:
  hosts: ["payments.example"]
  http:
    - timeout: 2s
      route:
        - destination:
            host: payments.example
`
const SELECTOR = '  selector:\n    matchLabels:\n      app: api'
const TARGET = '  targetRefs:\n    - kind: Service\n      group: ""\n      name: api'

export const l7ResourceWithoutWaypoint = defineRule({
  name: 'l7-resource-without-waypoint',
  level: 'warning',
  subjects: ['GRPCRoute', 'HTTPRoute', 'RequestAuthentication', 'Telemetry', 'VirtualService', 'WasmPlugin'],
  reads: ['AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'GatewayClass', 'MeshConfig', 'Namespace', 'Other', 'PeerAuthentication', 'Service', 'ServiceEntry', 'Workload', 'opaque'],
  docs: {
    summary: 'What only a waypoint can do is asked of ztunnel, which ignores it.',
    why: `ztunnel handles connections. Tokens, routes, retries, WebAssembly and request telemetry are for a proxy of layer 7: in ambient mode the waypoint. A RequestAuthentication or WasmPlugin reaches a waypoint by \`targetRefs\` alone, never by a selector or because it is in the namespace; a Telemetry does so by \`targetRefs\` or for a whole namespace. An HTTPRoute or GRPCRoute whose parent is a Service, and a VirtualService of the mesh, have an effect on ambient clients only where the Service has a waypoint.

What is meant for gateways or sidecars is not judged.`,
    bad: `${SHOP}---\n${authentication(SELECTOR)}---\n${retry('istio.io/use-waypoint: none')}`,
    good: `${SHOP}---\n${authentication(TARGET)}---\n${retry('istio.io/use-waypoint: waypoint')}`,
    fix: 'Attach it to the waypoint, or to a Service behind it, with `targetRefs`. Where there is no waypoint, create one.',
    references: [
      'istio/istio pilot/pkg/model/policyattachment.go:123-201',
      'istio/istio pilot/pkg/model/telemetry.go (applicableTelemetries)',
      'https://istio.io/latest/docs/ambient/usage/l7-features/',
    ],
  },
  check(resource, { mesh, report }) {
    const reports = resource.type === 'VirtualService' ? hostReports(mesh, resource) : 'parentRefs' in resource ? parentReports(mesh, resource) : extensionReports(mesh, resource)
    for (const found of reports) report(found)
  },
})

function extensionReports(mesh: Mesh, extension: Extension): Report[] {
  if (extension.targetRefs.length === 0) return selectingReport(mesh, extension)
  return extension.targetRefs.flatMap(({ kind, group, name, namespace, path }) => {
    if ((namespace ?? extension.namespace) !== extension.namespace) return []
    const target = kind === 'Service' && group === '' ? mesh.named(kind, extension.namespace, name) : kind === 'ServiceEntry' && group === 'networking.istio.io' ? mesh.named(kind, extension.namespace, name) : undefined
    return targetReport(mesh, target, { what: extension.type, path: [...path, 'name'] })
  })
}

/** One without targetRefs, which waypoints pass over. */
function selectingReport(mesh: Mesh, extension: Extension): Report[] {
  const coverage = lostOn(mesh, extension)
  if (!coverage) return []
  const selects = !isEmptyLabels(extension.selector?.matchLabels)
  const reason = extension.type === 'Telemetry' && !selects ? 'There is no waypoint for it' : `Waypoints take a ${extension.type} ${selects && extension.type === 'Telemetry' ? 'by no selector' : 'only by targetRefs'}`
  return [{
    message: fitting(`${reason}: this one has no effect on ${nameWorkloads(coverage.workloads)} in ambient.`, `${reason}: this one has no effect in ambient.`),
    path: extension.selector ? ['spec', 'selector'] : ['metadata', 'name'],
    on: extension.selector ? 'key' : 'value',
    certainties: [coverage.certainty],
    related: [...coverage.evidence, ...eachWorkload(coverage.workloads, 'it is in ambient.')],
    fixes: () => choices(attachToWaypoint(mesh, extension)),
  }]
}

/** Only a route of the Service's own namespace is for all its clients. */
function parentReports(mesh: Mesh, route: Route): Report[] {
  return route.parentRefs.flatMap(({ kind, group, namespace, name, path }) => {
    const service = kind === 'Service' && group === '' && (namespace ?? route.namespace) === route.namespace ? mesh.named('Service', route.namespace, name) : undefined
    return targetReport(mesh, service, { what: route.type, path: [...path, 'name'] })
  })
}

/** A VirtualService that names a gateway has an effect there. */
function hostReports(mesh: Mesh, { gateways, hosts, isHttp, namespace }: VirtualService): Report[] {
  if (!isHttp || gateways.some((gateway) => gateway !== 'mesh')) return []
  return hosts.flatMap((host, index) => {
    const target = serviceOfHost(mesh, namespace, host) ?? mesh.inNamespace('ServiceEntry', namespace).find((entry) => entry.hosts.includes(host))
    return targetReport(mesh, target, { what: 'VirtualService', path: ['spec', 'hosts', index] })
  })
}

function targetReport(mesh: Mesh, target: Service | ServiceEntry | undefined, { what, path }: { readonly what: string; readonly path: FieldPath }): Report[] {
  const found = target && !isPlaceholder(target.name) ? unserved(mesh, target) : undefined
  if (!target || !found || mesh.all('Other').some(changesLabels)) return []
  return [{
    message: fitting(`${target.type} ${quoted(target.name)} has no waypoint: this ${what} has no effect on its traffic in ambient.`, `${target.type} ${quoted(target.name)} has no waypoint: this has no effect in ambient.`),
    path,
    certainties: [found.certainty],
    related: found.evidence,
    fixes: () => choices(bindService(mesh, target), target.labels?.[USE_WAYPOINT] === undefined ? createWaypoint(mesh, target.namespace) : undefined),
  }]
}

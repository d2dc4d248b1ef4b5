import { whyUncaptured } from '../../mesh/hostAddress.js'
import { mayBeFilled } from '../../mesh/described.js'
import type { Mesh } from '../../mesh/mesh.js'
import { visibilityOf } from '../../mesh/serviceEntryVisibility.js'
import { servicesOfWaypoint, waypointOfService } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { ISTIO_NETWORKING } from '../../vocabulary/kinds.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import type { Fix } from '../fix.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'
import { defineRule } from '../rule.js'
import { isEnvoyWaypoint } from '../support/protectedTraffic.js'
import { shownName } from '../support/resourceNames.js'
import { firstThatFits, quoted } from '../support/words.js'
import { capturedNamespaces } from './clients.js'

export const egressOpenToMesh = defineRule({
  name: 'egress-open-to-mesh',
  level: 'information',
  subjects: ['Gateway'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(gateway, { mesh, report }) {
    if (!isEnvoyWaypoint(mesh, gateway)) return
    const entries = mesh
      .get(servicesOfWaypoint, gateway)
      .filter((service) => service.type === 'ServiceEntry')
      .filter((entry) => isOpenEntry(mesh, entry))
    if (entries.length === 0 || mayHavePolicies(mesh, gateway, entries)) return
    const own = new Set([gateway.namespace, ...entries.map(({ namespace }) => namespace)])
    if (mesh.get(capturedNamespaces, '').every((namespace) => own.has(namespace))) return
    report({
      message: firstThatFits(
        `Every workload of the mesh may use waypoint ${quoted(shownName(gateway))}: allowedRoutes and labels restrict no client.`,
        'Every workload of the mesh may use this waypoint: allowedRoutes and labels restrict no client.',
      ),
      path: ['metadata', 'name'],
      related: entries.slice(0, 3).map((resource) => ({
        resource,
        path: ['metadata', 'name'],
        message: `No AuthorizationPolicy applies to ServiceEntry "${resource.name}".`,
      })),
      fixes: () => allowOwnNamespace(mesh, gateway, entries),
    })
  },
})

/** Whether clients of all namespaces reach a host outside of the mesh through the waypoint. */
function isOpenEntry(mesh: Mesh, entry: ServiceEntry): boolean {
  const binding = mesh.get(waypointOfService, entry)
  return (
    entry.location === 'MESH_EXTERNAL' &&
    binding.status === 'bound' &&
    binding.certainty.level === 'certain' &&
    mesh.get(visibilityOf, entry.namespace) === 'PUBLIC' &&
    whyUncaptured(mesh, entry) === undefined
  )
}

function mayHavePolicies(mesh: Mesh, gateway: Gateway, entries: readonly ServiceEntry[]): boolean {
  return (
    mesh.hasOpaque('AuthorizationPolicy') ||
    [gateway, ...entries].some(({ namespace }) => mayBeFilled(mesh, namespace)) ||
    entries.some((service) => policiesAtWaypoint(mesh, { gateway, service }).length > 0)
  )
}

const MOST_TARGETS = 16

function allowOwnNamespace(mesh: Mesh, gateway: Gateway, entries: readonly ServiceEntry[]): Fix[] {
  const { namespace } = gateway
  if (entries.length > MOST_TARGETS || entries.some((entry) => entry.namespace !== namespace))
    return []
  const name = freePolicyName(mesh, namespace, `allow-${namespace}`)
  const policy = authorizationPolicy(metadataBeside(gateway, name), {
    targetRefs: entries.map((entry) => ({
      group: ISTIO_NETWORKING,
      kind: entry.type,
      name: entry.name,
    })),
    action: 'ALLOW',
    rules: [{ from: [{ source: { namespaces: [namespace] } }] }],
  })
  return [
    {
      title: `Allow only clients of namespace "${namespace}"`,
      activates: 'policy',
      preferred: true,
      safe: false,
      edits: [{ op: 'add', after: gateway, objects: [policy] }],
    },
  ]
}

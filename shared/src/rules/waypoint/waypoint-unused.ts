import { describedForServices, describedForWorkloads } from '../../mesh/described.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { classRole, gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { hboneListener, serves } from '../../mesh/waypointGateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Gateway } from '../../resources/gateway.js'
import { changesLabels } from '../../resources/otherObject.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { createWaypointEdits } from '../fixes/createWaypoint.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isFilledIn } from '../support/filledIn.js'
import { quoted } from '../support/words.js'
import { hasInboundBinding } from './inboundBinding.js'
import { isNamedInPolicies, isNamedInNamespace, namesWaypoint } from './waypointReferences.js'
import { shownName } from '../support/resourceNames.js'
import { METADATA_NAME } from '../../vocabulary/labels.js'

export const waypointUnused = defineRule({
  name: 'waypoint-unused',
  level: 'information',
  subjects: ['Gateway'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
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
    if (
      mesh.get(classRole, gateway.gatewayClassName) !== 'waypoint' ||
      isUnnamed(gateway.namespace)
    )
      return
    const namespaces = allowedNamespaces(mesh, gateway)
    if (
      !namespaces?.every((namespace) => isUnusedIn(mesh, gateway, namespace)) ||
      mayBeUsedElsewhere(mesh, gateway)
    )
      return
    report({
      message: `No namespace, Service or pod uses waypoint ${quoted(shownName(gateway), 63)}.`,
      path: ['metadata', 'name'],
      fixes: () => rankFixes(useForNamespace(mesh, gateway)),
    })
  },
})

/** The namespaces that can use a waypoint. Undefined where they are not all known from the files. */
function allowedNamespaces(mesh: Mesh, gateway: Gateway): readonly string[] | undefined {
  if (isFilledIn(gateway, ['spec', 'listeners']) || hasInboundBinding(mesh, gateway))
    return undefined
  const { from, selector } = hboneListener(gateway)?.allowedRoutes ?? {
    from: 'Same',
    selector: undefined,
  }
  if (from === 'Same') return [gateway.namespace]
  const byName = selector?.matchLabels?.[METADATA_NAME]
  if (byName !== undefined) return [byName]
  const named = selector?.matchExpressions.find(
    ({ key, operator }) => key === METADATA_NAME && operator === 'In',
  )
  return from === 'Selector' ? named?.values : undefined
}

/** Whether the files show every object of a namespace that can use a waypoint, and none does. */
function isUnusedIn(mesh: Mesh, gateway: Gateway, namespace: string): boolean {
  const labels = mesh.get(namespaceObject, namespace)?.labels
  if (
    mesh.get(namespaceEnrolment, namespace).certainty.level !== 'certain' ||
    namesWaypoint(labels, namespace, gateway)
  )
    return false
  const [services, workloads] = [
    serves(mesh, gateway, 'service'),
    serves(mesh, gateway, 'workload'),
  ]
  const described =
    (!services || mesh.get(describedForServices, namespace)) &&
    (!workloads || mesh.get(describedForWorkloads, namespace))
  return (services || workloads) && described && !isNamedInNamespace(mesh, namespace, gateway)
}

/**
 * Whether a template, labels of another tool, or a policy with the waypoint's account point to users outside
 * these files.
 */
function mayBeUsedElsewhere(mesh: Mesh, gateway: Gateway): boolean {
  if (
    ['ServiceEntry', 'WorkloadEntry', 'AuthorizationPolicy'].some((kind) => mesh.hasOpaque(kind)) ||
    mesh.all('Other').some(changesLabels)
  )
    return true
  return mesh.get(
    isNamedInPolicies,
    `${gateway.namespace}/${mesh.get(gatewayServiceAccount, gateway)}`,
  )
}

function useForNamespace(mesh: Mesh, gateway: Gateway): Fix | undefined {
  const edits = createWaypointEdits(mesh, gateway.namespace, { name: gateway.name })
  return (
    edits && {
      title: `Use this waypoint for namespace "${gateway.namespace}"`,
      preferred: true,
      safe: false,
      edits,
    }
  )
}

import { keys } from '../../inventory/indexKeys.js'
import { namespaceLabels } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { waypointOfNamespace, waypointOfService, waypointOfWorkload } from '../../mesh/waypoints.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { allows, hboneListener } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { allowAllNamespaces, allowNamespace } from './allowRoutes.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { isFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'
import { hasInboundBinding } from '../support/inboundBinding.js'
import { useWaypointLabelOf, type WaypointConsumer } from '../support/useWaypointLabel.js'
import { shownName } from '../support/resourceNames.js'
import { METADATA_NAME } from '../../vocabulary/labels.js'

export const waypointAttachmentDenied = defineRule({
  name: 'waypoint-attachment-denied',
  level: 'error',
  subjects: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  reads: ['Gateway', 'GatewayClass', 'MeshConfig', 'Namespace', 'Other', 'opaque'],
  check(subject, { mesh, report }) {
    const object = useWaypointLabelOf(subject)
    const gateway =
      object && !isUnnamed(object.consumerNamespace)
        ? denyingWaypoint(mesh, subject, object.consumerNamespace)
        : undefined
    if (!object || !gateway) return
    const what = subject.type === 'Namespace' ? 'in this namespace' : `for ${quoted(subject.name)}`
    const namespace = quoted(object.consumerNamespace)
    const listener = gateway.listeners.findIndex(
      (candidate) => candidate === hboneListener(gateway),
    )
    const canFix = listener >= 0 && !isFilledIn(gateway, ['spec', 'listeners'])
    report({
      message: firstThatFits(
        `No L7 policy is enforced ${what}: waypoint ${quoted(shownName(gateway), 48)} ` +
          `does not allow namespace ${namespace}.`,
        `No L7 policy is enforced: the waypoint does not allow namespace ${namespace}.`,
      ),
      path: object.path,
      related: [
        {
          resource: gateway,
          path: ['spec', 'listeners', Math.max(listener, 0), 'allowedRoutes'],
          message:
            'allowedRoutes selects the namespaces that can use the waypoint; the default is its own namespace.',
        },
      ],
      fixes: () =>
        canFix
          ? rankFixes(
              allowNamespace(gateway, listener, object.consumerNamespace),
              allowAllNamespaces(gateway, listener),
            )
          : [],
    })
  },
})

/** The waypoint of the label, where every definition of it certainly does not allow the namespace. */
function denyingWaypoint(
  mesh: Mesh,
  subject: WaypointConsumer,
  consumer: string,
): Gateway | undefined {
  const binding = bindingOf(mesh, subject)
  if (binding?.status !== 'error' || binding.reason !== 'AttachmentDenied' || !binding.gateway)
    return undefined
  const { namespace, name } = binding.gateway
  const definitions = mesh.at('Gateway', keys.named('Gateway', namespace, name))
  return definitions.every(
    (gateway) => isWaypoint(mesh, gateway) && certainlyDenies(mesh, gateway, consumer),
  )
    ? binding.gateway
    : undefined
}

function bindingOf(mesh: Mesh, subject: WaypointConsumer): WaypointBinding | undefined {
  if (subject.type === 'Namespace')
    return mesh.get(namespaceObject, subject.name) && mesh.get(waypointOfNamespace, subject.name)
  return subject.type === 'Service' || subject.type === 'ServiceEntry'
    ? mesh.get(waypointOfService, subject)
    : mesh.get(waypointOfWorkload, subject)
}

/** Other Gateways are reported by waypoint-wrong-class. */
function isWaypoint(mesh: Mesh, { gatewayClassName }: Gateway): boolean {
  return ['waypoint', 'unknown'].includes(mesh.get(classRole, gatewayClassName))
}

function certainlyDenies(mesh: Mesh, gateway: Gateway, consumer: string): boolean {
  if (
    isFilledIn(gateway, ['spec', 'listeners']) ||
    hasInboundBinding(mesh, gateway) ||
    allows(mesh, gateway, consumer) !== false
  )
    return false
  const { from, selector } = hboneListener(gateway)?.allowedRoutes ?? {
    from: 'Same',
    selector: undefined,
  }
  if (from !== 'Selector') return true
  // The labels of a namespace are known only where its object shows them.
  const selectedKeys = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ]
  return (
    selectedKeys.every((key) => key === METADATA_NAME) ||
    mesh.get(namespaceLabels, consumer) !== undefined
  )
}

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
import { hasInboundBinding } from './inboundBinding.js'
import { labelledObject, type WaypointConsumer } from '../support/labelledObject.js'
import { shownName } from '../support/resourceNames.js'
import { METADATA_NAME } from '../../vocabulary/labels.js'

export const waypointAttachmentDenied = defineRule({
  name: 'waypoint-attachment-denied',
  level: 'error',
  subjects: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', ...WORKLOAD_KINDS],
  reads: ['Gateway', 'GatewayClass', 'MeshConfig', 'Namespace', 'opaque'],
  check(subject, { mesh, report }) {
    const object = labelledObject(subject)
    const gateway =
      object && !isUnnamed(object.consumer) ? refusing(mesh, subject, object.consumer) : undefined
    if (!object || !gateway) return
    const head = `Waypoint ${quoted(shownName(gateway), 48)} does not admit namespace ${quoted(object.consumer)}`
    const what =
      subject.type === 'Namespace' ? 'nothing in it is' : `${quoted(subject.name)} is not`
    const listener = gateway.listeners.findIndex(
      (candidate) => candidate === hboneListener(gateway),
    )
    const canAdmit = listener >= 0 && !isFilledIn(gateway, ['spec', 'listeners'])
    report({
      message: firstThatFits(
        `${head}: ${what} bound to it, no L7 policy is enforced.`,
        `${head}: no L7 policy is enforced.`,
      ),
      path: object.path,
      related: [
        {
          resource: gateway,
          path: ['spec', 'listeners', Math.max(listener, 0), 'allowedRoutes'],
          message:
            'These are the routes that it admits; without allowedRoutes, those of its own namespace.',
        },
      ],
      fixes: () =>
        canAdmit
          ? rankFixes(
              allowNamespace(gateway, listener, object.consumer),
              allowAllNamespaces(gateway, listener),
            )
          : [],
    })
  },
})

/** The Gateway that surely does not admit what names it, whichever of its definitions holds. */
function refusing(mesh: Mesh, subject: WaypointConsumer, consumer: string): Gateway | undefined {
  const binding = bindingOf(mesh, subject)
  if (binding?.status !== 'error' || binding.reason !== 'AttachmentDenied' || !binding.gateway)
    return undefined
  const { namespace, name } = binding.gateway
  const definitions = mesh.at('Gateway', keys.named('Gateway', namespace, name))
  return definitions.every(
    (gateway) => isWaypoint(mesh, gateway) && surelyDenies(mesh, gateway, consumer),
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

/** What is known to be something else is a finding of its own. */
function isWaypoint(mesh: Mesh, { gatewayClassName }: Gateway): boolean {
  return ['waypoint', 'unknown'].includes(mesh.get(classRole, gatewayClassName))
}

function surelyDenies(mesh: Mesh, gateway: Gateway, consumer: string): boolean {
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
  // Labels of a namespace that somebody seems to label elsewhere are not known.
  const wanted = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ]
  return (
    wanted.every((key) => key === METADATA_NAME) ||
    mesh.get(namespaceLabels, consumer) !== undefined
  )
}

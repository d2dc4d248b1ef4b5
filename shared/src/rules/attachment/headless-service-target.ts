import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import { serves } from '../../mesh/waypointGateway.js'
import { servicesOfWaypoint, waypointOfService, waypointOfWorkload } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { Service } from '../../resources/service.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import type { Fix } from '../fix.js'
import { servePodsEdits } from './servePods.js'
import { targetWaypoint } from '../fixes/targetWaypoint.js'
import { defineRule, type Report } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { capitalised, shownName } from '../support/resourceNames.js'
import { namesOtherNamespace, resolveTarget, serviceOf } from '../../waypoint/attachment.js'

export const headlessServiceTarget = defineRule({
  name: 'headless-service-target',
  level: 'warning',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication', 'Service'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(subject, { mesh, report }) {
    if (subject.type === 'Service') {
      const finding = serviceFinding(mesh, subject)
      if (finding) report(finding)
      return
    }
    for (const ref of subject.targetRefs) {
      const finding = targetFinding(mesh, subject, ref)
      if (finding) report(finding)
    }
  },
})

type Policy = AuthorizationPolicy | RequestAuthentication

/** Undefined for a Service that is not bound to a waypoint: another rule reports it. */
function targetFinding(mesh: Mesh, policy: Policy, ref: PolicyTargetReference): Report | undefined {
  if (namesOtherNamespace(policy, ref)) return undefined
  const service = serviceOf(resolveTarget(mesh, policy, ref))
  if (service?.type !== 'Service' || !service.headless) return undefined
  const binding = mesh.get(waypointOfService, service)
  if (binding.status === 'none' || binding.status === 'error') return undefined
  return {
    message:
      `This policy is not enforced for headless Service ${quoted(service.name)}: ` +
      'its clients connect to the pods, not to a waypoint.',
    path: [...ref.path, 'name'],
    related: [
      {
        resource: service,
        path: ['spec', 'clusterIP'],
        message: `Service "${service.name}" has no address.`,
      },
    ],
    fixes: () =>
      binding.status === 'bound'
        ? servePods(mesh, service, { gateway: binding.gateway, retarget: { policy, ref } })
        : [],
  }
}

/**
 * A Service that inherits the waypoint of its namespace is reported only if policies target the
 * waypoint. Policies for the Service have their own finding.
 */
function serviceFinding(mesh: Mesh, service: Service): Report | undefined {
  const binding = service.headless ? mesh.get(waypointOfService, service) : undefined
  if (
    binding?.status !== 'bound' ||
    (binding.choice?.own !== true &&
      policiesAtWaypoint(mesh, { gateway: binding.gateway, service: undefined }).length === 0)
  )
    return undefined
  const direct = bypassesWaypoints(mesh, service)
  if (!direct) return undefined
  const where = `waypoint "${shownName(binding.gateway)}"`
  return {
    message: firstThatFits(
      `Traffic to headless Service ${quoted(service.name)} bypasses ${where}: its clients connect to the pods.`,
      `Traffic to headless Service ${quoted(service.name)} bypasses its waypoint: its clients connect to the pods.`,
    ),
    path: ['spec', 'clusterIP'],
    certainties: [binding.certainty, direct],
    related: [
      ...(binding.choice
        ? [
            {
              resource: binding.choice.resource,
              path: binding.choice.path,
              message: `This label selects ${where}.`,
            },
          ]
        : []),
      {
        resource: binding.gateway,
        path: ['metadata', 'name'],
        message: `${capitalised(where)} is defined here.`,
      },
    ],
    fixes: () => servePods(mesh, service, { gateway: binding.gateway }),
  }
}

/**
 * How well the files show that traffic to the pods uses no waypoint; undefined if it does or may
 * use one.
 */
function bypassesWaypoints(mesh: Mesh, service: Service): KnownCertainty | undefined {
  const bindings = mesh
    .get(workloadsOfService, service)
    .map((workload) => mesh.get(waypointOfWorkload, workload))
  if (bindings.some(({ status }) => status === 'bound' || status === 'unknown')) return undefined
  return bindings.length > 0 ? CERTAIN : assumed('its pods have no waypoint of their own')
}

interface Serving {
  readonly gateway: Gateway
  /** The policy that must then target the Gateway. */
  readonly retarget?: { readonly policy: Policy; readonly ref: PolicyTargetReference }
}

/**
 * Makes the waypoint serve the pods too. A policy with a new target applies to all traffic of the
 * waypoint, so the waypoint must not serve another Service.
 */
function servePods(mesh: Mesh, service: Service, { gateway, retarget }: Serving): Fix[] {
  const edits = servePodsEdits(mesh, service, gateway)
  if (!edits) return []
  const title = serves(mesh, gateway, 'workload')
    ? `Use waypoint "${gateway.name}" for the pods`
    : `Change istio.io/waypoint-for of "${gateway.name}" to "all"`
  if (!retarget) return [{ title, preferred: true, safe: false, edits }]
  const target = mesh.get(servicesOfWaypoint, gateway).every((other) => other === service)
    ? targetWaypoint(retarget.policy, retarget.ref, gateway)
    : undefined
  return target
    ? [
        {
          title: `${title} and target the waypoint`,
          preferred: true,
          safe: false,
          edits: [...edits, ...target.edits],
        },
      ]
    : []
}

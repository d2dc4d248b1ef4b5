import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
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
import { shownName } from '../support/resourceNames.js'
import { namesOtherNamespace, resolveTarget, serviceOf } from '../../waypoint/attachment.js'

export const headlessServiceTarget = defineRule({
  name: 'headless-service-target',
  level: 'warning',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication', 'Service'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(subject, { mesh, report }) {
    if (subject.type === 'Service') {
      const finding = ofService(mesh, subject)
      if (finding) report(finding)
      return
    }
    for (const ref of subject.targetRefs) {
      const finding = ofTarget(mesh, subject, ref)
      if (finding) report(finding)
    }
  },
})

type Policy = AuthorizationPolicy | RequestAuthentication

/** A Service that is not bound at all is another finding. */
function ofTarget(mesh: Mesh, policy: Policy, ref: PolicyTargetReference): Report | undefined {
  if (namesOtherNamespace(policy, ref)) return undefined
  const service = serviceOf(resolveTarget(mesh, policy, ref))
  if (service?.type !== 'Service' || !service.headless) return undefined
  const binding = mesh.get(waypointOfService, service)
  if (binding.status === 'none' || binding.status === 'error') return undefined
  return {
    message: `Service ${quoted(service.name)} is headless: its clients dial the pods, so no waypoint enforces this policy for them.`,
    path: [...ref.path, 'name'],
    related: [
      {
        resource: service,
        path: ['spec', 'clusterIP'],
        message: `The Service "${service.name}" has no address.`,
      },
    ],
    fixes: () =>
      binding.status === 'bound'
        ? servePods(mesh, service, { gateway: binding.gateway, retarget: { policy, ref } })
        : [],
  }
}

/** Where the waypoint is the namespace's, only what its policies lose by it is worth a word; those for this Service say it themselves. */
function ofService(mesh: Mesh, service: Service): Report | undefined {
  const binding = service.headless ? mesh.get(waypointOfService, service) : undefined
  if (
    binding?.status !== 'bound' ||
    (binding.choice?.own !== true &&
      policiesAtWaypoint(mesh, { gateway: binding.gateway, service: undefined }).length === 0)
  )
    return undefined
  const pods = podsPastWaypoints(mesh, service)
  if (!pods) return undefined
  const where = `waypoint "${shownName(binding.gateway)}"`
  return {
    message: firstThatFits(
      `Service ${quoted(service.name)} is headless: its traffic goes to the addresses of its pods, past ${where}.`,
      `Service ${quoted(service.name)} is headless: its traffic goes to the addresses of its pods, past its waypoint.`,
    ),
    path: ['spec', 'clusterIP'],
    certainties: [binding.certainty, pods],
    related: [
      ...(binding.choice
        ? [
            {
              resource: binding.choice.resource,
              path: binding.choice.path,
              message: `Here ${where} is chosen.`,
            },
          ]
        : []),
      { resource: binding.gateway, path: ['metadata', 'name'], message: `The ${where}.` },
    ],
    fixes: () => servePods(mesh, service, { gateway: binding.gateway }),
  }
}

/** How surely traffic to the pods themselves passes no waypoint; undefined where it does, or may. */
function podsPastWaypoints(mesh: Mesh, service: Service): KnownCertainty | undefined {
  const bindings = mesh
    .get(workloadsOfService, service)
    .map((workload) => mesh.get(waypointOfWorkload, workload))
  if (bindings.some(({ status }) => status === 'bound' || status === 'unknown')) return undefined
  return bindings.length > 0 ? CERTAIN : assumed('its pods choose no waypoint themselves')
}

interface Serving {
  readonly gateway: Gateway
  /** The policy that has to target the Gateway then. */
  readonly retarget?: { readonly policy: Policy; readonly ref: PolicyTargetReference }
}

/** Retargeting a policy makes it hold for all that the waypoint serves, so the waypoint must serve nothing else. */
function servePods(mesh: Mesh, service: Service, { gateway, retarget }: Serving): Fix[] {
  const edits = servePodsEdits(mesh, service, gateway)
  if (!edits) return []
  const title = `Let waypoint "${gateway.name}" serve its pods too`
  if (!retarget) return [{ title, preferred: true, safe: false, edits }]
  const target = mesh.get(servicesOfWaypoint, gateway).every((other) => other === service)
    ? targetWaypoint(retarget.policy, retarget.ref, gateway)
    : undefined
  return target
    ? [
        {
          title: `${title}, and target it`,
          preferred: true,
          safe: false,
          edits: [...edits, ...target.edits],
        },
      ]
    : []
}

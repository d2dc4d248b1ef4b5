import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { mayBeFilled } from '../../mesh/described.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { uncapturedHosts } from '../../mesh/hostAddress.js'
import { waypointOfNamespace, waypointOfService } from '../../mesh/waypoints.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { createWaypoint } from '../fixes/createWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/setValue.js'
import type { Fix } from '../fix.js'
import { movePolicy } from '../fixes/movePolicy.js'
import { defineRule, type Report } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { inNamespace } from '../support/resourceNames.js'
import { keys } from '../../inventory/indexKeys.js'
import { targetKind, type TargetKind } from '../../vocabulary/kinds.js'
import { namesOtherNamespace, resolveTarget } from '../../waypoint/attachment.js'
import { showsAllTargets, similarTarget } from '../../waypoint/targetNames.js'

export const targetNotFound = defineRule({
  name: 'target-not-found',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    for (const ref of policy.targetRefs) {
      if (ref.name === '' || isPlaceholder(ref.name) || namesOtherNamespace(policy, ref)) continue
      const kind = targetKind(ref.group, ref.kind)
      const target = resolveTarget(mesh, policy, ref)
      if (kind === undefined || target.kind !== 'none' || target.reason !== 'not found') continue
      const similar = similarTarget(mesh, { namespace: policy.namespace, kind, name: ref.name })
      const twin = kind === 'Gateway' ? twinElsewhere(mesh, policy, ref.name) : undefined
      const certainty = showsAllTargets(mesh, policy.namespace, kind)
        ? CERTAIN
        : (twin?.certainty ?? certaintyOf(kind, ref, similar))
      if (!certainty) continue
      if (twin) {
        report(twinReport(mesh, policy, { ref, twin, certainty }))
        continue
      }
      const where = kind === 'GatewayClass' ? '' : ` ${inNamespace(policy.namespace)}`
      report({
        message: firstThatFits(
          `This policy is not enforced for ${kind} "${ref.name}", which does not exist${where}.`,
          `This policy is not enforced for ${kind} ${quoted(ref.name)}, which does not exist.`,
        ),
        path: [...ref.path, 'name'],
        certainties: [certainty],
        related:
          similar === undefined
            ? []
            : mesh
                .at(
                  kind,
                  keys.named(kind, kind === 'GatewayClass' ? '' : policy.namespace, similar),
                )
                .map((resource) => ({
                  resource,
                  path: ['metadata', 'name'],
                  message: `${kind} "${similar}" is defined here.`,
                })),
        fixes: () => fixesFor({ mesh, policy, ref, similar }),
      })
    }
  },
})

/**
 * Undefined if the object may exist outside the files. A Gateway or class with nearly the same name
 * counts as a typing mistake.
 */
function certaintyOf(
  kind: TargetKind,
  { name }: PolicyTargetReference,
  similar: string | undefined,
): KnownCertainty | undefined {
  if (similar === undefined || kind === 'Service' || kind === 'ServiceEntry') return undefined
  return assumed(
    `"${name}" is a typing mistake for "${similar}", not a ${kind} outside these files`,
  )
}

type Policy = AuthorizationPolicy | RequestAuthentication

interface Missing {
  readonly mesh: Mesh
  readonly policy: Policy
  readonly ref: PolicyTargetReference
  readonly similar: string | undefined
}

function fixesFor({ mesh, policy, ref, similar }: Missing) {
  return rankFixes(
    similar === undefined
      ? undefined
      : {
          ...setValue({ resource: policy, path: [...ref.path, 'name'], value: similar }),
          activates: 'policy',
        },
    ref.kind === 'Gateway' && similar === undefined
      ? createWaypoint(mesh, policy.namespace, ref.name)
      : undefined,
  )
}

/** A waypoint of another namespace with the name of a missing Gateway, which the policy's namespace uses. */
interface Twin {
  readonly gateway: Gateway
  /** The Services of the policy's namespace that are bound to it. */
  readonly services: readonly (Service | ServiceEntry)[]
  readonly certainty: KnownCertainty
}

function twinElsewhere(
  mesh: Mesh,
  { namespace }: { readonly namespace: string },
  name: string,
): Twin | undefined {
  const isTwin = (binding: WaypointBinding): boolean =>
    binding.status === 'bound' &&
    binding.gateway.name === name &&
    binding.gateway.namespace !== namespace
  const services = [
    ...mesh.inNamespace('Service', namespace),
    ...mesh.inNamespace('ServiceEntry', namespace),
  ].filter((service) => isTwin(mesh.get(waypointOfService, service)))
  const bindings = [
    mesh.get(waypointOfNamespace, namespace),
    ...services.map((service) => mesh.get(waypointOfService, service)),
  ]
  const binding = bindings.find(isTwin)
  if (binding?.status !== 'bound') return undefined
  const isKnown =
    mesh.named('Namespace', '', namespace) !== undefined &&
    !mesh.hasOpaque('Gateway') &&
    !mayBeFilled(mesh, namespace)
  return {
    gateway: binding.gateway,
    services,
    certainty: isKnown
      ? CERTAIN
      : assumed(`namespace "${namespace}" has no Gateway "${name}" outside these files`),
  }
}

interface TwinFound {
  readonly ref: PolicyTargetReference
  readonly twin: Twin
  readonly certainty: KnownCertainty
}

function twinReport(mesh: Mesh, policy: Policy, { ref, twin, certainty }: TwinFound): Report {
  const { gateway } = twin
  const where = quoted(gateway.namespace, 40)
  return {
    message: firstThatFits(
      `This policy is not enforced: Gateway ${quoted(gateway.name)} is in namespace ${where}, and a policy targets only Gateways of its own.`,
      `This policy is not enforced: its Gateway is in namespace ${where}, and a policy targets only Gateways of its own.`,
    ),
    path: [...ref.path, 'name'],
    certainties: [certainty],
    related: [
      {
        resource: gateway,
        path: ['metadata', 'name'],
        message: `Gateway "${gateway.name}" is defined here.`,
      },
    ],
    fixes: () =>
      rankFixes(
        targetServices(mesh, policy, { ref, services: twin.services }),
        movePolicy(mesh, policy, { to: gateway.namespace }),
      ),
  }
}

/**
 * Targets the Services of the namespace that use the waypoint, in place of the waypoint. It leaves out a
 * ServiceEntry whose clients bypass the waypoint: the policy would not be enforced for it.
 */
function targetServices(
  mesh: Mesh,
  policy: Policy,
  { ref, services }: Pick<TwinFound, 'ref'> & Pick<Twin, 'services'>,
): Fix | undefined {
  const captured = services.filter(
    (service) => service.type === 'Service' || mesh.get(uncapturedHosts, service).length === 0,
  )
  const [first, ...others] = captured.map(({ type, name }) => ({
    kind: type,
    group: type === 'Service' ? '' : 'networking.istio.io',
    name,
  }))
  const isList = ref.path[1] === 'targetRefs'
  if (!first || (others.length > 0 && !isList)) return undefined
  const [only] = captured
  return {
    title:
      others.length > 0
        ? `Target ${String(services.length)} Services`
        : `Target ${only?.type ?? ''} "${first.name}"`,
    preferred: true,
    safe: false,
    edits: [
      { op: 'set', resource: policy, path: ref.path, value: first },
      ...(others.length > 0
        ? [
            {
              op: 'append' as const,
              resource: policy,
              path: ['spec', 'targetRefs'],
              values: others,
            },
          ]
        : []),
    ],
  }
}

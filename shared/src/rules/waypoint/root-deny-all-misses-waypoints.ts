import { keys } from '../../inventory/indexKeys.js'
import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { namedPeers } from '../../ztunnel/namedPeers.js'
import type { Fix, PlainObject } from '../fix.js'
import { speaksOfAddresses } from '../fixes/bindToWaypoint.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'
import { plainRule } from '../fixes/plainRule.js'
import { defineRule } from '../rule.js'
import { isFilledIn } from '../support/filledIn.js'
import { attributesOf } from '../support/ruleAttributes.js'
import { firstThatFits } from '../support/words.js'
import { isEnvoyWaypoint } from '../support/bypass.js'
import { shownName } from '../support/resourceNames.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import { supports } from '../../vocabulary/releases.js'
import { hasLayeredPolicies } from '../../waypoint/attachment.js'

export const rootDenyAllMissesWaypoints = defineRule({
  name: 'root-deny-all-misses-waypoints',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: ['AuthorizationPolicy', 'Gateway', 'GatewayClass', 'MeshConfig', 'opaque'],
  check(policy, { mesh, report }) {
    const settings = mesh.settings
    const { rootNamespace } = settings
    if (
      policy.namespace !== rootNamespace ||
      !isMeshWide(policy) ||
      mesh.hasOpaque('AuthorizationPolicy') ||
      hasLayeredPolicies(mesh)
    )
      return
    if (
      mesh.at('AuthorizationPolicy', keys.targeting(rootNamespace, 'GatewayClass', WAYPOINT_CLASS))
        .length > 0
    )
      return
    const waypoints = mesh.all('Gateway').filter((gateway) => isEnvoyWaypoint(mesh, gateway))
    const [first, ...others] = waypoints
    if (!first || isCompanion(mesh, policy, waypoints)) return
    const start = 'This policy of the root namespace does not cover'
    report({
      message:
        others.length === 0
          ? firstThatFits(
              `${start} waypoint "${shownName(first)}": it obeys targetRefs only.`,
              `${start} the waypoint: it obeys targetRefs only.`,
            )
          : `${start} the ${String(waypoints.length)} waypoints here: they obey targetRefs only.`,
      path: ['metadata', 'name'],
      related: waypoints.slice(0, 3).map((gateway) => ({
        resource: gateway,
        path: ['metadata', 'name'],
        message: `The waypoint "${shownName(gateway)}".`,
      })),
      fixes: () => (supports(settings, 'gatewayClassTargets') ? coverWaypoints(mesh, policy) : []),
    })
  },
})

/** A policy for everybody that refuses by default: deny-all, or an ALLOW that names whom it admits. */
function isMeshWide(policy: AuthorizationPolicy): boolean {
  if (policy.attachments.length > 0 || isDryRun(policy) || isFilledIn(policy, ['spec']))
    return false
  const everything = policy.rules.some(
    ({ from, to, when }) => !from?.length && !to?.length && !when?.length,
  )
  return policy.action === 'ALLOW' ? !everything : policy.action === 'DENY' && everything
}

/** Whether an ALLOW admits nobody but waypoints: it is the second half of policies at these. */
function isCompanion(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  waypoints: readonly Gateway[],
): boolean {
  const rules = mesh.get(conversionOf, policy).authorization?.rules ?? []
  const { trustDomain } = mesh.settings
  const peers = rules.map((rule) => namedPeers(rule, trustDomain))
  return (
    policy.action === 'ALLOW' &&
    rules.length > 0 &&
    peers.every(
      (named) =>
        named.length > 0 &&
        named.every(
          ({ exact, identity }) =>
            exact &&
            waypoints.some(
              (gateway) =>
                gateway.namespace === identity.namespace &&
                mesh.get(gatewayServiceAccount, gateway) === identity.serviceAccount,
            ),
        ),
    )
  )
}

/** The same policy for the class of all waypoints. Container ports and addresses mean nothing there. */
function coverWaypoints(mesh: Mesh, policy: AuthorizationPolicy): Fix[] {
  const rules = policy.rules.map(plainRule)
  const whole = rules.flatMap((rule) => rule ?? [])
  const speaksOfPorts = mesh
    .perQuery(attributesOf, policy)
    .some(({ attribute }) => attribute === 'port')
  if (whole.length < rules.length || speaksOfPorts || policy.rules.some(speaksOfAddresses))
    return []
  const spec: PlainObject = {
    targetRefs: [
      { kind: 'GatewayClass', group: 'gateway.networking.k8s.io', name: WAYPOINT_CLASS },
    ],
    ...(policy.action === 'DENY' ? { action: 'DENY' } : {}),
    ...(whole.length > 0 ? { rules: whole } : {}),
  }
  const object = authorizationPolicy(
    metadataBeside(policy, freePolicyName(mesh, policy.namespace, `${policy.name}-waypoints`)),
    spec,
  )
  return [
    {
      title: 'Add the same policy for all waypoints',
      preferred: true,
      safe: false,
      edits: [{ op: 'add', after: policy, objects: [object] }],
    },
  ]
}

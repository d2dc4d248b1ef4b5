import type { Mesh } from '../../mesh/mesh.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Gateway } from '../../resources/gateway.js'
import type { NetworkPolicy } from '../../resources/networkPolicy.js'
import type { Fix, PlainObject } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { metadataBeside } from '../fixes/newObject.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import { ASSUME_ENFORCED, knowsNetworkPolicies } from './networkPolicies.js'
import { allowsHbone } from './ruleMatching.js'
import {
  waypointsBrokenBy,
  waypointsBlockedBy,
  type BrokenWaypoint,
  type BlockedWaypoint,
} from './blockedWaypoints.js'
import { firstThatFits, quoted } from '../support/words.js'
import { shownName } from '../support/resourceNames.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'
import { HBONE_PORT } from '../../vocabulary/ports.js'

export const networkPolicyBlocksWaypoint = defineRule({
  name: 'network-policy-blocks-waypoint',
  level: 'warning',
  subjects: ['NetworkPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'NetworkPolicy',
    'Other',
    'OtherNetworkPolicy',
    'Service',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (!mesh.get(knowsNetworkPolicies, policy.namespace)) return
    const index = policy.policyTypes.includes('Ingress')
      ? policy.ingress.findIndex((rule) => allowsHbone(rule) && rule.peers !== undefined)
      : -1
    for (const blocked of index < 0 ? [] : waypointsBlockedBy(mesh, policy)) {
      const waypoint = quoted(shownName(blocked.gateway), 32)
      const reason = 'NetworkPolicies allow clients, but not the waypoint'
      report({
        message: firstThatFits(
          `Traffic through waypoint ${waypoint} to ${nameWorkloads(blocked.workloads)} times out: ${reason}.`,
          `Traffic through waypoint ${waypoint} times out: ${reason}.`,
        ),
        path: ['spec', 'ingress', index, 'from'],
        on: 'key',
        certainties: [ASSUME_ENFORCED, ...blocked.certainties],
        related: [
          ...blocked.evidence,
          ...eachWorkload(blocked.workloads, 'the waypoint cannot connect to it.'),
        ],
        fixes: () => rankFixes(allowWaypoint(policy, index, blocked)),
      })
    }
    for (const broken of waypointsBrokenBy(mesh, policy)) {
      report({
        message: messageFor(broken),
        path: ['spec', 'podSelector'],
        on: 'key',
        certainties: [ASSUME_ENFORCED],
        related: [
          {
            resource: broken.gateway,
            path: ['metadata', 'name'],
            message: 'This policy selects the pods of this waypoint.',
          },
        ],
        fixes: () => rankFixes(addPolicyForWaypoint(mesh, policy, broken)),
      })
    }
  },
})

function messageFor({ gateway, missing }: BrokenWaypoint): string {
  const name = quoted(shownName(gateway), 32)
  switch (missing) {
    case 'clients':
      return `Traffic to waypoint ${name} times out: no NetworkPolicy allows clients to reach it on TCP 15008.`
    case 'istiod':
      return `Waypoint ${name} gets no configuration: no NetworkPolicy allows it to reach istiod on TCP 15012.`
    case 'backends':
      return `Traffic through waypoint ${name} times out: no NetworkPolicy allows it to reach its pods on TCP 15008.`
  }
}

function allowWaypoint(
  policy: NetworkPolicy,
  index: number,
  { gateway }: BlockedWaypoint,
): Fix | undefined {
  const isSameNamespace = gateway.namespace === policy.namespace
  if (!isSameNamespace && isUnnamed(gateway.namespace)) return undefined
  const peer: PlainObject = {
    ...(isSameNamespace
      ? {}
      : {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': gateway.namespace } },
        }),
    podSelector: { matchLabels: { [GATEWAY_NAME]: gateway.name } },
  }
  return {
    title: 'Allow the waypoint',
    preferred: true,
    safe: false,
    edits: [
      { op: 'append', resource: policy, path: ['spec', 'ingress', index, 'from'], values: [peer] },
    ],
  }
}

const tcp = (port: number): PlainObject => ({ protocol: 'TCP', port })

/** Adds a separate policy for the waypoint, so that other pods of the first policy are not affected. */
function addPolicyForWaypoint(
  mesh: Mesh,
  policy: NetworkPolicy,
  { gateway, direction }: BrokenWaypoint,
): Fix | undefined {
  const name = `${gateway.name}-${direction.toLowerCase()}`
  if (mesh.named('NetworkPolicy', policy.namespace, name)) return undefined
  const rules: PlainObject =
    direction === 'Ingress'
      ? { ingress: [{ ports: [tcp(HBONE_PORT)] }] }
      : {
          egress: [
            { ports: [tcp(HBONE_PORT), tcp(15012), { protocol: 'UDP', port: 53 }, tcp(53)] },
          ],
        }
  const object: PlainObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataBeside(policy, name),
    spec: {
      podSelector: { matchLabels: gatewaySelector(gateway) },
      policyTypes: [direction],
      ...rules,
    },
  }
  return {
    title: 'Add a NetworkPolicy for the waypoint',
    preferred: true,
    safe: false,
    edits: [{ op: 'add', after: policy, objects: [object] }],
  }
}

function gatewaySelector({ name }: Gateway): PlainObject {
  return { [GATEWAY_NAME]: name }
}

import type { Mesh } from '../../mesh/mesh.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Gateway } from '../../resources/gateway.js'
import type { NetworkPolicy } from '../../resources/networkPolicy.js'
import type { Fix, PlainObject } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { metadataBeside } from '../fixes/newObject.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import { admitsHbone, ENFORCED, HBONE_PORT, knowsNetworkPolicies } from './networkPolicies.js'
import { crippledBy, keptOutBy, type BrokenWaypoint, type KeptOut } from './waypointNetwork.js'
import { firstThatFits, quoted } from '../support/words.js'
import { shownName } from '../support/resourceNames.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'

export const networkPolicyBlocksWaypoint = defineRule({
  name: 'network-policy-blocks-waypoint',
  level: 'warning',
  subjects: ['NetworkPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'NetworkPolicy',
    'Service',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (!mesh.get(knowsNetworkPolicies, policy.namespace)) return
    const index = policy.policyTypes.includes('Ingress')
      ? policy.ingress.findIndex((rule) => admitsHbone(rule) && rule.peers !== undefined)
      : -1
    for (const kept of index < 0 ? [] : keptOutBy(mesh, policy)) {
      const waypoint = quoted(shownName(kept.gateway), 32)
      report({
        message: firstThatFits(
          `Waypoint ${waypoint} is not admitted to ${nameWorkloads(kept.workloads)}, its clients are: what comes through it times out.`,
          `Waypoint ${waypoint} is not admitted to its pods, its clients are: what comes through it times out.`,
        ),
        path: ['spec', 'ingress', index, 'from'],
        on: 'key',
        certainties: [ENFORCED, ...kept.certainties],
        related: [
          ...kept.evidence,
          ...eachWorkload(kept.workloads, 'the waypoint does not reach it.'),
        ],
        fixes: () => rankFixes(admitWaypoint(policy, index, kept)),
      })
    }
    for (const crippled of crippledBy(mesh, policy)) {
      report({
        message: wordsFor(crippled),
        path: ['spec', 'podSelector'],
        on: 'key',
        certainties: [ENFORCED],
        related: [
          {
            resource: crippled.gateway,
            path: ['metadata', 'name'],
            message: 'The waypoint whose pods the policy selects.',
          },
        ],
        fixes: () => rankFixes(addPolicy(mesh, policy, crippled)),
      })
    }
  },
})

function wordsFor({ gateway, missing }: BrokenWaypoint): string {
  const waypoint = `waypoint ${quoted(shownName(gateway), 32)}`
  switch (missing) {
    case 'clients':
      return `This policy selects ${waypoint}, and none admits clients to it on TCP 15008: what shall go through it times out.`
    case 'istiod':
      return `This policy selects ${waypoint}, and none lets it out to istiod on TCP 15012: it gets no configuration.`
    case 'backends':
      return `This policy selects ${waypoint}, and none lets it out to its pods on TCP 15008: what goes through it times out.`
  }
}

function admitWaypoint(
  policy: NetworkPolicy,
  index: number,
  { gateway }: KeptOut,
): Fix | undefined {
  const near = gateway.namespace === policy.namespace
  if (!near && isUnnamed(gateway.namespace)) return undefined
  const peer: PlainObject = {
    ...(near
      ? {}
      : {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': gateway.namespace } },
        }),
    podSelector: { matchLabels: { [GATEWAY_NAME]: gateway.name } },
  }
  return {
    title: 'Admit the waypoint',
    preferred: true,
    safe: false,
    edits: [
      { op: 'append', resource: policy, path: ['spec', 'ingress', index, 'from'], values: [peer] },
    ],
  }
}

const tcp = (port: number): PlainObject => ({ protocol: 'TCP', port })

/** A policy of the waypoint's own, so that what the other one selects besides stays as it is. */
function addPolicy(
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

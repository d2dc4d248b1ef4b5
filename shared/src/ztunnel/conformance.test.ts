import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { MutualTlsMode, PeerAuthentication } from '../resources/peerAuthentication.js'
import { readVectors } from '../testing/fixtureFiles.js'
import { resourceOf } from '../testing/readYaml.js'
import type { Authorization } from './authorization.js'
import { convertAuthorizationPolicy } from './convertAuthorizationPolicy.js'
import { parseAddress } from '../text/ip.js'
import { acceptsPlaintext, effectivePeerAuthentication, levelsOf } from './peerAuthentication.js'
import { matchesPolicy } from './rbac.js'
import type { Identity } from '../vocabulary/principal.js'

interface PolicyVector {
  name: string
  rootNamespace: string
  policy: object
  ztunnel: Authorization | null
}

describe('the vectors authorization-policy-to-ztunnel', () => {
  for (const vector of readVectors<PolicyVector>('authorization-policy-to-ztunnel')) {
    it(`ztunnel receives the recorded policy: ${vector.name}`, () => {
      const policy = resourceOf('AuthorizationPolicy', JSON.stringify(vector.policy))
      const { authorization } = convertAuthorizationPolicy(policy, {
        rootNamespace: vector.rootNamespace,
        dryRunEnabled: false,
      })
      expect(
        authorization
          ? { ...authorization, namespace: authorization.namespace.replace('?', '') }
          : null,
      ).toEqual(vector.ztunnel)
    })
  }
})

interface PeerVector {
  mesh: MutualTlsMode | null
  namespace: MutualTlsMode | null
  workload: { mode: MutualTlsMode | null; ports: Record<string, MutualTlsMode> } | null
  policyKeys: string[]
  ztunnel: Authorization | null
  danglingReference: boolean
  plaintextAllowed: Record<string, boolean>
}

/** The objects by their text: many combinations have the same objects. */
const peers = new Map<string, PeerAuthentication>()

function peer(name: string, namespace: string, spec: object): PeerAuthentication {
  const text = JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name, namespace },
    spec,
  })
  const known = peers.get(text) ?? resourceOf('PeerAuthentication', text)
  peers.set(text, known)
  return known
}

/** The policy with its clauses sorted: their order has no effect. */
function canonical(policy: Authorization): unknown {
  return {
    ...policy,
    rules: policy.rules.map((rule) => rule.map((clause) => JSON.stringify(clause)).sort()).sort(),
  }
}

function ports(modes: Record<string, MutualTlsMode>): object {
  return Object.fromEntries(Object.entries(modes).map(([port, mode]) => [port, { mode }]))
}

describe('the vectors peer-authentication-effective', () => {
  it('every combination of PeerAuthentications has the recorded keys, policy and verdicts', () => {
    const vectors = readVectors<PeerVector>('peer-authentication-effective')
    expect(vectors.length).toBeGreaterThanOrEqual(2650)
    const different = vectors.filter((vector) => {
      const applicable = [
        ...(vector.mesh ? [peer('mesh', 'istio-system', { mtls: { mode: vector.mesh } })] : []),
        ...(vector.namespace ? [peer('ns', 'foo', { mtls: { mode: vector.namespace } })] : []),
        ...(vector.workload
          ? [
              peer('wl', 'foo', {
                selector: { matchLabels: { app: 'a' } },
                ...(vector.workload.mode ? { mtls: { mode: vector.workload.mode } } : {}),
                portLevelMtls: ports(vector.workload.ports),
              }),
            ]
          : []),
      ]
      const effective = effectivePeerAuthentication(
        levelsOf(applicable, 'istio-system'),
        'istio-system',
      )
      const converted = effective.policies.find(
        (policy) => policy.name === 'converted_peer_authentication_wl',
      )
      const plaintext = Object.fromEntries(
        Object.keys(vector.plaintextAllowed).map((port) => [
          port,
          acceptsPlaintext(effective, Number(port)),
        ]),
      )
      const got = {
        policyKeys: effective.policyKeys,
        dangling: effective.danglingReference,
        plaintext,
      }
      const wanted = {
        policyKeys: vector.policyKeys,
        dangling: vector.danglingReference,
        plaintext: vector.plaintextAllowed,
      }
      return (
        !isDeepStrictEqual(got, wanted) ||
        (converted !== undefined &&
          !isDeepStrictEqual(canonical(converted), vector.ztunnel && canonical(vector.ztunnel)))
      )
    })
    expect(different.map((vector) => JSON.stringify(vector))).toEqual([])
  })
})

interface RbacVector {
  connection: {
    sourceIp: string
    destinationIp: string
    destinationPort: number
    identity: string | null
  }
  rules: Authorization['rules']
  matches: boolean
}

function identityOf(spiffe: string | null): Identity | undefined {
  const parts = /^spiffe:\/\/([^/]*)\/ns\/([^/]*)\/sa\/([^/]*)$/.exec(spiffe ?? '')
  return parts
    ? { trustDomain: parts[1] ?? '', namespace: parts[2] ?? '', serviceAccount: parts[3] ?? '' }
    : undefined
}

describe('the vectors ztunnel-rbac', () => {
  it('every connection has the verdict that ztunnel gave', () => {
    const vectors = readVectors<RbacVector>('ztunnel-rbac')
    expect(vectors.length).toBeGreaterThanOrEqual(5000)
    const different = vectors.filter(({ connection, rules, matches }) => {
      const found = matchesPolicy(
        { rules },
        {
          sourceIp: parseAddress(connection.sourceIp),
          destinationIp: parseAddress(connection.destinationIp),
          destinationPort: connection.destinationPort,
          identity: identityOf(connection.identity),
        },
      )
      return found !== matches
    })
    expect(different.map((vector) => JSON.stringify(vector))).toEqual([])
  })
})

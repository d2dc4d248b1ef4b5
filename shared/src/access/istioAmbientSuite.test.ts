import { describe, expect, it } from 'vitest'
import { analyse, replaceIn } from '../testing/index.js'
import {
  APPS,
  apps,
  client,
  INGRESS,
  MESH,
  pairs,
  peerAuthentication,
  pod,
  policy,
  service,
  verdict,
  type App,
} from '../testing/istioAmbientSuite.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { Verdict } from './request.js'

describe('TestAuthorizationL4', () => {
  const rules = (principals: string[]): string =>
    `  rules: [{from: [{source: {principals: ${JSON.stringify(principals)}}}]}]`
  const both = (target: App, principals: string[]): string =>
    policy(
      'policy-waypoint',
      `  targetRefs: [{kind: Service, group: core, name: ${target}}]\n${rules(principals)}`,
    ) + policy('policy', `  selector: {matchLabels: {app: ${target}}}\n${rules(principals)}`)

  it.each(pairs)('TestAuthorizationL4: %s → %s', (source, target) => {
    const allowed = [
      `cluster.local/ns/echo/sa/${source}`,
      `cluster.local/ns/echo/sa/${MESH[target].waypoint ?? 'none'}`,
    ]
    const expected = (wanted: Verdict): Verdict =>
      !MESH[target].inMesh ? 'allow' : !MESH[source].inMesh ? 'deny' : wanted
    expect(
      verdict({ policies: both(target, allowed), from: client(source), to: service(target) }),
    ).toBe(expected('allow'))
    expect(
      verdict({
        policies: both(target, ['cluster.local/ns/something/sa/else']),
        from: client(source),
        to: service(target),
      }),
    ).toBe(expected('deny'))
  })
})

describe('TestPeerAuthentication', () => {
  const selected = (target: App, spec: string): string =>
    peerAuthentication(`  selector: {matchLabels: {app: ${target}}}\n${spec}`)
  const PERMISSIVE_PORTS = '  portLevelMtls: {18080: {mode: PERMISSIVE}, 19090: {mode: PERMISSIVE}}'
  const STRICT_PORTS = '  portLevelMtls: {18080: {mode: STRICT}, 19090: {mode: STRICT}}'

  it.each(pairs)('TestPeerAuthentication: %s → %s', (source, target) => {
    const plaintextOnly: Verdict = !MESH[source].inMesh && MESH[target].inMesh ? 'deny' : 'allow'
    const verdictUnder = (policies: string): Verdict =>
      verdict({ policies, from: client(source), to: service(target) })
    expect(verdictUnder(peerAuthentication('  mtls: {mode: PERMISSIVE}'))).toBe('allow')
    expect(verdictUnder(peerAuthentication('  mtls: {mode: STRICT}'))).toBe(plaintextOnly)
    expect(verdictUnder(selected(target, `  mtls: {mode: STRICT}\n${PERMISSIVE_PORTS}`))).toBe(
      'allow',
    )
    expect(
      verdictUnder(
        peerAuthentication('  mtls: {mode: STRICT}', 'istio-system') +
          selected(target, PERMISSIVE_PORTS),
      ),
    ).toBe('allow')
    expect(
      verdictUnder(
        peerAuthentication('  mtls: {mode: PERMISSIVE}', 'istio-system') +
          selected(target, STRICT_PORTS),
      ),
    ).toBe(plaintextOnly)
  })
})

describe('TestAuthorizationGateway', () => {
  it.each(APPS)('TestAuthorizationGateway: ingress → %s', (target) => {
    const policies = policy(
      'policy',
      `  selector: {matchLabels: {app: ${target}}}
  rules:
  - from: [{source: {principals: [cluster.local/ns/istio-system/sa/istio-ingressgateway]}}]
    to: [{operation: {ports: ["18080"]}}]
  - from: [{source: {principals: [cluster.local/ns/echo/sa/someone-else]}}]
    to: [{operation: {ports: ["18085"]}}]`,
    )
    const http = { method: 'GET', path: '/', host: 'a' }
    expect(verdict({ policies, from: INGRESS, to: service(target, 80), http })).toBe('allow')
    expect(verdict({ policies, from: INGRESS, to: service(target, 85), http })).toBe(
      MESH[target].inMesh ? 'deny' : 'allow',
    )
  })
})

describe('TestAuthorizationWaypointDefaultDeny', () => {
  const targets = [
    ['service-addressed-waypoint', service('service-addressed-waypoint', 80)],
    ['workload-addressed-waypoint', pod('workload-addressed-waypoint')],
  ] as const
  const allowNothing = policy('allow-nothing', '  {}', 'istio-system')

  it.each(targets)('TestAuthorizationWaypointDefaultDeny: captured → %s', (target, to) => {
    const fromWaypoint = policy(
      'allow-from-waypoint',
      `  rules: [{from: [{source: {principals: ["cluster.local/ns/echo/sa/${MESH[target].waypoint ?? ''}"]}}]}]`,
    )
    const atClass = policy(
      'allow-nothing-waypoint',
      '  targetRefs: [{group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint}]',
      'istio-system',
    )
    const http = { method: 'GET', path: '/', host: 'a' }
    const verdictUnder = (policies: string): Verdict =>
      verdict({ policies, from: client('captured'), to, http })
    expect(verdictUnder(allowNothing)).toBe('deny')
    expect(verdictUnder(allowNothing + fromWaypoint)).toBe('allow')
    expect(verdictUnder(allowNothing + fromWaypoint + atClass)).toBe('deny')
  })
})

describe('TestPodIP, TestBogusUseWaypoint, TestIngress', () => {
  const deny = policy(
    'deny-all',
    '  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint-service}]',
  )
  const http = { method: 'GET', path: '/', host: 'a' }

  it('TestPodIP: traffic to a pod address bypasses a service waypoint', () => {
    expect(
      verdict({
        policies: deny,
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http,
      }),
    ).toBe('deny')
    expect(
      verdict({
        policies: deny,
        from: client('captured'),
        to: pod('service-addressed-waypoint'),
        http,
      }),
    ).toBe('allow')
  })

  it('TestBogusUseWaypoint: traffic goes to the pods where the waypoint does not exist', () => {
    const bogus = replaceIn(apps, [
      'istio.io/use-waypoint: waypoint-service',
      'istio.io/use-waypoint: bogus-waypoint',
    ])
    const { mesh } = analyse({ 'apps.yaml': bogus, 'deny.yaml': deny }, { world: 'closed' })
    expect(
      evaluateRequest(mesh, {
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http,
      }),
    ).toMatchObject({ verdict: 'allow', hops: [{ point: 'ztunnel' }] })
  })

  it('TestIngress: an ingress gateway uses the waypoint only if the Service says so', () => {
    const asks = replaceIn(apps, [
      'istio.io/use-waypoint: waypoint-service',
      'istio.io/use-waypoint: waypoint-service\n    istio.io/ingress-use-waypoint: "true"',
    ])
    const verdictIn = (mesh: string): Verdict =>
      evaluateRequest(analyse({ 'apps.yaml': mesh, 'deny.yaml': deny }, { world: 'closed' }).mesh, {
        from: INGRESS,
        to: service('service-addressed-waypoint', 80),
        http,
      }).verdict
    expect(verdictIn(apps)).toBe('allow')
    expect(verdictIn(asks)).toBe('deny')
  })
})

import { describe, expect, it } from 'vitest'
import {
  client,
  MESH,
  pairs,
  pod,
  policy,
  service,
  verdict,
  type App,
} from '../testing/istioAmbientSuite.js'
import type { RequestHttp, Verdict } from './request.js'

describe('TestAuthorizationServiceAttached', () => {
  const attached = (rules: string): string =>
    policy(
      'policy-waypoint',
      `  targetRefs: [{kind: Service, group: core, name: service-addressed-waypoint}]\n${rules}`,
    )
  const http = (headers: Record<string, string> = {}): RequestHttp => ({
    method: 'GET',
    path: '/',
    host: 'a',
    headers,
  })

  it('a policy for a Service applies to no other Service', () => {
    const other = `---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: echo, labels: {istio.io/use-waypoint: waypoint-service}}
spec: {selector: {app: captured}, ports: [{name: http, port: 80, targetPort: 18080}]}
`
    const policies =
      other +
      attached('  rules: [{from: [{source: {principals: [cluster.local/ns/something/sa/else]}}]}]')
    expect(
      verdict({
        policies,
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http: http(),
      }),
    ).toBe('deny')
    expect(
      verdict({
        policies,
        from: client('sidecar'),
        to: { service: 'echo/other', port: 80 },
        http: http(),
      }),
    ).toBe('allow')
    expect(
      verdict({
        policies,
        from: client('workload-addressed-waypoint'),
        to: { service: 'echo/other', port: 80 },
        http: http(),
      }),
    ).toBe('allow')
  })

  it('a policy for a Service matches headers', () => {
    const policies = attached(
      '  rules: [{when: [{key: "request.headers[x-foo]", values: [x-bar]}]}]',
    )
    expect(
      verdict({
        policies,
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http: http({ 'x-foo': 'x-bar' }),
      }),
    ).toBe('allow')
    expect(
      verdict({
        policies,
        from: client('captured'),
        to: service('service-addressed-waypoint', 80),
        http: http({ 'x-foo': 'wrong-value' }),
      }),
    ).toBe('deny')
  })
})

describe('TestAuthorizationL7', () => {
  const rules = (source: App): string => `  rules:
  - {to: [{operation: {paths: ["/allowed"], methods: [GET]}}]}
  - from: [{source: {principals: [cluster.local/ns/echo/sa/${source}]}}]
    to: [{operation: {paths: ["/allowed-identity"], methods: [GET]}}]
  - from: [{source: {principals: [cluster.local/ns/echo/sa/someone-else]}}]
    to: [{operation: {paths: ["/denied-identity"], methods: [GET]}}]
  - {to: [{operation: {methods: [GET], paths: ["/allowed-wildcard*"]}}]}
  - to: [{operation: {methods: [GET], paths: ["/headers"]}}]
    when: [{key: "request.headers[x-test-header]", values: [match], notValues: [do-not-match]}]
  - {to: [{operation: {methods: [POST]}}]}`
  const DENY = '  action: DENY\n  rules: [{to: [{operation: {paths: ["/explicit-deny"]}}]}]'
  const requests: [string, RequestHttp, Verdict][] = [
    ['simple deny', { path: '/deny' }, 'deny'],
    ['simple allow', { path: '/allowed' }, 'allow'],
    ['identity deny', { path: '/denied-identity' }, 'deny'],
    ['identity allow', { path: '/allowed-identity' }, 'allow'],
    ['explicit deny', { path: '/explicit-deny', method: 'POST' }, 'deny'],
    ['wildcard allow', { path: '/allowed-wildcardtest' }, 'allow'],
    ['headers allow', { path: '/headers', headers: { 'x-test-header': 'match' } }, 'allow'],
    ['headers deny', { path: '/headers', headers: { 'x-test-header': 'do-not-match' } }, 'deny'],
  ]
  // Sidecars do not use waypoints.
  const tested = pairs.filter(
    ([source, target]) => !(source === 'sidecar' && MESH[target].waypoint !== undefined),
  )

  it.each(tested)('TestAuthorizationL7: %s → %s', (source, target) => {
    const { waypoint } = MESH[target]
    const atWorkload =
      waypoint === undefined
        ? rules(source)
        : `  rules: [{from: [{source: {principals: [cluster.local/ns/echo/sa/${waypoint}]}}]}]`
    const gateway = `  targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: ${waypoint ?? 'none'}}]\n`
    const selector = `  selector: {matchLabels: {app: ${target}}}\n`
    const policies =
      policy('policy', selector + atWorkload) +
      policy('policy-waypoint', gateway + rules(source)) +
      policy('deny-policy', selector + DENY) +
      policy('deny-policy-waypoint', gateway + DENY)
    const to = waypoint === 'waypoint-workload' ? pod(target) : service(target, 80)
    for (const [name, http, wanted] of requests) {
      const expected = (): Verdict => {
        if (!MESH[source].inMesh && target !== 'sidecar')
          return MESH[target].inMesh ? 'deny' : 'allow'
        if (!MESH[target].inMesh) return 'allow'
        if (waypoint === undefined && target !== 'sidecar') return 'deny'
        return !MESH[source].inMesh && name === 'identity allow' ? 'deny' : wanted
      }
      expect(
        verdict({
          policies,
          from: client(source),
          to,
          http: { method: 'GET', host: 'a', ...http },
        }),
        name,
      ).toBe(expected())
    }
  })
})

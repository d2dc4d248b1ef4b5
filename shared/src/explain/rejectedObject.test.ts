import { describe, expect, it } from 'vitest'
import { lensesFor } from './lenses.js'
import { hintsFor } from './hints.js'
import { keys } from '../inventory/indexKeys.js'
import { Views } from '../testing/index.js'

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata: {name: bank, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: gate}}
`
const gateway = (listeners: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: bank}
spec: {gatewayClassName: istio-waypoint, listeners: ${listeners}}
`
const HBONE = '[{name: mesh, port: 15008, protocol: HBONE}]'
const WORKLOAD = `apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: bank}
spec: {selector: {app: ledger}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ledger, namespace: bank, labels: {app: ledger}}
spec: {containers: [{name: main, ports: [{containerPort: 8080}]}]}
`
const policy = (spec: string, kind = 'AuthorizationPolicy'): string =>
  `apiVersion: security.istio.io/v1\nkind: ${kind}\nmetadata: {name: p, namespace: bank}\nspec: ${spec}\n`
const viewsOf = (...documents: readonly string[]): Views => new Views(documents.join('---\n'))
const REQUEST = {
  from: { namespace: 'bank', serviceAccount: 'teller' },
  to: { service: 'bank/ledger', port: 80 },
  http: { method: 'GET', path: '/' },
}
const atGate = (rules: string): string =>
  policy(`{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gate}], ${rules}}`)

describe('an object that the API server rejects', () => {
  it.each<[string, readonly string[], string]>([
    [
      'a policy that would deny',
      [NAMESPACE, gateway(HBONE), WORKLOAD, policy('{action: DENI, rules: [{}]}')],
      'allow',
    ],
    [
      'a policy with two attachments',
      [
        NAMESPACE,
        gateway(HBONE),
        WORKLOAD,
        policy(
          '{selector: {matchLabels: {app: ledger}}, targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gate}], action: DENY, rules: [{}]}',
        ),
      ],
      'allow',
    ],
    [
      'the waypoint of a policy',
      [NAMESPACE, gateway('[]'), WORKLOAD, atGate('action: DENY, rules: [{}]')],
      'allow',
    ],
    [
      'none, so that the policy denies',
      [NAMESPACE, gateway(HBONE), WORKLOAD, atGate('action: DENY, rules: [{}]')],
      'deny',
    ],
  ])('takes no part in evaluate: %s', (_, documents, verdict) => {
    expect(viewsOf(...documents).evaluate(REQUEST).verdict).toBe(verdict)
  })

  it('leaves plaintext accepted where it is a PeerAuthentication', () => {
    const plaintext = { ...REQUEST, from: { ip: '10.0.0.1' } }
    const documents = (mode: string): string[] => [
      NAMESPACE,
      WORKLOAD,
      policy(`{mtls: {mode: ${mode}}}`, 'PeerAuthentication'),
    ]
    expect(viewsOf(...documents('STRIC')).evaluate(plaintext).verdict).toBe('allow')
    expect(viewsOf(...documents('STRICT')).evaluate(plaintext).verdict).toBe('deny')
  })

  it('has no other finding, no condition, no hint and no policy count', () => {
    const views = viewsOf(
      NAMESPACE,
      WORKLOAD,
      policy('{action: ALOW, rules: [{to: [{operation: {methods: [GET]}}]}]}'),
    )
    expect(views.findings('p').map(({ rule }) => rule)).toEqual(['invalid-resource'])
    expect(views.status('p')).toBeUndefined()
    const { mesh } = views.open
    const [rejected] = mesh.written(
      'AuthorizationPolicy',
      keys.named('AuthorizationPolicy', 'bank', 'p'),
    )
    expect(rejected && hintsFor(mesh, rejected)).toEqual([])
    expect(rejected && lensesFor(mesh, rejected).map(({ title }) => title)).toEqual([
      'rejected by the API server: not in the cluster',
    ])
    expect(views.explain('Pod', 'bank', 'ledger').summary).not.toContain('policy')
    expect(views.explain('AuthorizationPolicy', 'bank', 'p')).toMatchObject({
      targets: [],
      rules: [],
      status: null,
      unknowns: ['an earlier version of it may be in the cluster'],
    })
  })

  it('is in the cluster once its mistake is mended', () => {
    const views = viewsOf(
      NAMESPACE,
      gateway(HBONE),
      WORKLOAD,
      policy('{action: ALLOW, rules: [{from: [{source: {namespaces: [bank]}}]}]}'),
    )
    expect(views.findings('p').map(({ rule }) => rule)).not.toContain('invalid-resource')
    expect(views.status('p')).toMatchObject({ type: 'ZtunnelAccepted', status: 'True' })
  })
})

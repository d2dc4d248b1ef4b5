import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf, replaceAllIn, replaceIn } from '../../testing/index.js'
import {
  allow,
  FROM_WEB,
  found,
  ingress,
  LOAD_BALANCER,
  peer,
  rule,
  service,
} from '../../testing/plaintextClients.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

it('marks the field that shows a client outside the mesh', () => {
  const { found: marked, expected } = compareMarked(
    `${AMBIENT_SHOP}${MESH_STRICT}${service()}
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: w
webhooks:
- name: a.example
  clientConfig:
    url: https://a.example
- name: b.example
  clientConfig:
    service:
      name: api
#           ^^^ plaintext-client-refused: STRICT denies the API server on port 8080: it connects to Service "api" without mTLS.
      namespace: shop
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1.shop.example
spec:
  service:
    name: api
#         ^^^ plaintext-client-refused: STRICT denies the API server on port 9090: it connects to Service "api" without mTLS.
    namespace: shop
    port: 9090
---
apiVersion: v1
kind: Service
metadata:
  name: public
  namespace: shop
spec:
  type: NodePort
#       ^^^^^^^^ plaintext-client-refused: STRICT denies clients outside the cluster on port 80: they connect to Service "public" without mTLS.
  selector:
    app: api
  ports:
  - port: 80
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('clients of a load balancer', () => {
  const STRICT = (ports: string): string =>
    `warning: STRICT denies clients outside the cluster on ${ports}: they connect to Service "api" without mTLS.`
  const ALLOW = (ports: string): string =>
    `warning: ALLOW policies deny clients outside the cluster on ${ports}: ` +
    'they connect to Service "api" without an identity.'
  const template = `{{ if .Values.x }}
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: x
{{ end }}
---
`
  it.each<[string, readonly string[], readonly string[]]>([
    ['no policy', [LOAD_BALANCER], []],
    ['STRICT of the mesh', [MESH_STRICT, LOAD_BALANCER], [STRICT('ports 8080 and 9090')]],
    [
      'STRICT of the pods',
      [peer('  mtls:\n    mode: STRICT\n'), LOAD_BALANCER],
      [STRICT('ports 8080 and 9090')],
    ],
    [
      'STRICT with an exception',
      [
        peer('  mtls:\n    mode: STRICT\n  portLevelMtls:\n    8080:\n      mode: PERMISSIVE\n'),
        LOAD_BALANCER,
      ],
      [STRICT('port 9090')],
    ],
    [
      'STRICT on one port',
      [peer('  portLevelMtls:\n    8080:\n      mode: STRICT\n'), LOAD_BALANCER],
      [STRICT('port 8080')],
    ],
    [
      'a mode that another tool fills in',
      [peer('  mtls:\n    mode: ${MODE}\n'), LOAD_BALANCER],
      [],
    ],
    ['an ALLOW by identity', [allow(FROM_WEB), LOAD_BALANCER], [ALLOW('ports 8080 and 9090')]],
    [
      'an ALLOW by identity, for one port',
      [allow(`${FROM_WEB}  - to:\n    - operation:\n        ports: ["8080"]\n`), LOAD_BALANCER],
      [ALLOW('port 9090')],
    ],
    [
      'an ALLOW for an IP block, which may contain the client',
      [allow('  - from:\n    - source:\n        ipBlocks: ["10.0.0.0/8"]\n'), LOAD_BALANCER],
      [],
    ],
    [
      'an ALLOW without rules, which allows no client',
      [replaceIn(allow(''), ['  rules:\n', '']), LOAD_BALANCER],
      [],
    ],
    [
      'a DENY of plaintext, which is intended',
      [allow('  - from:\n    - source:\n        notPrincipals: ["*"]\n', 'DENY'), LOAD_BALANCER],
      [],
    ],
    ['an ALLOW beside a templated policy', [allow(FROM_WEB), LOAD_BALANCER, template], []],
    [
      'STRICT and an ALLOW by identity',
      [MESH_STRICT, allow(FROM_WEB), LOAD_BALANCER],
      [
        'warning: STRICT and ALLOW policies deny clients outside the cluster on ports 8080 and 9090: ' +
          'they connect to Service "api" without mTLS.',
      ],
    ],
    ['STRICT for a Service of type ClusterIP', [MESH_STRICT, service()], []],
  ])('clients of a load balancer with %s', (_, documents, expected) => {
    expect(found(AMBIENT_SHOP, ...documents)).toEqual(expected)
  })

  it.each<[string, string]>([
    ['outside ambient mode', replaceIn(AMBIENT_SHOP, ['mode: ambient', 'mode: none'])],
    [
      'that bypass inbound capture',
      replaceIn(AMBIENT_SHOP, [
        '      labels:\n        app: api\n',
        `      labels:
        app: api
      annotations:
        ambient.istio.io/bypass-inbound-capture: "true"
`,
      ]),
    ],
    ['that are not in the files', replaceAllIn(AMBIENT_SHOP, ['app: api', 'app: web'])],
  ])('reports no client of pods %s', (_, shop) => {
    expect(found(shop, MESH_STRICT, LOAD_BALANCER)).toEqual([])
  })

  const UNDESCRIBED = AMBIENT_SHOP.slice(AMBIENT_SHOP.indexOf('---\n') + 4)
  const assumptionsOf = (text: string): (readonly string[])[] =>
    findingsOf(analyse(text))
      .filter((finding) => finding.rule === rule)
      .map(({ assumptions }) => assumptions)

  it.each([
    ['a PeerAuthentication', peer('  mtls: {mode: STRICT}\n')],
    ['an ALLOW policy', allow(FROM_WEB)],
  ])('names the assumption that a namespace with %s is in ambient mode', (_, policy) => {
    expect(assumptionsOf(UNDESCRIBED + policy + LOAD_BALANCER)).toEqual([
      ['namespace "shop" is ambient'],
    ])
  })

  it('does not assume it because of a policy of the root namespace', () => {
    expect(assumptionsOf(UNDESCRIBED + MESH_STRICT + LOAD_BALANCER)).toEqual([])
  })
})

describe('an Ingress', () => {
  const DENIED = [
    'warning: STRICT denies this Ingress on port 8080: it connects to Service "api" without mTLS.',
  ]
  const controller = (labels = ''): string =>
    `apiVersion: v1
kind: Pod
metadata:
  name: c
  namespace: edge
  labels:
    app.kubernetes.io/name: ingress-nginx
${labels}---
`
  const edge = (mode: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: edge\n  labels:\n    istio.io/dataplane-mode: ${mode}\n---\n`
  it.each<[string, readonly string[], readonly string[]]>([
    ['of a cloud load balancer', [ingress('alb')], DENIED],
    ['of a cloud load balancer, to a port by name', [ingress('gce', 'name: https')], DENIED],
    ['of Istio', [ingress('istio')], []],
    ['whose pods are not in the files', [ingress('nginx')], []],
    ['whose pods are outside the mesh', [ingress('nginx'), edge('none'), controller()], DENIED],
    ['whose pods are in the mesh', [ingress('nginx'), edge('ambient'), controller()], []],
    [
      'whose pods have a sidecar',
      [ingress('nginx'), edge('none'), controller('    sidecar.istio.io/inject: "true"\n')],
      [],
    ],
    ['of an unknown class', [ingress('corp')], []],
  ])('an Ingress %s', (_, documents, expected) => {
    expect(found(AMBIENT_SHOP, MESH_STRICT, service(), ...documents)).toEqual(expected)
  })
})

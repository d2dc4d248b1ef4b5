import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { removedKeyPage } from './removed-key.page.js'
import { removedKey } from './removed-key.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === removedKey.name)
    .map(({ level, message }) => `${level}: ${message}`)

it('removed-key reports the bad example of its page', () => {
  expect(found(removedKeyPage.bad)).toEqual([
    'warning: istio.io/for-service-account has no effect: Istio does not read it since 1.22. Waypoints serve what istio.io/use-waypoint binds to them.',
  ])
})

it('removed-key reports nothing for the good example of its page', () => {
  expect(found(removedKeyPage.good)).toEqual([])
})

const service = (metadata: string, selector = '{app: a}'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: x${metadata}}\nspec: {selector: ${selector}, ports: [{port: 80}]}\n`
const networkPolicy = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: x}\nspec: ${spec}\n`
const OLD = 'istio.io/gateway-name'
const NO_POD =
  'warning: This selects no pod: pods have no label istio.io/gateway-name since Istio 1.24. Use gateway.networking.k8s.io/gateway-name.'

it.each<[string, string, readonly string[]]>([
  [
    'a label that never existed',
    service(', labels: {networking.istio.io/ingress-waypoint: w}'),
    [
      'warning: networking.istio.io/ingress-waypoint has no effect: Istio does not know it. Use the label istio.io/ingress-use-waypoint.',
    ],
  ],
  [
    'an old key as a label of a Gateway',
    `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: x, labels: {istio.io/service-account: a}}\nspec: {gatewayClassName: istio-waypoint, listeners: [{name: m, port: 15008, protocol: HBONE}]}\n`,
    [
      'warning: istio.io/service-account has no effect: Istio does not read it since 1.22. istio.io/use-waypoint replaces it.',
    ],
  ],
  [
    'the pods of a NetworkPolicy',
    networkPolicy(`{podSelector: {matchLabels: {${OLD}: w}}}`),
    [NO_POD],
  ],
  [
    'a peer of a NetworkPolicy, by an expression',
    networkPolicy(
      `{podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions: [{key: ${OLD}, operator: Exists}]}}]}]}`,
    ),
    [NO_POD],
  ],
  ['the selector of a Service', service('', `{${OLD}: w}`), [NO_POD]],
  [
    'the selector of a policy',
    `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: x}\nspec: {selector: {matchLabels: {${OLD}: w}}, rules: [{to: [{operation: {methods: [GET]}}]}]}\n`,
    [NO_POD],
  ],
  [
    'the selector of a Service whose pods have the label',
    `${service('', `{${OLD}: w}`)}---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: x, labels: {app: a, ${OLD}: w}}\n`,
    [],
  ],
  ['the key of today', service('', '{gateway.networking.k8s.io/gateway-name: w}'), []],
  [
    'keys that Istio reads',
    service(
      ', labels: {istio.io/ingress-use-waypoint: "true"}, annotations: {networking.istio.io/exportTo: "."}',
    ),
    [],
  ],
])('reports %s', (_, text, expected) => {
  expect(found(text)).toEqual(expected)
})

it('says nothing of a policy for old pods of gateways beside it', () => {
  const text = `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: x}\nspec: {selector: {matchLabels: {${OLD}: w}}, rules: [{to: [{operation: {methods: [GET]}}]}]}\n`
  expect(findingsOf(analyse(text)).map(({ rule }) => rule)).toEqual([removedKey.name])
})

it('offers fixes with the key of today', () => {
  const rule = removedKey.name
  expectFixed(
    networkPolicy(`{podSelector: {matchLabels: {${OLD}: w}}}`),
    { rule, title: 'Change to gateway.networking.k8s.io/gateway-name' },
    networkPolicy('{podSelector: {matchLabels: {gateway.networking.k8s.io/gateway-name: w}}}'),
  )
  const labelled = `apiVersion: v1
kind: Service
metadata:
  name: s
  namespace: x
  labels:
    networking.istio.io/ingress-waypoint: w
spec:
  ports: [{port: 80}]
`
  expectFixed(
    labelled,
    { rule, title: 'Replace with the label istio.io/ingress-use-waypoint' },
    replaceIn(labelled, [
      'networking.istio.io/ingress-waypoint: w',
      'istio.io/ingress-use-waypoint: "true"',
    ]),
  )
})

it('binds the Services of the account that the key named', () => {
  const text = `${replaceIn(removedKeyPage.bad, ['    istio.io/use-waypoint: waypoint\n', ''], [/ # ←.*/, ''])}---
apiVersion: v1
kind: Service
metadata:
  name: ratings
  namespace: books
spec:
  selector: {app: ratings}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: ratings, namespace: books, labels: {app: ratings}}
spec: {serviceAccountName: ratings}
`
  const fixed = expectFixed(text, {
    rule: removedKey.name,
    title: 'Bind the Services of account "ratings" to this waypoint',
  })
  expect(fixed['test.yaml']).toContain('    istio.io/use-waypoint: waypoint\n')
  expect(fixed['test.yaml']).not.toContain('for-service-account')
})

const deployment = (annotations: string, labels = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata:
${annotations}      labels:
        app: cart
${labels}    spec:
      containers: [{name: cart, image: cart}]
`
const OPT_OUT = '      annotations:\n        ambient.istio.io/redirection: disabled\n'
const NONE = '        istio.io/dataplane-mode: none\n'

it('says that the annotation for redirection keeps no pod out of ambient mode', () => {
  expect(found(deployment(OPT_OUT))).toEqual([
    'warning: "disabled" has no effect: Istio does not read it. The label istio.io/dataplane-mode: none keeps pods out of ambient mode.',
  ])
  expect(found(deployment(OPT_OUT, NONE))).toEqual([])
  expect(found(deployment(replaceIn(OPT_OUT, ['disabled', 'enabled'])))).toEqual([])
  expect(found(service(', annotations: {ambient.istio.io/redirection: disabled}'))).toEqual([])
  expectFixed(
    deployment(OPT_OUT),
    { rule: removedKey.name, title: 'Replace with the label istio.io/dataplane-mode: none' },
    deployment('', NONE),
  )
})

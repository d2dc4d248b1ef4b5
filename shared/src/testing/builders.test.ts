import { parse } from 'yaml'
import { expect, it } from 'vitest'
import { SHOP } from '../rules/support/examples.js'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  findingsOf,
  from,
  gateway,
  gatewayClass,
  httpRoute,
  namespace,
  networkPolicy,
  object,
  peerAuthentication,
  pod,
  readYaml,
  requestAuthentication,
  resourceOf,
  resourcesOf,
  service,
  serviceAccount,
  serviceEntry,
  shop,
  to,
  waypoint,
  when,
} from './index.js'

it('an object is written in block style, without the fields that are undefined', () => {
  expect(
    object('ConfigMap', 'shop/settings', {
      labels: { team: 'shop' },
      annotations: {},
      rest: { data: { level: '5', host: undefined } },
    }),
  ).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
  labels:
    team: shop
data:
  level: "5"
`)
})

it('the spec of an object may be text, whose comments are kept', () => {
  expect(object('Istio', 'default', { spec: 'version: v1.30.0\n# ^^^\nvalues: {}\n' })).toBe(
    `apiVersion: sailoperator.io/v1
kind: Istio
metadata:
  name: default
spec:
  version: v1.30.0
  # ^^^
  values: {}
`,
  )
})

it('an object of an unknown kind needs its API version', () => {
  expect(() => object('Bucket', 'shop/files')).toThrow('Bucket needs the option apiVersion.')
  expect(object('Bucket', 'shop/files', { apiVersion: 'example.com/v1' })).toContain(
    'apiVersion: example.com/v1\nkind: Bucket\n',
  )
})

it('documents are separated by markers', () => {
  expect(documents('a: 1', 'b: 2\n')).toBe('a: 1\n---\nb: 2\n')
})

it('a namespace is in ambient mode unless the test says otherwise', () => {
  expect(namespace('shop')).toBe(`apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
`)
  expect(namespace('shop', { ambient: false })).not.toContain('labels')
  expect(namespace('shop', { labels: { 'istio.io/dataplane-mode': 'none' } })).toContain(
    'dataplane-mode: none',
  )
})

it('the option `waypoint` becomes one label or two', () => {
  const labelsOf = (at: string): unknown =>
    (parse(service('shop/api', { waypoint: at })) as { metadata: { labels: unknown } }).metadata
      .labels
  expect(labelsOf('waypoint')).toEqual({ 'istio.io/use-waypoint': 'waypoint' })
  expect(labelsOf('infra/shared')).toEqual({
    'istio.io/use-waypoint': 'shared',
    'istio.io/use-waypoint-namespace': 'infra',
  })
})

it('a Deployment has a pod template with its own labels', () => {
  expect(
    deployment('shop/api', {
      serviceAccount: 'api',
      labels: { team: 'shop' },
      podLabels: { 'istio.io/dataplane-mode': 'none' },
      container: { readinessProbe: { httpGet: { path: '/', port: 8080 } } },
      spec: { hostNetwork: true },
    }),
  ).toBe(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
  labels:
    team: shop
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
        istio.io/dataplane-mode: none
    spec:
      serviceAccountName: api
      containers:
        - name: api
          image: example/api
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet:
              path: /
              port: 8080
      hostNetwork: true
`)
})

it('a policy applies to pods by label, or to targets by kind and name', () => {
  expect(
    authorizationPolicy('shop/allow', {
      app: 'api',
      action: 'ALLOW',
      rules: [
        {
          ...from({ namespaces: ['web'] }),
          ...to({ methods: ['GET'] }),
          ...when({ key: 'source.ip', values: ['10.0.0.0/8'] }),
        },
      ],
    }),
  ).toBe(`apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces:
              - web
      to:
        - operation:
            methods:
              - GET
      when:
        - key: source.ip
          values:
            - 10.0.0.0/8
`)
  expect(
    resourceOf(
      'AuthorizationPolicy',
      authorizationPolicy('shop/p', {
        targetRefs: ['Service/api', 'Gateway/waypoint', { kind: 'Service', name: 'web' }],
      }),
    ).targetRefs.map(({ group, kind, name }) => [group, kind, name]),
  ).toEqual([
    ['', 'Service', 'api'],
    ['gateway.networking.k8s.io', 'Gateway', 'waypoint'],
    ['', 'Service', 'web'],
  ])
})

it('the ports of a PeerAuthentication are numbers', () => {
  expect(
    peerAuthentication('shop/default', { mode: 'STRICT', ports: { 8080: 'DISABLE' } }),
  ).toContain('  mtls:\n    mode: STRICT\n  portLevelMtls:\n    8080:\n      mode: DISABLE\n')
})

it('every builder writes an object that the API server accepts', () => {
  const text = documents(
    namespace('shop', { waypoint: 'waypoint' }),
    serviceAccount('shop/api'),
    service('shop/api'),
    pod('shop/job'),
    deployment('shop/api'),
    deployment('shop/db', { kind: 'StatefulSet' }),
    waypoint('shop/waypoint', { for: 'all', allowedNamespaces: 'Same' }),
    gateway('shop/edge'),
    gatewayClass('edge', 'istio.io/gateway-controller'),
    httpRoute('shop/api', { parents: ['Gateway/edge'], backends: [{ name: 'api', port: 80 }] }),
    serviceEntry('shop/outside'),
    networkPolicy('shop/all', { policyTypes: ['Ingress'] }),
    authorizationPolicy('shop/allow', { rules: [from({ namespaces: ['shop'] })] }),
    peerAuthentication('shop/default', { mode: 'STRICT' }),
    requestAuthentication('shop/token', { targetRefs: ['Service/api'] }),
  )
  expect(readYaml(text).flatMap(({ problems }) => problems)).toEqual([])
  expect(resourcesOf(text).map(({ type }) => type)).not.toContain('Other')
  const rules = findingsOf(analyse(text)).map(({ rule }) => rule)
  expect(rules).not.toContain('invalid-resource')
})

it('the shop of the tests has the objects of the shop on the pages', () => {
  const shape = (text: string): string[] =>
    resourcesOf(text).map(({ type, namespace: at, name }) => `${type} ${at}/${name}`)
  expect(shape(shop())).toEqual(shape(SHOP))
  expect(findingsOf(analyse(shop()))).toEqual(findingsOf(analyse(SHOP)))
  expect(shape(shop({ waypoint: false, service: false }))).toEqual([
    'Namespace /shop',
    'Deployment shop/api',
  ])
  expect(shop({ waypoint: { for: 'all' } })).toContain('istio.io/waypoint-for: all')
})

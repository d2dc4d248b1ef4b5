import { describe, expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { ingressDeniedPage } from './ingress-denied.page.js'
import { ingressDenied } from './ingress-denied.js'

const rule = ingressDenied.name
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
const { bad, good } = ingressDeniedPage
const DENIED = [
  'ztunnel denies Gateway "ingress/storefront" all traffic to Service "api": no policy allows "ingress/storefront-istio".',
]
const VIRTUAL_SERVICE = `${bad.slice(0, bad.indexOf('apiVersion: gateway.'))}apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: door, namespace: ingress }
spec: { selector: { app: door }, servers: [{ hosts: ["*"], port: { number: 80, name: http, protocol: HTTP } }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: door, namespace: ingress }
spec:
  selector: { matchLabels: { app: door } }
  template:
    metadata: { labels: { app: door } }
    spec: { serviceAccountName: door, containers: [{ name: istio-proxy, image: auto }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: shop }
spec: { hosts: ["*"], gateways: [ingress/door], http: [{ route: [{ destination: { host: api } }] }] }
`

it('ingress-denied reports the bad example of its page', () => {
  expect(found(bad)).toEqual(DENIED)
})

it('ingress-denied reports nothing for the good example of its page', () => {
  expect(found(good)).toEqual([])
})

it('the gateway is allowed', () => {
  expectFixed(
    bad,
    { rule, title: 'Allow Gateway "ingress/storefront" to reach Service "api"' },
    replaceIn(good, ['name: api\n          port: 80', 'name: api # ←\n          port: 80']),
  )
})

/** The page's example with fields in the `parentRef` of the route. */
const parent = (fields: string): string => replaceIn(bad, [PARENT, `${PARENT}\n      ${fields}`])
const PARENT = '- name: storefront\n      namespace: ingress'

it.each(['sectionName: http', 'port: 80', 'sectionName: "${LISTENER}"'])(
  'a route can name a listener: %s',
  (fields) => {
    expect(found(parent(fields))).toEqual(DENIED)
  },
)

it('the account of a gateway that a chart deploys is that of its pods', () => {
  expect(found(VIRTUAL_SERVICE)).toEqual([
    'ztunnel denies Gateway "ingress/door" all traffic to Service "api": no policy allows "ingress/door".',
  ])
})

describe('nothing is reported', () => {
  it.each<[string, string]>([
    [
      'if the gateway is allowed by its namespace',
      replaceIn(bad, ['["shop"]', '["shop", "ingress"]']),
    ],
    [
      'if a rule names no client',
      replaceIn(bad, [/    - from:\n.*\n.*\n/, '    - to: [{ operation: { ports: ["8080"] } }]\n']),
    ],
    ['if only a DENY policy applies', replaceIn(bad, ['action: ALLOW', 'action: DENY'])],
    ['if no client is allowed', replaceIn(bad, [/  rules:\n    - from:\n.*\n.*\n/, ''])],
    [
      'of a policy with rules that ztunnel drops',
      replaceIn(bad, ['  rules:\n', '  rules:\n    - to: [{ operation: { methods: [GET] } }]\n']),
    ],
    ['outside ambient mode', replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none'])],
    [
      'of a gateway of another controller',
      replaceIn(bad, ['gatewayClassName: istio', 'gatewayClassName: nginx']),
    ],
    [
      'if the Gateway is not in the files',
      replaceIn(bad, [
        'name: storefront\n      namespace: ingress',
        'name: other\n      namespace: ingress',
      ]),
    ],
    ['of a listener that the Gateway does not have', parent('sectionName: https')],
    ['of a port that no listener has', parent('port: 8443')],
    [
      'of a listener for another namespace',
      replaceIn(parent('sectionName: own'), [
        'listeners:\n',
        'listeners:\n    - { name: own, port: 81, protocol: HTTP }\n',
      ]),
    ],
    [
      'if the Service has a waypoint',
      replaceIn(bad, [
        'istio.io/dataplane-mode: ambient\n',
        'istio.io/dataplane-mode: ambient\n    istio.io/use-waypoint: waypoint\n',
      ]),
    ],
    [
      'where the trust domain is not known',
      replaceIn(bad, ['namespaces: ["shop"]', 'namespaces: ["shop"]']) +
        `---\napiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: a }\nspec: { meshConfig: { trustDomain: "\${DOMAIN}" } }\n`,
    ],
  ])('%s', (_, text) => {
    expect(text).not.toBe(bad)
    expect(found(text)).toEqual([])
  })
})

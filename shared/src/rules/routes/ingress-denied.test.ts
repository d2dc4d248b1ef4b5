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

/** The page's example with fields in the listener, and with host names of the route. */
const listener = (fields: string, hostnames = '[]', kind = 'HTTPRoute'): string =>
  replaceIn(
    bad,
    [PROTOCOL, fields],
    ['kind: HTTPRoute', `kind: ${kind}`],
    ['  parentRefs:', `  hostnames: ${hostnames}\n  parentRefs:`],
  )
const PROTOCOL = 'protocol: HTTP'
const HOST = `${PROTOCOL}\n      hostname: `

it.each<[string, string]>([
  ['an equal host', listener(`${HOST}api.example`, '[other.example, api.example]')],
  ['a wildcard of the listener', listener(`${HOST}"*.example"`, '[api.example]')],
  ['a wildcard of the route', listener(`${HOST}api.example`, '["*.example"]')],
  ['a route for every host', listener(`${HOST}api.example`)],
  ['a listener for every host', listener(`${HOST}""`, '[api.example]')],
  ['a host that another tool fills in', listener(`${HOST}\${HOST}`, '[api.example]')],
  ['a host of the route that another tool fills in', listener(`${HOST}a.example`, '["${HOST}"]')],
  ['a protocol of another product', listener('protocol: example.com/http')],
  ['a GRPCRoute', listener(PROTOCOL, '[]', 'GRPCRoute')],
])('a listener takes routes with %s', (_, text) => {
  expect(found(text)).toEqual(DENIED)
})

it.each(['[{ kind: GRPCRoute }, { kind: HTTPRoute }]', '[]', '[{ kind: "${KIND}" }]'])(
  'a listener takes routes of the kinds %s',
  (kinds) => {
    expect(found(withKinds(kinds))).toEqual(DENIED)
  },
)

/** The page's example with `allowedRoutes.kinds`. */
const withKinds = (kinds: string): string =>
  replaceIn(bad, ['allowedRoutes:\n', `allowedRoutes:\n        kinds: ${kinds}\n`])

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
    ['of a listener for another host', listener(`${HOST}api.example`, '[www.example]')],
    ['of a listener for subdomains', listener(`${HOST}"*.example"`, '[example, "*.org"]')],
    ['of a listener for TLS', listener('protocol: TLS')],
    ['of a listener for TCP', listener('protocol: TCP')],
    ['of a listener for UDP', listener('protocol: UDP')],
    ['of a kind that the listener does not allow', withKinds('[{ kind: GRPCRoute }]')],
    [
      'of a route with a filter that istiod does not convert',
      replaceIn(bad, ['- backendRefs:', '- filters: [{ type: ExtensionRef }]\n      backendRefs:']),
    ],
    ['of a kind of another group', withKinds('[{ group: example.com, kind: HTTPRoute }]')],
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

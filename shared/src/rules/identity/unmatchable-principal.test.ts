import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
  type Files,
} from '../../testing/index.js'
import { AMBIENT_SHOP } from '../support/examples.js'
import { principalFault } from './principalShape.js'
import { unmatchablePrincipal } from './unmatchable-principal.js'
import { unmatchablePrincipalPage } from './unmatchable-principal.page.js'

const { name } = unmatchablePrincipal
const { good } = unmatchablePrincipalPage
const bad = withoutArrows(unmatchablePrincipalPage.bad)
const rules = [name]
const policy = (
  source: string,
  action = 'ALLOW',
  attachment = '{selector: {matchLabels: {app: api}}}',
): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  ${attachment.slice(1, -1)}
  action: ${action}
  rules:
    - from:
        - source:
            ${source}
`
const SERVICE = '{targetRefs: [{kind: Service, group: "", name: api}]}'
const GATEWAY = '{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: wp}]}'
const messages = (files: Files | string, settings = {}): string[] =>
  describeFindings(analyse(files, { settings }))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^\S+ /, '').replace(` ${name}`, ''))
const MESH_CONFIG = (trustDomain: string, file = 'values.yaml'): Files => ({
  [file]: `meshConfig:\n  trustDomain: ${trustDomain}\n`,
})

it('marks a principal that never matches', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      'sa/web"]\n',
      `sa/web"]
#                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unmatchable-principal: Principal "spiffe://cluster.local/ns/shop/sa/web" allows nothing: identities are compared without "spiffe://".
`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('a principal', () => {
  it.each([
    ['td/ns/a/sa/b', undefined],
    ['td/ns/a/sa/b*', undefined],
    ['td/ns/a/*', undefined],
    ['td/n*', undefined],
    ['t*', undefined],
    ['*', undefined],
    ['*/ns/a/sa/b', undefined],
    ['*s/a/sa/b', undefined],
    ['*/sa/b', undefined],
    ['*b', undefined],
    ['td/*', undefined],
    ['*a/sa/b', undefined],
    ['spiffe://td/ns/a/sa/b', 'prefix'],
    ['td/ns/*/sa/b', 'wildcard'],
    ['*/ns/a/*', 'wildcard'],
    ['td/ns/a/sa', 'shape'],
    ['ns/a/sa/b', 'shape'],
    ['a/b', 'shape'],
    ['td/ns/a/sa/b/c', 'shape'],
    ['td/namespace/a*', 'shape'],
    ['*/account/b', 'shape'],
    ['td//a/sa/b', 'shape'],
    ['*/sa/', 'shape'],
    ['td/ns/a/sa/', 'shape'],
    ['web', 'shape'],
    ['', 'shape'],
  ])('the principal %j has the fault %s', (value, fault) => {
    expect(principalFault(value, undefined)).toBe(fault)
  })

  it.each([
    ['other/ns/a/sa/b', 'trust-domain'],
    ['td/ns/a/sa/b', undefined],
    ['other/*', 'trust-domain'],
    ['t*', undefined],
    ['o*', 'trust-domain'],
    ['*/ns/a/sa/b', undefined],
    ['td2/*', 'trust-domain'],
  ])('the principal %j in trust domain td has the fault %s', (value, fault) => {
    expect(principalFault(value, 'td')).toBe(fault)
  })
})

describe('the message', () => {
  it.each([
    [
      'principals: ["cluster.local/ns/*/sa/web"]',
      'DENY',
      'Principal "cluster.local/ns/*/sa/web" denies nothing: a "*" is a wildcard only at the start or end.',
    ],
    [
      'notPrincipals: ["shop/web"]',
      'ALLOW',
      'Principal "shop/web" excludes nothing: identities have the form <trust domain>/ns/<namespace>/sa/<account>.',
    ],
  ])('names the effect of %s in %s', (source, action, message) => {
    expect(messages(AMBIENT_SHOP + policy(source, action))).toEqual([`error: ${message}`])
  })

  it('reports a principal of a condition in the same way', () => {
    const text =
      AMBIENT_SHOP +
      replaceIn(policy('namespaces: [web]'), [
        / {4}- from:[^]*$/,
        '    - when:\n        - key: source.principal\n          values: ["web"]\n',
      ])
    expect(messages(text)).toEqual([
      'error: Principal "web" allows nothing: identities have the form <trust domain>/ns/<namespace>/sa/<account>.',
    ])
  })

  it('has a message of at most 140 characters with a long principal', () => {
    const [finding] = findingsOf(
      analyse(AMBIENT_SHOP + policy(`principals: ["${'x'.repeat(120)}"]`)),
    )
    expect(finding?.message.length).toBeLessThanOrEqual(140)
  })
})

describe('the trust domain', () => {
  const wrong = { 'a.yaml': AMBIENT_SHOP + policy('principals: ["cluster.local/ns/shop/sa/web"]') }

  it('compares the trust domain if the files or settings show that of the mesh', () => {
    expect(messages({ ...wrong, ...MESH_CONFIG('shop.example') })).toEqual([
      'error: Principal "cluster.local/ns/shop/sa/web" allows nothing: ' +
        'at ztunnel every identity has trust domain "shop.example".',
    ])
    expect(messages(wrong, { trustDomain: 'shop.example' }).length).toBe(1)
  })

  it('ignores the trust domain if that of the mesh is unknown, ambiguous or the same', () => {
    expect(
      messages({ 'a.yaml': AMBIENT_SHOP + policy('principals: ["shop.example/ns/shop/sa/web"]') }),
    ).toEqual([])
    expect(
      messages({
        ...wrong,
        ...MESH_CONFIG('shop.example'),
        ...MESH_CONFIG('other.example', 'b/values.yaml'),
      }),
    ).toEqual([])
    expect(
      messages({ ...wrong, ...MESH_CONFIG('cluster.local') }, { trustDomain: 'shop.example' }),
    ).toEqual([])
  })

  it('ignores the trust domain at waypoints, which expand it', () => {
    expect(
      messages({
        'a.yaml':
          AMBIENT_SHOP + policy('principals: ["cluster.local/ns/shop/sa/web"]', 'ALLOW', SERVICE),
        ...MESH_CONFIG('shop.example'),
      }),
    ).toEqual([])
  })
})

it.each([
  ['for a Service', policy('principals: ["web"]', 'ALLOW', SERVICE), 1],
  [
    'for a waypoint',
    `${policy('principals: ["web"]', 'ALLOW', GATEWAY)}---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
`,
    1,
  ],
  [
    'for all waypoints',
    policy(
      'principals: ["web"]',
      'ALLOW',
      '{targetRefs: [{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}]}',
    ),
    1,
  ],
  [
    'for a gateway that may have clients outside the mesh',
    policy(
      'principals: ["web"]',
      'ALLOW',
      '{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: gw}]}',
    ),
    0,
  ],
  [
    'for an ingress gateway',
    policy('principals: ["web"]', 'ALLOW', '{selector: {matchLabels: {istio: ingressgateway}}}'),
    0,
  ],
  ['with an action that ztunnel does not support', policy('principals: ["web"]', 'AUDIT'), 0],
  ['whose value another tool fills in', policy('principals: ["${PRINCIPAL}"]'), 0],
])('the principal of a policy %s', (_, text, count) => {
  expect(compareMarked(AMBIENT_SHOP + text, { rules }).found.length).toBe(count)
})

it('reports nothing if sidecars enforce the policy', () => {
  expect(
    messages(
      replaceIn(AMBIENT_SHOP, ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled']) +
        policy('principals: ["web"]'),
    ),
  ).toEqual([])
})

describe('the fixes', () => {
  it('offers a fix that removes spiffe://', () => {
    expectFixed(bad, { rule: name, title: 'Change to "cluster.local/ns/shop/sa/web"' }, good)
  })

  it('offers a fix that sets the trust domain of the mesh', () => {
    const file = AMBIENT_SHOP + policy('principals: ["spiffe://cluster.local/ns/shop/sa/web"]')
    const fixed = expectFixed(
      { 'a.yaml': file, ...MESH_CONFIG('shop.example') },
      { rule: name, title: 'Change to "shop.example/ns/shop/sa/web"' },
    )
    expect(fixed['a.yaml']).toBe(replaceIn(file, ['spiffe://cluster.local', 'shop.example']))
  })

  it('offers a fix that uses service accounts', () => {
    const file =
      AMBIENT_SHOP + policy('principals: ["ns/shop/sa/web", "shop/cart"] # clients', 'DENY')
    const fixed = expectFixed(file, { rule: name, title: 'Use serviceAccounts' })
    expect(messages(fixed)).toEqual([])
    expect(fixed['test.yaml']).toContain(
      'serviceAccounts:\n              - shop/web\n              - shop/cart\n',
    )
  })

  it('offers safe fixes only if the policy then denies more', () => {
    const safe = (text: string): unknown =>
      findingsOf(analyse(AMBIENT_SHOP + text))
        .filter(({ rule }) => rule === name)
        .flatMap(({ fixes }) => fixes.map((fix) => fix.safe))
    expect(safe(policy('principals: ["spiffe://td/ns/a/sa/b"]'))).toEqual([false, false])
    expect(safe(policy('principals: ["spiffe://td/ns/a/sa/b"]', 'DENY'))).toEqual([true, true])
    expect(safe(policy('notPrincipals: ["spiffe://td/ns/a/sa/b"]'))).toEqual([true, true])
    expect(safe(policy('notPrincipals: ["spiffe://td/ns/a/sa/b"]', 'DENY'))).toEqual([false, false])
  })

  it('offers no fix that the API server rejects, and none without a named account', () => {
    const titles = (text: string, settings = {}): unknown =>
      findingsOf(analyse(AMBIENT_SHOP + text, { settings }))
        .filter(({ rule }) => rule === name)
        .map(({ fixes }) => fixes.map(({ title }) => title))
    expect(titles(policy('{principals: ["shop/web"], namespaces: [shop]}'))).toEqual([[]])
    expect(titles(policy('principals: ["shop/web", "*"]'))).toEqual([[]])
    expect(titles(policy('principals: ["td/ns/*/sa/web"]'))).toEqual([[]])
    expect(titles(policy('principals: ["shop/web"]'), { istioVersion: '1.24' })).toEqual([[]])
  })
})

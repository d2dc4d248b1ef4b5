import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  type Files,
} from '../../testing/index.js'
import { AMBIENT_SHOP } from '../support/examples.js'
import { principalFault } from './principalShape.js'
import { unmatchablePrincipal } from './unmatchable-principal.js'
import { unmatchablePrincipalPage } from './unmatchable-principal.page.js'

const { name } = unmatchablePrincipal
const { bad, good } = unmatchablePrincipalPage
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
const said = (files: Files | string, settings = {}): string[] =>
  describeFindings(analyse(files, { settings }))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^\S+ /, '').replace(` ${name}`, ''))
const MESH_CONFIG = (trustDomain: string, file = 'values.yaml'): Files => ({
  [file]: `meshConfig:\n  trustDomain: ${trustDomain}\n`,
})

it('marks the value', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      'sa/web"]\n',
      'sa/web"]\n#                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unmatchable-principal: Principal "spiffe://cluster.local/ns/shop/sa/web" admits nobody: identities are compared without "spiffe://".\n',
    ),
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
  ])('%j: %s', (value, fault) => {
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
  ])('%j in trust domain td: %s', (value, fault) => {
    expect(principalFault(value, 'td')).toBe(fault)
  })
})

describe('what it says', () => {
  it.each([
    [
      'principals: ["cluster.local/ns/*/sa/web"]',
      'DENY',
      'Principal "cluster.local/ns/*/sa/web" stops nobody: a "*" is a wildcard at the start or end only.',
    ],
    [
      'notPrincipals: ["shop/web"]',
      'ALLOW',
      'Principal "shop/web" excepts nobody: identities have the form <trust domain>/ns/<namespace>/sa/<account>.',
    ],
  ])('of %s in %s', (source, action, message) => {
    expect(said(AMBIENT_SHOP + policy(source, action))).toEqual([`error: ${message}`])
  })

  it('is the same of a condition', () => {
    const text =
      AMBIENT_SHOP +
      policy('namespaces: [web]').replace(
        / {4}- from:[^]*$/,
        '    - when:\n        - key: source.principal\n          values: ["web"]\n',
      )
    expect(said(text)).toEqual([
      'error: Principal "web" admits nobody: identities have the form <trust domain>/ns/<namespace>/sa/<account>.',
    ])
  })

  it('fits whatever is written', () => {
    const [finding] = findingsOf(
      analyse(AMBIENT_SHOP + policy(`principals: ["${'x'.repeat(120)}"]`)),
    )
    expect(finding?.message.length).toBeLessThanOrEqual(140)
  })
})

describe('the trust domain', () => {
  const wrong = { 'a.yaml': AMBIENT_SHOP + policy('principals: ["cluster.local/ns/shop/sa/web"]') }

  it('is compared where the mesh says its own', () => {
    expect(said({ ...wrong, ...MESH_CONFIG('shop.example') })).toEqual([
      'error: Principal "cluster.local/ns/shop/sa/web" admits nobody: at ztunnel every identity is of trust domain "shop.example".',
    ])
    expect(said(wrong, { trustDomain: 'shop.example' }).length).toBe(1)
  })

  it('is not where nobody says it, installs disagree, or one of them has it', () => {
    expect(
      said({ 'a.yaml': AMBIENT_SHOP + policy('principals: ["shop.example/ns/shop/sa/web"]') }),
    ).toEqual([])
    expect(
      said({
        ...wrong,
        ...MESH_CONFIG('shop.example'),
        ...MESH_CONFIG('other.example', 'b/values.yaml'),
      }),
    ).toEqual([])
    expect(
      said({ ...wrong, ...MESH_CONFIG('cluster.local') }, { trustDomain: 'shop.example' }),
    ).toEqual([])
  })

  it('is expanded by waypoints', () => {
    expect(
      said({
        'a.yaml':
          AMBIENT_SHOP + policy('principals: ["cluster.local/ns/shop/sa/web"]', 'ALLOW', SERVICE),
        ...MESH_CONFIG('shop.example'),
      }),
    ).toEqual([])
  })
})

it.each([
  ['at a Service', policy('principals: ["web"]', 'ALLOW', SERVICE), 1],
  [
    'at a waypoint',
    `${policy('principals: ["web"]', 'ALLOW', '{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: wp}]}')}---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: wp, namespace: shop}\nspec: {gatewayClassName: istio-waypoint}\n`,
    1,
  ],
  [
    'at all waypoints',
    policy(
      'principals: ["web"]',
      'ALLOW',
      '{targetRefs: [{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}]}',
    ),
    1,
  ],
  [
    'at a gateway whose clients may be anybody',
    policy(
      'principals: ["web"]',
      'ALLOW',
      '{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: gw}]}',
    ),
    0,
  ],
  [
    'at an ingress gateway',
    policy('principals: ["web"]', 'ALLOW', '{selector: {matchLabels: {istio: ingressgateway}}}'),
    0,
  ],
  ['at a policy that nobody enforces', policy('principals: ["web"]', 'AUDIT'), 0],
  ['of a value that is filled in', policy('principals: ["${PRINCIPAL}"]'), 0],
])('speaks %s', (_, text, count) => {
  expect(compareMarked(AMBIENT_SHOP + text, { rules }).found.length).toBe(count)
})

it('is silent where sidecars compare', () => {
  expect(
    said(
      AMBIENT_SHOP.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled') +
        policy('principals: ["web"]'),
    ),
  ).toEqual([])
})

describe('the fixes', () => {
  it('strip the prefix', () => {
    expectFixed(bad, { rule: name, title: 'Change to "cluster.local/ns/shop/sa/web"' }, good)
  })

  it('write the trust domain of the mesh', () => {
    const file = AMBIENT_SHOP + policy('principals: ["spiffe://cluster.local/ns/shop/sa/web"]')
    const fixed = expectFixed(
      { 'a.yaml': file, ...MESH_CONFIG('shop.example') },
      { rule: name, title: 'Change to "shop.example/ns/shop/sa/web"' },
    )
    expect(fixed['a.yaml']).toBe(file.replace('spiffe://cluster.local', 'shop.example'))
  })

  it('name the accounts', () => {
    const file =
      AMBIENT_SHOP + policy('principals: ["ns/shop/sa/web", "shop/cart"] # clients', 'DENY')
    const fixed = expectFixed(file, { rule: name, title: 'Use serviceAccounts' })
    expect(said(fixed)).toEqual([])
    expect(fixed['test.yaml']).toContain(
      'serviceAccounts:\n              - shop/web\n              - shop/cart\n',
    )
  })

  it('are safe only where they can but refuse', () => {
    const safe = (text: string): unknown =>
      findingsOf(analyse(AMBIENT_SHOP + text))
        .filter(({ rule }) => rule === name)
        .flatMap(({ fixes }) => fixes.map((fix) => fix.safe))
    expect(safe(policy('principals: ["spiffe://td/ns/a/sa/b"]'))).toEqual([false, false])
    expect(safe(policy('principals: ["spiffe://td/ns/a/sa/b"]', 'DENY'))).toEqual([true, true])
    expect(safe(policy('notPrincipals: ["spiffe://td/ns/a/sa/b"]'))).toEqual([true, true])
    expect(safe(policy('notPrincipals: ["spiffe://td/ns/a/sa/b"]', 'DENY'))).toEqual([false, false])
  })

  it('are none where the API server would refuse them, or no account is named', () => {
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

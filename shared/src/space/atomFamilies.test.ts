import { describe, it } from 'vitest'
import { clientIn, closedExit, entry, openEntry, operator } from '../testing/egressMesh.js'
import {
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  object,
  service,
} from '../testing/index.js'
import {
  client,
  OUTSIDE,
  WEB,
  GET,
  expectClasses,
  API,
  POD,
  shop,
  bare,
  deny,
} from '../testing/spaceClasses.js'

describe('the client', () => {
  it.each([
    ['principal', from({ principals: ['cluster.local/ns/other/sa/web'] })],
    ['namespace', from({ namespaces: ['other'] })],
    ['account', from({ serviceAccounts: ['other/web'] })],
  ])('at ztunnel: %s', (_, rule) => {
    expectClasses(bare(deny(rule, { app: 'api' })), POD, [
      [client('other/web'), undefined, 'deny'],
      [WEB, undefined, 'allow'],
      [OUTSIDE, undefined, 'allow'],
    ])
  })

  it.each([
    ['principal', from({ notPrincipals: ['cluster.local/ns/other/sa/web'] })],
    ['namespace', from({ notNamespaces: ['other'] })],
    ['account', from({ notServiceAccounts: ['other/web'] })],
  ])('at ztunnel, excluded: %s', (_, rule) => {
    expectClasses(bare(deny(rule, { app: 'api' })), POD, [
      [client('other/web'), undefined, 'allow'],
      [WEB, undefined, 'deny'],
    ])
  })

  it('the address at ztunnel', () => {
    for (const [rule, inside, outside] of [
      [from({ ipBlocks: ['203.0.113.0/24'] }), 'deny', 'allow'],
      [from({ notIpBlocks: ['203.0.113.0/24'] }), 'allow', 'deny'],
    ] as const)
      expectClasses(bare(deny(rule, { app: 'api' })), POD, [
        [WEB, undefined, inside],
        [client('shop/web', { ip: '10.0.0.1' }), undefined, outside],
      ])
  })

  it('an identity', () => {
    const rules = [from({ principals: ['*'] })]
    const policy = authorizationPolicy('shop/p', { app: 'api', rules })
    expectClasses(bare(policy), POD, [
      [WEB, undefined, 'allow'],
      [OUTSIDE, undefined, 'deny'],
    ])
  })

  it('the trust domain of a client with a sidecar in a namespace that a policy names', () => {
    const policy = deny(
      { from: [{ source: { notServiceAccounts: ['shop/other'], trustDomains: ['old.example'] } }] },
      {},
    )
    const api = deployment('shop/api', { serviceAccount: 'api' })
    const labels = { 'istio-injection': 'enabled' }
    const mesh = documents(namespace('shop', { ambient: false, labels }), api, policy)
    expectClasses(mesh, POD, [
      [client('shop/api', { trustDomain: 'old.example' }), GET, 'deny'],
      [client('shop/api'), GET, 'allow'],
    ])
  })

  it('a trust domain and its aliases', () => {
    const aliases = operator({ meshConfig: { trustDomainAliases: ['old.example'] } })
    expectClasses(shop(aliases, deployment('other/web', { serviceAccount: 'web' })), API, [
      [WEB, GET, 'allow'],
      [client('shop/web', { trustDomain: 'old.example' }), GET, 'allow'],
      [client('shop/web', { trustDomain: 'foreign.example' }), GET, 'deny'],
    ])
  })

  it('a namespace that istiod does not read', () => {
    const selectors = operator({
      meshConfig: {
        discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }],
      },
    })
    expectClasses(shop(selectors), API, [
      [WEB, GET, 'allow'],
      [client('other/web'), GET, 'deny'],
      [client('nowhere/web'), GET, 'deny'],
      [OUTSIDE, GET, 'allow'],
    ])
  })

  it('a pod on the host network', () => {
    const host = deployment('other/agent', {
      serviceAccount: 'agent',
      spec: { hostNetwork: true },
    })
    const policy = deny(from({ notNamespaces: ['shop'] }))
    expectClasses(shop(host, policy), API, [
      [client('other/agent'), GET, 'allow'],
      [client('other/web'), GET, 'deny'],
      [WEB, GET, 'allow'],
    ])
  })
})

describe('a host', () => {
  const SITE = { host: 'site.example.com', port: 80 }
  const apps = (...objects: readonly string[]): string =>
    documents(namespace('apps'), namespace('other'), ...objects)

  it('in two namespaces: the one of the client wins', () => {
    expectClasses(
      apps(closedExit('apps'), entry('apps/closed'), openEntry('other/open'), clientIn('apps')),
      SITE,
      [
        [client('apps/web'), GET, 'deny'],
        [client('other/web'), GET, 'allow'],
      ],
    )
  })

  it('that only some clients see', () => {
    const visibility = operator({
      meshConfig: { serviceEntryVisibility: { defaultVisibility: 'NAMESPACE' } },
    })
    expectClasses(apps(visibility, closedExit('apps'), entry('apps/closed')), SITE, [
      [client('apps/web'), GET, 'deny'],
      [client('other/web'), GET, 'allow'],
      [client('nowhere/web'), GET, 'allow'],
    ])
  })

  it('without an address for clients without DNS capture', () => {
    const pod = (name: string, dnsCapture: string): string =>
      deployment(`apps/${name}`, {
        serviceAccount: name,
        podAnnotations: { 'ambient.istio.io/dns-capture': dnsCapture },
      })
    expectClasses(
      apps(closedExit('apps'), entry('apps/closed'), pod('on', 'true'), pod('off', 'false')),
      SITE,
      [
        [client('apps/on'), GET, 'deny'],
        [client('apps/off'), GET, 'allow'],
        [client('apps/web'), GET, 'deny'],
      ],
    )
  })
})

describe('a token', () => {
  const tokens = (jwtRules: readonly object[]): string =>
    object('RequestAuthentication', 'shop/t', {
      spec: { targetRefs: [{ group: '', kind: 'Service', name: 'api' }], jwtRules },
    })
  const A = { issuer: 'https://a.example' }
  const ofA = { claims: { iss: 'https://a.example', sub: 'user' } }
  const foreign = { claims: { iss: 'https://b.example', sub: 'user' } }

  it('that is required', () => {
    expectClasses(shop(tokens([{ ...A, presence: 'REQUIRED' }])), API, [
      [WEB, GET, 'deny'],
      [WEB, ofA, 'allow'],
      [WEB, foreign, 'deny'],
      [WEB, { requestPrincipal: 'https://a.example/user' }, 'allow'],
    ])
  })

  it('of any issuer that is required', () => {
    const any = { jwksUri: 'https://a.example/keys', presence: 'REQUIRED' }
    expectClasses(shop(tokens([any])), API, [
      [WEB, GET, 'deny'],
      [WEB, ofA, 'undecided'],
      [WEB, foreign, 'undecided'],
    ])
  })

  it('that is required on a port for HTTP and other traffic', () => {
    const ports = [{ name: 'any', port: 80, targetPort: 8080 }]
    expectClasses(
      shop(tokens([{ ...A, presence: 'REQUIRED' }]), service('shop/any', { app: 'api', ports })),
      API,
      [[WEB, GET, 'deny']],
    )
  })

  it('that a policy reads', () => {
    const policy = deny(from({ requestPrincipals: ['https://a.example/user'] }))
    expectClasses(shop(tokens([A]), policy), API, [
      [WEB, ofA, 'deny'],
      [WEB, { claims: { iss: 'https://a.example', sub: 'other' } }, 'allow'],
      [WEB, foreign, 'allow'],
      [WEB, GET, 'allow'],
    ])
  })
})

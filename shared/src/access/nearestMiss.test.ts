import { describe, expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import type { AccessRequest } from './request.js'
import { nearestMiss, policiesOnPath } from './nearestMiss.js'

const MESH = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}, {name: http-admin, port: 81, targetPort: 8081}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules:
  - from: [{source: {serviceAccounts: [web]}}]
    to: [{operation: {ports: ["80"], methods: [GET], paths: ["/items/*"]}}]
`
const { mesh } = analyse(MESH, { world: 'closed' })
const from = { namespace: 'shop', serviceAccount: 'web' }
const to = { service: 'shop/api', port: 80 }

it('names the one field that stands in the way', () => {
  expect(nearestMiss(mesh, { from, to, http: { method: 'POST', path: '/items/1' } })).toEqual({
    changes: [{ field: 'method', value: 'GET' }],
    verdict: 'allow',
  })
  expect(
    nearestMiss(mesh, {
      from: { namespace: 'shop', serviceAccount: 'cart' },
      to,
      http: { method: 'GET', path: '/items/1' },
    }),
  ).toEqual({ changes: [{ field: 'from', value: 'shop/web' }], verdict: 'allow' })
  expect(
    nearestMiss(mesh, { from, to: { ...to, port: 81 }, http: { method: 'GET', path: '/items/1' } }),
  ).toEqual({ changes: [{ field: 'port', value: '80' }], verdict: 'allow' })
})

it('names two where one is not enough, and none where the policies offer nothing', () => {
  expect(nearestMiss(mesh, { from, to, http: { method: 'POST', path: '/other' } })).toEqual({
    changes: [
      { field: 'method', value: 'GET' },
      { field: 'path', value: '/items/x' },
    ],
    verdict: 'allow',
  })
  expect(
    nearestMiss(mesh, {
      from: { namespace: 'x', serviceAccount: 'y' },
      to,
      http: { method: 'POST', path: '/other' },
    }),
  ).toBeUndefined()
})

it('tells how an admitted request would be refused', () => {
  expect(nearestMiss(mesh, { from, to, http: { method: 'GET', path: '/items/1' } })).toEqual({
    changes: [{ field: 'port', value: '81' }],
    verdict: 'deny',
  })
})

describe('what policies name is tried', () => {
  const missFor = (
    rule: object,
    request: Partial<AccessRequest> = {},
    { action = 'ALLOW', extra = [] as readonly string[] } = {},
  ): string | undefined => {
    const policy = JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'readers', namespace: 'shop' },
      spec: { action, targetRefs: [{ group: '', kind: 'Service', name: 'api' }], rules: [rule] },
    })
    const objects = [MESH.slice(0, MESH.lastIndexOf('---')), policy, ...extra]
    const miss = nearestMiss(analyse(objects.join('\n---\n'), { world: 'closed' }).mesh, {
      from,
      to,
      http: { method: 'POST', path: '/', host: 'api' },
      ...request,
    })
    return (
      miss &&
      `${miss.changes.map(({ field, value }) => `${field} ${value}`).join(', ')}: ${miss.verdict}`
    )
  }
  const source = (fields: object): object => ({ from: [{ source: fields }] })
  const operation = (fields: object): object => ({ to: [{ operation: fields }] })
  const when = (key: string, values: string[], notValues: string[] = []): object => ({
    when: [{ key, values, notValues }],
  })
  const token = JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    metadata: { name: 't', namespace: 'shop' },
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: 'api' }],
      jwtRules: [{ issuer: 'iss' }],
    },
  })
  const verified = { extra: [token] }

  it.each<[string, string | undefined, string | undefined]>([
    ['an account', missFor(source({ serviceAccounts: ['cart'] })), 'from shop/cart: allow'],
    [
      'an account of another namespace',
      missFor(source({ serviceAccounts: ['dev/ci'] })),
      'from dev/ci: allow',
    ],
    [
      'an account that is excepted',
      missFor(source({ notServiceAccounts: ['cart'] })),
      'from shop/cart: deny',
    ],
    [
      'a principal',
      missFor(source({ principals: ['cluster.local/ns/dev/sa/ci'] })),
      'from dev/ci: allow',
    ],
    [
      'a principal in part',
      missFor(source({ principals: ['*/ns/dev/sa/ci'] })),
      'from dev/ci: allow',
    ],
    [
      'a principal that is none',
      missFor(source({ principals: ['cluster.local/ns/dev/sa/ci/x'] })),
      undefined,
    ],
    [
      'a principal that is excepted',
      missFor(source({ notPrincipals: ['cluster.local/ns/dev/sa/ci'] })),
      'from dev/ci: deny',
    ],
    ['a namespace', missFor(source({ namespaces: ['dev'] })), 'from dev/default: allow'],
    [
      'a namespace in part',
      missFor(source({ namespaces: ['dev-*'] })),
      'from dev-x/default: allow',
    ],
    [
      'a namespace that ends alike',
      missFor(source({ namespaces: ['*-dev'] })),
      'from x-dev/default: allow',
    ],
    [
      'a namespace with a star inside',
      missFor(source({ namespaces: ['a*b'] })),
      'from a*b/default: allow',
    ],
    [
      'a request principal',
      missFor(source({ requestPrincipals: ['iss/sub'] }), {}, verified),
      'request principal iss/sub: allow',
    ],
    [
      'a request principal instead of claims',
      missFor(
        source({ requestPrincipals: ['iss/sub'] }),
        { http: { claims: { iss: 'x', sub: 'y' } } },
        verified,
      ),
      'request principal iss/sub: allow',
    ],
    [
      'a request principal that is excepted',
      missFor(source({ notRequestPrincipals: ['iss/sub'] }), {}, verified),
      'request principal iss/sub: deny',
    ],
    ['a method that is excepted', missFor(operation({ notMethods: ['GET'] })), 'method GET: deny'],
    ['a path', missFor(operation({ paths: ['/a/{*}/b/{**}'] })), 'path /a/x/b/x: allow'],
    ['a path that is excepted', missFor(operation({ notPaths: ['/admin'] })), 'path /admin: deny'],
    ['a host', missFor(operation({ hosts: ['web'] })), 'host web: allow'],
    ['a host that is excepted', missFor(operation({ notHosts: ['web'] })), 'host web: deny'],
    ['a header', missFor(when('request.headers[x-env]', ['prod'])), 'header x-env prod: allow'],
    [
      'a header beside others',
      missFor(
        {
          when: [
            { key: 'request.headers[a]', values: ['b'] },
            { key: 'request.headers[x-env]', values: ['prod'] },
          ],
        },
        { http: { headers: { a: 'b' } } },
      ),
      'header x-env prod: allow',
    ],
    [
      'a header that is excepted',
      missFor(when('request.headers[x-env]', [], ['dev'])),
      'header x-env dev: deny',
    ],
    ['no header of Envoy', missFor(when('request.headers[:method]', ['GET'])), undefined],
    [
      'no key that looks like a header',
      missFor({
        from: [{ source: { serviceAccounts: ['web'] } }],
        when: [{ key: 'x.request.headers[a]', values: ['b'] }],
      }),
      undefined,
    ],
    [
      'a claim',
      missFor(
        when('request.auth.claims[role]', ['admin']),
        { http: { claims: { iss: 'iss' } } },
        verified,
      ),
      'claim role admin: allow',
    ],
    [
      'no claim inside of another',
      missFor(
        when('request.auth.claims[role][x]', ['admin']),
        { http: { claims: { iss: 'iss' } } },
        verified,
      ),
      undefined,
    ],
    [
      'source.principal',
      missFor(when('source.principal', ['cluster.local/ns/dev/sa/ci'])),
      'from dev/ci: allow',
    ],
    ['source.namespace', missFor(when('source.namespace', ['dev'])), 'from dev/default: allow'],
    ['no other key', missFor(when('source.ip', ['10.0.0.1'])), undefined],
    ['no wildcard that means any', missFor(when('request.headers[a]', ['*'])), undefined],
    [
      'an account beside an address',
      missFor(
        {
          ...source({ serviceAccounts: ['cart'] }),
          when: [{ key: 'remote.ip', values: ['10.0.0.1'] }],
        },
        { from: { ...from, ip: '10.0.0.1' } },
      ),
      'from shop/cart: allow',
    ],
    [
      'a request principal beside a method',
      missFor(
        { ...source({ requestPrincipals: ['iss/sub'] }), ...operation({ methods: ['POST'] }) },
        {},
        verified,
      ),
      'request principal iss/sub: allow',
    ],
    ['no presence', missFor(source({ requestPrincipals: ['*'] }), {}, verified), undefined],
    [
      'nothing of HTTP on a plain connection',
      missFor(operation({ methods: ['GET'] }), { http: undefined }),
      undefined,
    ],
    ['no change that is none', missFor(operation({ methods: ['POST'], ports: ['82'] })), undefined],
    [
      'two headers together',
      missFor({
        when: [
          { key: 'request.headers[a]', values: ['b'] },
          { key: 'request.headers[c]', values: ['d'] },
        ],
      }),
      'header a b, header c d: allow',
    ],
    [
      'not three changes',
      missFor({
        when: ['a', 'b', 'c'].map((name) => ({ key: `request.headers[${name}]`, values: ['x'] })),
      }),
      undefined,
    ],
    [
      'the first of two that do it',
      missFor(operation({ methods: ['GET', 'PUT'] })),
      'method GET: allow',
    ],
    [
      'one field twice is not two',
      missFor({
        to: [
          { operation: { methods: ['GET'], ports: ['82'] } },
          { operation: { methods: ['PUT'] } },
        ],
        from: [{ source: { serviceAccounts: ['cart'] } }],
      }),
      'from shop/cart, method PUT: allow',
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })

  it('at pods, sidecars and waypoints of pods, and behind ServiceEntries', () => {
    const at = (objects: readonly string[], target: AccessRequest['to']): string | undefined => {
      const miss = nearestMiss(
        analyse([MESH.slice(0, MESH.lastIndexOf('---')), ...objects].join('\n---\n'), {
          world: 'closed',
        }).mesh,
        { from, to: target, http: {} },
      )
      return (
        miss &&
        `${miss.changes.map(({ field, value }) => `${field} ${value}`).join(', ')}: ${miss.verdict}`
      )
    }
    const policy = (spec: object): string =>
      JSON.stringify({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'p', namespace: 'shop' },
        spec: { rules: [{ from: [{ source: { serviceAccounts: ['cart'] } }] }], ...spec },
      })
    const pod = (name: string, labels: object): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop', labels },
      })
    const gateway = JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: {
        name: 'pods',
        namespace: 'shop',
        labels: { 'istio.io/waypoint-for': 'workload' },
      },
      spec: { gatewayClassName: 'istio-waypoint' },
    })
    const headless = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace: 'shop' },
      spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] },
    })
    const entry = JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'e', namespace: 'shop' },
      spec: {
        hosts: ['a.b'],
        ports: [
          { number: 80, name: 'http', protocol: 'HTTP' },
          { number: 81, name: 'h', protocol: 'HTTP' },
        ],
      },
    })
    const onGateway = policy({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'pods' }],
    })
    const bound = pod('db', { app: 'db', 'istio.io/use-waypoint': 'pods' })
    expect(at([policy({})], { workload: 'shop/api', port: 8080 })).toBe('from shop/cart: allow')
    expect(
      at([policy({ selector: {} }), pod('car', { 'sidecar.istio.io/inject': 'true' })], {
        workload: 'shop/car',
        port: 8080,
      }),
    ).toBe('from shop/cart: allow')
    expect(at([gateway, bound, onGateway], { workload: 'shop/db', port: 5432 })).toBe(
      'from shop/cart: allow',
    )
    expect(at([gateway, bound, onGateway, headless], { service: 'shop/db', port: 5432 })).toBe(
      'from shop/cart: allow',
    )
    expect(
      at(
        [
          entry,
          policy({
            targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'e' }],
            action: 'DENY',
            rules: [{ to: [{ operation: { ports: ['80'] } }] }],
          }),
        ],
        { host: 'a.b', port: 80 },
      ),
    ).toBe('port 81: allow')
    expect(at([], { service: 'shop/gone', port: 80 })).toBeUndefined()
    expect(policiesOnPath(mesh, { from, to: { service: 'shop/gone', port: 80 } })).toEqual([])
    const bare = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'bare', namespace: 'shop' },
    })
    expect(
      at([bare, policy({ selector: { matchLabels: { x: 'y' } } })], {
        workload: 'shop/bare',
        port: 80,
      }),
    ).toBe('from shop/cart: allow')
  })

  it('is nothing where the answer is open, or would be', () => {
    const asks = JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'ask', namespace: 'shop' },
      spec: {
        action: 'CUSTOM',
        provider: { name: 'opa' },
        targetRefs: [{ group: '', kind: 'Service', name: 'api' }],
        rules: [{ from: [{ source: { serviceAccounts: ['cart', 'web'] } }] }],
      },
    })
    expect(
      missFor(source({ serviceAccounts: ['web', 'other'] }), {}, { extra: [asks] }),
    ).toBeUndefined()
    expect(
      missFor(
        source({ serviceAccounts: ['cart'] }),
        { from: { namespace: 'shop', serviceAccount: 'x' } },
        { extra: [asks] },
      ),
    ).toBeUndefined()
  })

  it('is the first pair that does it', () => {
    const needs = (...names: string[]): object => ({
      when: names.map((name) => ({ key: `request.headers[${name}]`, values: ['x'] })),
    })
    const policies = ['b', 'c'].map((name) =>
      JSON.stringify({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: `p-${name}`, namespace: 'shop' },
        spec: {
          targetRefs: [{ group: '', kind: 'Service', name: 'one' }],
          rules: [needs('a', name)],
        },
      }),
    )
    const one = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'one', namespace: 'shop' },
      spec: { ports: [{ name: 'http', port: 80 }] },
    })
    const found = (objects: readonly string[]): unknown =>
      nearestMiss(
        analyse([MESH.slice(0, MESH.lastIndexOf('---')), ...objects].join('\n---\n'), {
          world: 'closed',
        }).mesh,
        { from, to: { service: 'shop/one', port: 80 }, http: {} },
      )?.changes.map(({ field }) => field)
    expect(found([one, ...policies])).toEqual(['header a', 'header b'])
  })

  it('is not looked for in more than so many pairs', () => {
    const needs = (names: readonly string[]): object => ({
      when: names.map((name) => ({ key: `request.headers[${name}]`, values: ['x'] })),
    })
    const miss = (count: number): unknown => {
      const many = Array.from({ length: count }, (_, index) => `n${index}`)
      const policy = JSON.stringify({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'p', namespace: 'shop' },
        spec: {
          targetRefs: [{ group: '', kind: 'Service', name: 'api' }],
          rules: [needs(many), needs(['y', 'z'])],
        },
      })
      return nearestMiss(
        analyse([MESH.slice(0, MESH.lastIndexOf('---')), policy].join('\n---\n'), {
          world: 'closed',
        }).mesh,
        { from, to, http: {} },
      )?.changes.map(({ field }) => field)
    }
    expect(miss(20)).toEqual(['header y', 'header z'])
    expect(miss(60)).toBeUndefined()
  })

  it('does not go on for ever', () => {
    const names = Array.from({ length: 60 }, (_, index) => `x${index}`)
    expect(
      missFor({
        when: [...names.map((name) => ({ key: `request.headers[${name}]`, values: ['a'] }))],
      }),
    ).toBeUndefined()
    const far = {
      to: [
        {
          operation: {
            methods: ['PUT'],
            hosts: names.map((name) => `${name}.example`),
            notPaths: names.map((name) => `/${name}`),
          },
        },
      ],
      from: [{ source: { serviceAccounts: names } }],
      when: [{ key: 'request.headers[z]', values: ['z'] }],
    }
    expect(missFor(far)).toBeUndefined()
  })
})

import { expect, it } from 'vitest'
import { missIn, TWO_PORTS } from '../testing/nearestMissOf.js'
import { object, type Fields } from '../testing/index.js'
import { policy, toOperation, toService, WEB } from '../testing/shopMesh.js'
import type { AccessRequest } from './request.js'

/** The nearest miss of a `POST` from `web`, where one policy has the rule. */
function missFor(
  rule: Fields,
  request: Partial<AccessRequest> = {},
  { action = 'ALLOW', extra = [] }: { action?: string; extra?: readonly string[] } = {},
): string | undefined {
  const one = policy('readers', { ...toService('api'), action, rules: [rule] })
  return missIn([...TWO_PORTS, one, ...extra], {
    http: { method: 'POST', path: '/', host: 'api' },
    ...request,
  })
}
const source = (fields: Fields): Fields => ({ from: [{ source: fields }] })
const when = (key: string, values: string[], notValues: string[] = []): Fields => ({
  when: [{ key, values, notValues }],
})
const verified = {
  extra: [
    object('RequestAuthentication', 'shop/t', {
      spec: { ...toService('api'), jwtRules: [{ issuer: 'iss' }] },
    }),
  ],
}

it.each<[string, string | undefined, string | undefined]>([
  ['a service account', missFor(source({ serviceAccounts: ['cart'] })), 'from shop/cart: allow'],
  [
    'a service account of another namespace',
    missFor(source({ serviceAccounts: ['dev/ci'] })),
    'from dev/ci: allow',
  ],
  [
    'an excluded service account',
    missFor(source({ notServiceAccounts: ['cart'] })),
    'from shop/cart: deny',
  ],
  [
    'a principal',
    missFor(source({ principals: ['cluster.local/ns/dev/sa/ci'] })),
    'from dev/ci: allow',
  ],
  [
    'a principal with a wildcard trust domain',
    missFor(source({ principals: ['*/ns/dev/sa/ci'] })),
    'from dev/ci: allow',
  ],
  [
    'a value that is not a principal',
    missFor(source({ principals: ['cluster.local/ns/dev/sa/ci/x'] })),
    undefined,
  ],
  [
    'an excluded principal',
    missFor(source({ notPrincipals: ['cluster.local/ns/dev/sa/ci'] })),
    'from dev/ci: deny',
  ],
  ['a namespace', missFor(source({ namespaces: ['dev'] })), 'from dev/default: allow'],
  ['a namespace prefix', missFor(source({ namespaces: ['dev-*'] })), 'from dev-x/default: allow'],
  ['a namespace suffix', missFor(source({ namespaces: ['*-dev'] })), 'from x-dev/default: allow'],
  [
    'a namespace with a star in the middle',
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
    'an excluded request principal',
    missFor(source({ notRequestPrincipals: ['iss/sub'] }), {}, verified),
    'request principal iss/sub: deny',
  ],
  ['an excluded method', missFor(toOperation({ notMethods: ['GET'] })), 'method GET: deny'],
  ['a path', missFor(toOperation({ paths: ['/a/{*}/b/{**}'] })), 'path /a/x/b/x: allow'],
  ['an excluded path', missFor(toOperation({ notPaths: ['/admin'] })), 'path /admin: deny'],
  ['a host', missFor(toOperation({ hosts: ['web'] })), 'host web: allow'],
  ['an excluded host', missFor(toOperation({ notHosts: ['web'] })), 'host web: deny'],
  ['a header', missFor(when('request.headers[x-env]', ['prod'])), 'header x-env prod: allow'],
  [
    'a header beside another',
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
    'an excluded header',
    missFor(when('request.headers[x-env]', [], ['dev'])),
    'header x-env dev: deny',
  ],
  [
    'a pseudo-header of Envoy (nothing is tried)',
    missFor(when('request.headers[:method]', ['GET'])),
    undefined,
  ],
  [
    'a key that looks like a header (nothing is tried)',
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
    'a nested claim (nothing is tried)',
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
  ['another key (nothing is tried)', missFor(when('source.ip', ['10.0.0.1'])), undefined],
  [
    'the value * of a header (nothing is tried)',
    missFor(when('request.headers[a]', ['*'])),
    undefined,
  ],
  [
    'a service account beside an address',
    missFor(
      {
        ...source({ serviceAccounts: ['cart'] }),
        when: [{ key: 'remote.ip', values: ['10.0.0.1'] }],
      },
      { from: WEB },
    ),
    'from shop/cart: allow',
  ],
  [
    'a request principal beside a method',
    missFor(
      { ...source({ requestPrincipals: ['iss/sub'] }), ...toOperation({ methods: ['POST'] }) },
      {},
      verified,
    ),
    'request principal iss/sub: allow',
  ],
  [
    'a request principal on a TCP connection, which becomes an HTTP request',
    missFor(source({ requestPrincipals: ['iss/sub'] }), { http: undefined }, verified),
    'request principal iss/sub: allow',
  ],
  [
    'a request principal that the key request.auth.principal names',
    missFor(when('request.auth.principal', ['iss/sub']), {}, verified),
    'request principal iss/sub: allow',
  ],
  [
    'a service account that the key source.serviceAccount names',
    missFor(when('source.serviceAccount', ['cart'])),
    'from shop/cart: allow',
  ],
  [
    'the value * of requestPrincipals (nothing is tried)',
    missFor(source({ requestPrincipals: ['*'] }), {}, verified),
    undefined,
  ],
  [
    'a method on a TCP connection (nothing is tried)',
    missFor(toOperation({ methods: ['GET'] }), { http: undefined }),
    undefined,
  ],
  [
    'the method that the request has already (nothing is tried)',
    missFor(toOperation({ methods: ['POST'], ports: ['82'] })),
    undefined,
  ],
  [
    'two headers',
    missFor({
      when: [
        { key: 'request.headers[a]', values: ['b'] },
        { key: 'request.headers[c]', values: ['d'] },
      ],
    }),
    'header a b, header c d: allow',
  ],
  [
    'three headers (nothing is found)',
    missFor({
      when: ['a', 'b', 'c'].map((name) => ({ key: `request.headers[${name}]`, values: ['x'] })),
    }),
    undefined,
  ],
  [
    'two methods of which the first is enough',
    missFor(toOperation({ methods: ['GET', 'PUT'] })),
    'method GET: allow',
  ],
  [
    'two fields of two operations',
    missFor({
      to: [{ operation: { methods: ['GET'], ports: ['82'] } }, { operation: { methods: ['PUT'] } }],
      from: [{ source: { serviceAccounts: ['cart'] } }],
    }),
    'from shop/cart, method PUT: allow',
  ],
])('the nearest miss changes %s', (_, found, expected) => {
  expect(found).toBe(expected)
})

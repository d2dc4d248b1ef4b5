import { describe, expect, it } from 'vitest'
import type { RequestTarget } from '../access/request.js'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  from,
  httpRoute,
  namespace,
  peerAuthentication,
  requestAuthentication,
  service,
  serviceEntry,
  to,
  waypoint,
  when,
} from '../testing/index.js'
import type { Fields } from '../testing/objectText.js'
import { accessBoxes } from './accessBoxes.js'
import { findAccess } from './findAccess.js'
import { Planner } from './plan.js'
import type { Question } from './question.js'
import { spaceOf } from './spaceOf.js'

const API: RequestTarget = { service: 'shop/api', port: 80 }
const SHOP = [
  namespace('shop', { waypoint: 'waypoint' }),
  waypoint('shop/waypoint'),
  deployment('shop/api'),
  service('shop/api'),
]

/** The allowed and undecided requests, one line for each box: `clients: requests: verdict`. */
function access(
  objects: readonly string[],
  question: Question = {},
  target: RequestTarget = API,
): string[] {
  const { mesh } = analyse({ 'mesh.yaml': documents(...objects) }, { world: 'closed' })
  return findAccess(mesh, [target], question).found.map(
    ({ box, judgement }) =>
      `${box.clients.join(', ')}: ${JSON.stringify(box.requests)}: ${judgement.verdict}`,
  )
}

const atApi = (rules: readonly Fields[], action = 'ALLOW'): string =>
  authorizationPolicy('shop/policy', { targetRefs: ['Service/api'], action, rules })

describe('the boxes of a destination', () => {
  it('without policies every client has access', () => {
    expect(access(SHOP)).toEqual([
      'clients in ambient mode: {}: allow',
      'clients outside the mesh: {}: allow',
    ])
  })

  it('name accounts, other accounts of a namespace, methods and paths', () => {
    const rule = {
      ...from({ principals: ['cluster.local/ns/shop/sa/web'] }, { namespaces: ['ops'] }),
      ...to({ methods: ['GET'], paths: ['/items/*'], notPaths: ['/items/secret'] }),
    }
    expect(access([...SHOP, atApi([rule])], { from: { namespace: 'ops' } })).toEqual([
      'any account of ops: {"path":["/items/* except /items/secret"],"method":["GET"]}: allow',
    ])
  })

  it('a repeated header can match a value and an exception', () => {
    const rule = when({ key: 'request.headers[x-env]', values: ['prod'], notValues: ['dev*'] })
    const [found] = access([...SHOP, atApi([rule])], {
      from: { account: { namespace: 'shop', serviceAccount: 'web' } },
    })
    expect(found).toBe('shop/web: {"header x-env":["prod"]}: allow')
  })

  it('a token counts only if a RequestAuthentication verifies its issuer', () => {
    const rule = from({ requestPrincipals: ['*'] })
    const tokens = requestAuthentication('shop/jwt', { targetRefs: ['Service/api'] })
    const question: Question = { from: { namespace: 'shop' } }
    expect(access([...SHOP, atApi([rule])], question)).toEqual([])
    expect(access([...SHOP, atApi([rule]), tokens], question)).toEqual([
      'any account of shop: {"token":["a token of https://issuer.example"]}: allow',
    ])
  })

  it('an external authorizer leaves its requests undecided', () => {
    const custom = authorizationPolicy('shop/custom', {
      targetRefs: ['Service/api'],
      action: 'CUSTOM',
      rules: [to({ paths: ['/login'] })],
      spec: { provider: { name: 'authorizer' } },
    })
    expect(access([...SHOP, custom], { from: { namespace: 'shop' } })).toEqual([
      'any account of shop: {"path":["any path except /login"]}: allow',
      'any account of shop: {"path":["/login"]}: undecided',
    ])
  })

  it('an address block counts for clients whose address the proxy sees', () => {
    const block = authorizationPolicy('shop/block', {
      app: 'api',
      rules: [from({ ipBlocks: ['10.0.0.0/8'] })],
    })
    const target = { workload: 'shop/api', port: 8080 }
    expect(access([...SHOP, block], { from: 'outside' }, target)).toEqual([
      'clients outside the mesh: {"address":["10.0.0.0/8"]}: allow',
    ])
    const strict = peerAuthentication('shop/strict', { mode: 'STRICT' })
    expect(access([...SHOP, block, strict], { from: 'outside' }, target)).toEqual([])
  })

  it('a route that sends some paths to another Service is a boundary', () => {
    const route = httpRoute('shop/route', {
      parents: ['Service/api'],
      spec: {
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/admin' } }],
            backendRefs: [{ name: 'admin', port: 80 }],
          },
          { backendRefs: [{ name: 'api', port: 80 }] },
        ],
      },
    })
    const admin = [
      deployment('shop/admin'),
      service('shop/admin'),
      authorizationPolicy('shop/admin-only', {
        app: 'admin',
        rules: [from({ namespaces: ['x'] })],
      }),
    ]
    expect(access([...SHOP, ...admin, route], { from: { namespace: 'shop' } })).toEqual([
      'any account of shop: {"path":["any path except /admin and below"]}: allow',
    ])
  })
})

describe('a question', () => {
  it('is exact for its own method and path', () => {
    const objects = [...SHOP, atApi([to({ methods: ['GET', 'POST'], paths: ['/a*'] })])]
    const question = { from: { namespace: 'shop' }, method: 'G*', path: '/ab/*' } as const
    expect(access(objects, question)).toEqual(['any account of shop: {"method":["GET"]}: allow'])
    expect(access(objects, { ...question, path: '/b*' })).toEqual([])
    expect(access(objects, { ...question, method: 'DELETE' })).toEqual([])
  })

  it('about an account includes what its kind can reach', () => {
    const outside = [
      namespace('old', { ambient: false }),
      deployment('old/job', { serviceAccount: 'job' }),
    ]
    const objects = [...SHOP, ...outside, atApi([from({ namespaces: ['old'] })])]
    expect(
      access(objects, { from: { account: { namespace: 'old', serviceAccount: 'job' } } }),
    ).toEqual([])
  })
})

it('the boxes of parts that are split have the requests of their part', () => {
  const { mesh } = analyse(
    { 'mesh.yaml': documents(...SHOP, atApi([to({ methods: ['DELETE'] })], 'DENY')) },
    { world: 'closed' },
  )
  const space = spaceOf(new Planner([mesh], { mostCells: 0 }), API)
  if (typeof space === 'string') throw new Error(space)
  const boxes = accessBoxes(space, ([judgement]) => judgement?.usesWaypoint === true)
  const words = boxes.map(({ clients, requests, outcome: [judgement] }) =>
    [...clients, JSON.stringify(requests), judgement?.verdict].join(' '),
  )
  expect(words.filter((each) => each.includes('ambient'))).toEqual([
    'clients in ambient mode {"method":["any other method"]} allow',
    'clients in ambient mode {"method":["DELETE"]} deny',
  ])
})

it('a destination with too many kinds of requests is reported, and not sampled', () => {
  const header = (name: string): Fields => ({
    key: `request.headers[${name}]`,
    values: ['a', 'b', 'c*', '*d', 'e'],
  })
  const rule = when(header('a'), header('b'), header('c'), header('d'))
  const { mesh } = analyse({ 'mesh.yaml': documents(...SHOP, atApi([rule])) }, { world: 'closed' })
  const { found, notCompared } = findAccess(mesh, [API], {})
  expect(found).toEqual([])
  expect(notCompared).toEqual([
    {
      target: API,
      reason: expect.stringMatching(
        /^the policies tell \d+ kinds of requests apart, which is more than 50000$/,
      ) as unknown,
    },
  ])
})

it('a port of a host for which no client gets an address is reached directly', () => {
  const entries = [
    serviceEntry('shop/none', { spec: { hosts: ['*.example.com'], resolution: 'NONE' } }),
    serviceEntry('shop/wildcard', {
      spec: {
        hosts: ['*.example.com'],
        resolution: 'DNS',
        endpoints: [{ address: 'backend.example.com' }],
        ports: [{ number: 8443, name: 'tls', protocol: 'TLS' }],
      },
    }),
  ]
  const target = { host: '*.example.com', port: 8443 }
  expect(access([...SHOP, ...entries], {}, target)).toEqual(['every client: {}: allow'])
})

import { expect, it } from 'vitest'
import { missIn, TWO_PORTS } from '../testing/nearestMissOf.js'
import { analyse, documents, object, serviceEntry, type Fields } from '../testing/index.js'
import {
  fromAccounts,
  gateway,
  pod,
  policy,
  service,
  SIDECAR,
  targetRef,
  TO_API,
  TO_API_POD,
  toOperation,
  toService,
  WEB,
} from '../testing/shopMesh.js'
import { nearestMiss, policiesOnPath } from './nearestMiss.js'

const READERS = [
  ...TWO_PORTS,
  policy('readers', {
    ...toService('api'),
    rules: [
      {
        ...fromAccounts('web'),
        ...toOperation({ ports: ['80'], methods: ['GET'], paths: ['/items/*'] }),
      },
    ],
  }),
]
const GET_ITEM = { method: 'GET', path: '/items/1' }

it('the nearest miss is the one field that makes the difference', () => {
  const cart = { namespace: 'shop', serviceAccount: 'cart' }
  expect(missIn(READERS, { http: { ...GET_ITEM, method: 'POST' } })).toBe('method GET: allow')
  expect(missIn(READERS, { from: cart, http: GET_ITEM })).toBe('from shop/web: allow')
  expect(missIn(READERS, { to: { ...TO_API, port: 81 }, http: GET_ITEM })).toBe('port 80: allow')
})

it('the nearest miss has field, value and the other verdict', () => {
  const { mesh } = analyse(documents(...READERS), { world: 'closed' })
  const http = { method: 'POST', path: '/items/1' }
  expect(nearestMiss(mesh, { from: WEB, to: TO_API, http })).toEqual({
    changes: [{ field: 'method', value: 'GET' }],
    verdict: 'allow',
  })
})

it('the nearest miss is two fields where one is not enough, and none where two are not enough', () => {
  const http = { method: 'POST', path: '/other' }
  expect(missIn(READERS, { http })).toBe('method GET, path /items/x: allow')
  expect(missIn(READERS, { from: { namespace: 'x', serviceAccount: 'y' }, http })).toBeUndefined()
})

it('the nearest miss of an allowed request is denied', () => {
  expect(missIn(READERS, { http: GET_ITEM })).toBe('port 81: deny')
})

it('policies at pods, sidecars, workload waypoints and ServiceEntries are tried', () => {
  const spec = { rules: [fromAccounts('cart')] }
  const pods = gateway('pods', { labels: { 'istio.io/waypoint-for': 'workload' } })
  const db = pod('db', { labels: { 'istio.io/use-waypoint': 'pods' } })
  const atPods = policy('p', { ...targetRef('Gateway', 'pods'), ...spec })
  const headless = service('db', {
    labels: {},
    spec: { clusterIP: 'None', ports: [{ port: 5432 }] },
  })
  const bare = object('Pod', 'shop/bare')
  const entry = serviceEntry('shop/e', {
    hosts: ['a.b'],
    waypoint: 'waypoint',
    ports: [
      { number: 80, name: 'http', protocol: 'HTTP' },
      { number: 81, name: 'h', protocol: 'HTTP' },
    ],
  })
  const atEntry = policy('p', {
    ...targetRef('ServiceEntry', 'e'),
    action: 'DENY',
    rules: [toOperation({ ports: ['80'] })],
  })
  const miss = (objects: readonly string[], to: Parameters<typeof missIn>[1] = {}) =>
    missIn([...TWO_PORTS, ...objects], to)
  const workload = (name: string, port: number) => ({ to: { workload: `shop/${name}`, port } })
  const CART = 'from shop/cart: allow'
  expect(miss([policy('p', spec)], { to: TO_API_POD })).toBe(CART)
  const car = [policy('p', { selector: {}, ...spec }), pod('car', { labels: SIDECAR })]
  expect(miss(car, workload('car', 8080))).toBe(CART)
  expect(miss([pods, db, atPods], workload('db', 5432))).toBe(CART)
  expect(miss([pods, db, atPods, headless], { to: { service: 'shop/db', port: 5432 } })).toBe(CART)
  expect(miss([entry, atEntry], { to: { host: 'a.b', port: 80 } })).toBe('port 81: allow')
  const toUnlabelled = policy('p', { selector: { matchLabels: { x: 'y' } }, ...spec })
  expect(miss([bare, toUnlabelled], workload('bare', 80))).toBe(CART)
})

it('a request to a missing Service has no policies and no nearest miss', () => {
  const to = { service: 'shop/gone', port: 80 }
  const { mesh } = analyse(documents(...READERS), { world: 'closed' })
  expect(missIn(READERS, { to })).toBeUndefined()
  expect(policiesOnPath(mesh, { from: WEB, to })).toEqual([])
})

it('there is no nearest miss where the verdict is undecided, before or after the change', () => {
  const ask = policy('ask', {
    ...toService('api'),
    action: 'CUSTOM',
    provider: { name: 'opa' },
    rules: [toOperation({ ports: ['80', '81'] })],
  })
  const allow = (...accounts: string[]) =>
    policy('readers', { ...toService('api'), rules: [fromAccounts(...accounts)] })
  const x = { namespace: 'shop', serviceAccount: 'x' }
  expect(missIn([...TWO_PORTS, allow('web', 'other'), ask])).toBeUndefined()
  expect(missIn([...TWO_PORTS, allow('cart'), ask], { from: x })).toBeUndefined()
})

const needs = (...headers: string[]): Fields => ({
  when: headers.map((name) => ({ key: `request.headers[${name}]`, values: ['x'] })),
})

it('the nearest miss is the first pair that changes the verdict', () => {
  const one = service('one', { spec: { ports: [{ name: 'http', port: 80 }] } })
  const policies = ['b', 'c'].map((name) =>
    policy(`p-${name}`, { ...toService('one'), rules: [needs('a', name)] }),
  )
  const to = { service: 'shop/one', port: 80 }
  expect(missIn([...TWO_PORTS, one, ...policies], { to })).toBe('header a x, header b x: allow')
})

it('the search stops after a fixed number of pairs', () => {
  const miss = (count: number) => {
    const many = Array.from({ length: count }, (_, index) => `n${index}`)
    const rules = [needs(...many), needs('y', 'z')]
    return missIn([...TWO_PORTS, policy('p', { ...toService('api'), rules })])
  }
  expect(miss(20)).toBe('header y x, header z x: allow')
  expect(miss(60)).toBeUndefined()
})

it('the search ends for a rule with hundreds of values', () => {
  const names = Array.from({ length: 60 }, (_, index) => `x${index}`)
  const rule = {
    ...fromAccounts(...names),
    ...toOperation({
      methods: ['PUT'],
      hosts: names.map((name) => `${name}.example`),
      notPaths: names.map((name) => `/${name}`),
    }),
    ...needs('z'),
  }
  const miss = (one: Fields) =>
    missIn([...TWO_PORTS, policy('p', { ...toService('api'), rules: [one] })])
  expect(miss(needs(...names))).toBeUndefined()
  expect(miss(rule)).toBeUndefined()
})

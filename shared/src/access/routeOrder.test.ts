import { describe, expect, it } from 'vitest'
import type { Fields } from '../testing/index.js'
import { ADMIN_PATHS, backend, endsAt, get, GUARDED, route } from '../testing/routedShop.js'
import { service } from '../testing/shopMesh.js'

const rule = (name: string, ...matches: readonly Fields[]): Fields => ({
  ...(matches.length > 0 && { matches }),
  backendRefs: [backend(name)],
})
const path = (type: string, value: string): Fields => ({ path: { type, value } })
const BOTH = ['shop/admin', 'shop/api']

describe('routes of one Service that are equally specific', () => {
  const first = (rules: readonly Fields[]): string => route(rules, { name: 'a' })
  const second = (rules: readonly Fields[]): string => route(rules, { name: 'b' })

  it('of several objects can all take a request: the oldest object decides', () => {
    expect(endsAt([...GUARDED, first([rule('admin')]), second([rule('api')])])).toEqual(BOTH)
    expect(endsAt([...GUARDED, first([rule('api')]), second([rule('admin')])])).toEqual([
      'shop/api',
      'shop/admin',
    ])
  })

  it('of one object keep their order, also where another object has such a rule', () => {
    expect(endsAt([...GUARDED, first([rule('admin'), rule('api')])])).toEqual(['shop/admin'])
    const rules = [rule('api'), rule('admin')]
    expect(endsAt([...GUARDED, first(rules), second([rule('api')])])).toEqual([
      'shop/api',
      'shop/api',
    ])
    expect(endsAt([...GUARDED, first(rules), second([rule('admin')])])).toEqual([
      'shop/api',
      'shop/admin',
    ])
  })

  it('do not take a request that a more specific rule takes', () => {
    const objects = [...GUARDED, first(ADMIN_PATHS), second([rule('api')])]
    expect(endsAt(objects, get('/admin'))).toEqual(['shop/admin'])
    expect(endsAt(objects, get('/'))).toEqual(['shop/api', 'shop/api'])
  })

  it('take a request alone where the others do not match', () => {
    const objects = [
      ...GUARDED,
      first([rule('admin', path('PathPrefix', '/a'))]),
      second([rule('api', path('PathPrefix', '/b'))]),
    ]
    expect(endsAt(objects, get('/a'))).toEqual(['shop/admin'])
    expect(endsAt(objects, get('/b'))).toEqual(['shop/api'])
  })
})

describe('a rule of an HTTPRoute without matches', () => {
  const order = (...matches: readonly Fields[]): readonly string[] =>
    endsAt([...GUARDED, route([rule('api'), rule('admin', ...matches)])])

  it('comes before a regular expression, as the path prefix / does', () => {
    expect(order(path('RegularExpression', '/.*'))).toEqual(['shop/api'])
  })

  it.each<[string, Fields]>([
    ['an exact path', path('Exact', '/')],
    ['a method', { method: 'GET' }],
    ['a header', { headers: [{ name: 'host', value: 'api' }] }],
  ])('comes after %s', (_, match) => {
    expect(order(match)).toEqual(['shop/admin'])
  })
})

it('a rule of a GRPCRoute without matches comes last', () => {
  const objects = [
    ...GUARDED,
    route([rule('api'), rule('admin', { method: { type: 'RegularExpression', method: '.*' } })], {
      kind: 'GRPCRoute',
    }),
  ]
  expect(endsAt(objects, get('/x/y'))).toEqual(['shop/admin'])
})

it('of several TCPRoutes the oldest one decides', () => {
  const tcp = (name: string, to: string): string => route([rule(to)], { name, kind: 'TCPRoute' })
  const ports = [{ name: 'tcp', port: 80, targetPort: 8080 }]
  const objects = GUARDED.map((text) =>
    text === service('api') ? service('api', { spec: { ports } }) : text,
  )
  expect(endsAt([...objects, tcp('a', 'admin'), tcp('b', 'api')], { http: undefined })).toEqual(
    BOTH,
  )
})

import { describe, expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  describeFindings,
  documents,
  findingsOf,
  from,
  namespace,
  peerAuthentication,
  replaceIn,
  resourcesOf,
  shop,
  to,
  type Labels,
} from '../../testing/index.js'

/** The messages of a rule, without those about the objects in `variants`. */
function confirmed(rule: string, rest: string, variants: readonly string[] = []): string[] {
  const own = new Set(variants.flatMap((text) => resourcesOf(text).map(({ name }) => name)))
  return findingsOf(analyse(documents(rest, ...variants)))
    .filter((finding) => finding.rule === rule)
    .flatMap(({ place, message }) =>
      place.kind === 'field' && !own.has(place.resource.name) ? [message] : [],
    )
}

const ruleAt = (line: string): string => line.replace(/^([^:]*:\d+):\S* \S+ ([^:]*):.*$/, '$1 $2')

const AMBIENT_SHOP = documents(namespace('shop'), deployment('shop/api'))
const ALLOW_GET = authorizationPolicy('shop/allow-get', {
  app: 'api',
  rules: [to({ methods: ['GET'] })],
})
const denyDev = (annotations?: Labels): string =>
  authorizationPolicy('shop/deny-dev', {
    app: 'api',
    action: 'DENY',
    rules: [from({ namespaces: ['dev'] })],
    annotations,
  })

it('a finding that holds in one of two files is not reported, and one that holds in both is', () => {
  const dev = namespace('shop')
  const found = (prod: string): number =>
    confirmed('l7-allow-rule-dropped', documents(deployment('shop/api'), ALLOW_GET), [dev, prod])
      .length
  expect(found(namespace('shop', { labels: { 'istio.io/dataplane-mode': 'none' } }))).toBe(0)
  expect(found(namespace('shop', { labels: { stage: 'prod' } }))).toBe(1)
})

it('a message that differs between variants is replaced by the one of the merged mesh', () => {
  const allow = (value: string, action?: string): string =>
    authorizationPolicy('shop/allow-some', {
      app: 'api',
      action,
      rules: [from({ namespaces: [value] })],
    })
  const messages = (...variants: readonly string[]): string[] =>
    confirmed('l7-allow-rule-dropped', documents(AMBIENT_SHOP, ALLOW_GET), variants)
  const allDenied = messages()
  const someAllowed = messages(allow('shop'))
  expect(allDenied).not.toEqual(someAllowed)
  expect(messages(allow('shop'), allow('dev'))).toEqual(someAllowed)
  expect(messages(allow('shop'), allow('dev', 'DENY'))).toEqual(someAllowed)
})

describe('a variant itself', () => {
  it('is checked as the only definition', () => {
    const other = authorizationPolicy('shop/allow-get', {
      app: 'apy',
      rules: [to({ methods: ['PUT'] })],
    })
    expect(
      describeFindings(analyse(documents(AMBIENT_SHOP, ALLOW_GET, other))).map((line) =>
        replaceIn(ruleAt(line), [/^.* /, '']),
      ),
    ).toEqual(['duplicate-definition', 'l7-allow-rule-dropped', 'selector-matches-nothing'])
  })

  it('is checked with every variant of its Namespace', () => {
    const rest = documents(shop({ namespace: false }), ALLOW_GET)
    const found = (labels: Labels): number =>
      confirmed('l7-allow-rule-dropped', rest, [
        namespace('shop', { waypoint: 'waypoint' }),
        namespace('shop', { waypoint: 'none', labels }),
      ]).length
    expect(found({})).toBe(1)
    expect(found({ 'istio.io/dataplane-mode': 'none' })).toBe(0)
  })

  it('is not compared with the other variants of the same object', () => {
    const other = { 'example.com/way': 'other' }
    expect(confirmed('rule-idle', AMBIENT_SHOP, [denyDev(), denyDev(other)])).toEqual([])
    const strict = (annotations?: Labels): string =>
      peerAuthentication('shop/default', { app: 'apy', mode: 'STRICT', annotations })
    const lines = describeFindings(analyse(documents(AMBIENT_SHOP, strict(), strict(other))))
    expect(lines.map((line) => replaceIn(ruleAt(line), [/^.* /, '']))).toEqual([
      'selector-matches-nothing',
      'selector-matches-nothing',
    ])
  })
})

describe('several objects with variants', () => {
  const api = (app: string): string => deployment('shop/api', { app, podLabels: { team: 'shop' } })
  const strict = (app: string): string =>
    peerAuthentication('shop/default', { app, mode: 'STRICT' })
  const rest = documents(
    namespace('shop'),
    authorizationPolicy('shop/deny-dev', {
      action: 'DENY',
      rules: [from({ namespaces: ['dev'] })],
      spec: { selector: { matchLabels: { team: 'shop' } } },
    }),
  )
  const found = (...variants: readonly string[]): number =>
    confirmed('deny-misses-plaintext', rest, variants).length

  it('are evaluated in every combination if there are at most 16', () => {
    expect(found(api('a'), strict('b'))).toBe(1)
    expect(found(api('a'), strict('a'))).toBe(0)
    expect(found(api('a'), api('b'), strict('c'), strict('d'))).toBe(1)
    // The labels match in the combinations first with second and second with first.
    expect(found(api('a'), api('b'), strict('b'), strict('a'))).toBe(0)
  })

  it('are each evaluated once if there are more combinations', () => {
    const many = (...values: readonly string[]): string[] =>
      values.flatMap((value) => [api(value), strict(value.toUpperCase())])
    expect(found(...many('a', 'b', 'c', 'd', 'e'))).toBe(1)
    expect(found(...many('a', 'b', 'c', 'd', 'e', '0'))).toBe(0)
  })
})

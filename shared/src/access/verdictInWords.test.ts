import { expect, it } from 'vitest'
import { verdictInWords } from './verdictInWords.js'

const FROM = { namespace: 'shop', serviceAccount: 'web' }
const hop = {
  point: 'ztunnel',
  name: 'shop/cart',
  identity: 'cluster.local/ns/shop/sa/web',
  port: 8080,
  verdict: 'deny',
  reason: 'allow policies exist, but none allowed',
  policy: null,
  rule: null,
  evidence: ['shop/owners'],
} as const

it.each([
  [
    { verdict: 'deny', hops: [{ ...hop, identity: 'cluster.local/ns/shop/sa/waypoint' }] },
    'Denied at ztunnel shop/cart: shop/owners does not allow shop/waypoint, which ztunnel sees instead of shop/web.',
  ],
  [
    { verdict: 'deny', hops: [{ ...hop, evidence: ['shop/a', 'shop/b'] }] },
    'Denied at ztunnel shop/cart: shop/a and shop/b do not allow this request of shop/web.',
  ],
  [
    { verdict: 'deny', hops: [{ ...hop, identity: null }] },
    'Denied at ztunnel shop/cart: shop/owners does not allow a client without an identity.',
  ],
  [
    { verdict: 'deny', hops: [{ ...hop, policy: 'shop/no-delete', evidence: [] }] },
    'Denied at ztunnel shop/cart: denied by shop/no-delete.',
  ],
  [
    {
      verdict: 'allow',
      hops: [
        { ...hop, point: 'waypoint', name: 'shop/waypoint', verdict: 'allow', policy: 'shop/read' },
        { ...hop, verdict: 'allow', reason: 'no allow policies, allow', evidence: [] },
      ],
    },
    'Allowed: allowed by shop/read at waypoint shop/waypoint and no ALLOW policy applies at ztunnel shop/cart.',
  ],
  [{ verdict: 'allow', hops: [] }, 'Allowed: no proxy enforces policies.'],
] as const)('the answer %# is: %s', (answer, expected) => {
  expect(verdictInWords(answer, FROM)).toBe(expected)
})

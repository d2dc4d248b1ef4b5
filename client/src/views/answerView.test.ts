import type { EvaluateAnswer } from '@istio-ambient-policy/shared'
import { expect, it } from 'vitest'
import { answerView } from './answerView.js'

const ANSWER: EvaluateAnswer = {
  id: null,
  verdict: 'deny',
  hops: [
    {
      point: 'ztunnel',
      name: 'shop/cart',
      identity: 'cluster.local/ns/shop/sa/waypoint',
      port: 8080,
      verdict: 'deny',
      reason: 'allow policies exist, but none allowed',
      policy: null,
      rule: null,
      evidence: ['shop/owners'],
      uri: null,
      range: null,
      inForce: [{ policy: 'shop/owners', uri: null, range: null }],
    },
  ],
  assumptions: [],
  nearestMiss: null,
  findings: [],
}
const DRAFT = {
  from: { namespace: 'shop', serviceAccount: 'web' },
  to: { kind: 'service', name: 'shop/cart' },
  port: 80,
} as const

const viewOf = (answer: EvaluateAnswer) =>
  answerView(DRAFT, answer, { change: () => undefined, pin: () => undefined }).view
const changeOf = (answer: EvaluateAnswer): readonly string[] | undefined => viewOf(answer).lead

it('the page starts with the verdict and its reason', () => {
  expect(viewOf(ANSWER).verdict).toEqual({
    verdict: 'deny',
    text: 'Denied at ztunnel shop/cart: shop/owners does not allow shop/waypoint, which ztunnel sees instead of shop/web.',
  })
})

it('the reason of a proxy has the words of its log as a tooltip', () => {
  const [row] = viewOf(ANSWER).tables.at(-1)?.rows ?? []
  expect(row?.[2]?.more).toEqual([
    {
      text: 'no ALLOW rule matched',
      tooltip: 'In the log of the proxy: allow policies exist, but none allowed',
    },
  ])
})

it('the identity is short, and whole as a tooltip', () => {
  const [row] = viewOf(ANSWER).tables.at(-1)?.rows ?? []
  expect(row?.[1]).toEqual({ text: 'shop/waypoint', tooltip: 'cluster.local/ns/shop/sa/waypoint' })
})

it('the page says what would change the verdict, or that no small change would', () => {
  expect(changeOf(ANSWER)).toEqual([
    'No change of one or two values of this request would allow it.',
  ])
  expect(changeOf({ ...ANSWER, verdict: 'undecided' })).toEqual([])
  const nearestMiss = { changes: [], verdict: 'allow' } as const
  expect(changeOf({ ...ANSWER, nearestMiss })?.[0]).toMatch(/^It would be allowed with/)
})

it('findings about the policies are links, and the first fix is a button', () => {
  const finding = {
    rule: 'waypoint-identity-denied',
    message: 'The message.',
    hasFix: true,
    uri: 'file:///p.yaml',
    range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } },
  }
  const view = viewOf({ ...ANSWER, findings: [finding] })
  expect(view.actions[0]).toEqual({ id: 'fix', label: 'Show fixes of waypoint-identity-denied' })
  expect(view.tables[0]?.rows).toEqual([
    [
      { text: 'The message.', link: expect.any(Number) as number },
      { text: finding.rule, link: expect.any(Number) as number },
    ],
  ])
  expect(viewOf(ANSWER).tables).toHaveLength(1)
})

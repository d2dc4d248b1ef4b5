import type { CompareAccessResult } from '@istio-ambient-policy/shared'
import { expect, it } from 'vitest'
import { comparisonView } from './comparisonView.js'
import { Links } from './links.js'

const target = { workload: 'shop/api', port: 8080 }
const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 4 } }
const RESULT: NonNullable<CompareAccessResult> = {
  name: 'HEAD',
  changes: [
    {
      kind: 'gained',
      target,
      clients: ['shop/web', 'shop/cart'],
      requests: {},
      witness: { from: {}, to: target },
      before: { verdict: 'deny', reason: 'no ALLOW rule matched', place: null },
      after: {
        verdict: 'allow',
        reason: 'allowed by shop/callers',
        place: { uri: 'file:///a.yaml', range },
      },
    },
  ],
  same: 4,
  added: [{ service: 'shop/new', port: 80 }],
  removed: [],
  notCompared: [],
  assumptions: [],
}

it('the comparison names what is allowed now, with a link to the policy', () => {
  const links = new Links()
  const { heading, verdict, tables, notes } = comparisonView(RESULT, {
    links,
    uri: 'file:///a.yaml',
  })
  expect(heading).toBe('Access compared with HEAD')
  expect(verdict).toEqual({ verdict: 'notice', text: 'Opens 1, closes 0 (kinds of requests)' })
  expect(tables).toHaveLength(1)
  expect(tables[0]?.caption).toBe('Allowed now, denied before')
  expect(tables[0]?.rows).toEqual([
    [
      { text: 'workload shop/api port 8080' },
      { text: 'shop/web', more: [{ text: 'shop/cart' }] },
      { text: 'all requests', more: [{ text: 'Evaluate one', link: 0 }] },
      { text: 'Denied', verdict: 'deny', more: [{ text: 'no ALLOW rule matched' }] },
      {
        text: 'Allowed',
        verdict: 'allow',
        more: [{ text: 'allowed by shop/callers', link: 1 }],
      },
    ],
  ])
  expect(notes[0]?.texts).toEqual(['4 without a change.', 'Service shop/new port 80 is new.'])
})

it('a comparison without changes says so', () => {
  const { verdict, tables } = comparisonView(
    { ...RESULT, changes: [] },
    { links: new Links(), uri: 'file:///a.yaml' },
  )
  expect(verdict).toEqual({ verdict: 'allow', text: 'No request has another verdict.' })
  expect(tables).toEqual([])
})

it('the summary counts changes that neither open nor close', () => {
  const [change] = RESULT.changes
  const summaryOf = (count: number): string | undefined =>
    comparisonView(
      {
        ...RESULT,
        changes: Array.from({ length: count }, () => ({ ...change!, kind: 'undecided' as const })),
      },
      { links: new Links(), uri: 'file:///a.yaml' },
    ).verdict?.text
  expect([1, 2].map(summaryOf)).toEqual([
    'Opens 0, closes 0 (kinds of requests), 1 other change',
    'Opens 0, closes 0 (kinds of requests), 2 other changes',
  ])
})

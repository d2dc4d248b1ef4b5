import type { LogAnswer } from '@istio-ambient-policy/shared'
import { expect, it } from 'vitest'
import { Links } from './links.js'
import { logView } from './logView.js'

const RANGE = { start: { line: 3, character: 2 }, end: { line: 3, character: 9 } }
const FINDING = {
  rule: 'l7-allow-rule-dropped',
  message: 'The message.',
  hasFix: true,
  uri: 'file:///p.yaml',
  range: RANGE,
}
const ANSWER: LogAnswer = {
  lines: [1],
  proxy: 'ztunnel shop/cart port 8080',
  verdict: 'deny',
  outcome: 'denied',
  cause: 'explicitly denied by shop/no-guests rule 0',
  policy: 'shop/no-guests',
  rule: 0,
  objects: [
    { kind: 'AuthorizationPolicy', name: 'shop/no-guests', uri: 'file:///p.yaml', range: RANGE },
  ],
  agreement: 'agrees',
  differences: [],
  smallestChange: 'from shop/web',
  findings: [FINDING],
}

const viewOf = (...answers: readonly LogAnswer[]) => {
  const links = new Links()
  return { view: logView({ answers, skipped: 0 }, links), places: links.places }
}
const notesOf = (answer: LogAnswer): readonly string[] | undefined =>
  viewOf(answer).view.notes.find(({ heading }) => heading === 'Files and log')?.texts

it('the page of one line starts with the verdict, and links the rule and the findings', () => {
  const { view, places } = viewOf(ANSWER)
  expect(view.verdict).toEqual({
    verdict: 'deny',
    text: 'Denied. Explicitly denied by shop/no-guests rule 0.',
  })
  expect(view.tables).toEqual([
    {
      caption: 'Decided by',
      columns: ['Object', 'Kind'],
      rows: [[{ text: 'shop/no-guests', link: 0 }, { text: 'AuthorizationPolicy, rules[0]' }]],
    },
    {
      caption: 'Findings about these policies',
      columns: ['Finding', 'Rule'],
      rows: [
        [
          { text: 'The message.', link: 1 },
          { text: 'l7-allow-rule-dropped', link: 2 },
        ],
      ],
    },
  ])
  expect(places).toMatchObject([
    { uri: 'file:///p.yaml', range: RANGE },
    { uri: 'file:///p.yaml', range: RANGE },
    { pageOfRule: 'l7-allow-rule-dropped' },
  ])
})

it('ALLOW policies that did not match, a policy that is missing, and a decision without a policy differ', () => {
  const captions = (answer: LogAnswer) => viewOf(answer).view.tables.map(({ caption }) => caption)
  const other = { ...ANSWER, findings: [] }
  expect(captions({ ...other, policy: null, rule: null })).toEqual(['ALLOW policies that apply'])
  expect(captions({ ...other, policy: null, objects: [] })).toEqual([])
  expect(viewOf({ ...other, objects: [] }).view.tables[0]?.rows).toEqual([
    [{ text: 'shop/no-guests' }, { text: 'not in these files' }],
  ])
})

it('the page says whether the files agree with the log', () => {
  expect(notesOf(ANSWER)).toEqual(['The files agree with the log.'])
  expect(notesOf({ ...ANSWER, agreement: 'unknown', differences: ['no pod'] })).toEqual([
    'Not known: no pod.',
  ])
  expect(notesOf({ ...ANSWER, agreement: 'differs', differences: ['a', 'b'] })).toEqual([
    'The files do not agree with the log. They can be older or newer than the cluster.',
    'A',
    'B',
  ])
})

it('several lines are one table, with each finding once', () => {
  const { view } = viewOf(ANSWER, { ...ANSWER, lines: [2, 4], proxy: 'Envoy', verdict: 'failed' })
  expect(view.heading).toBe('2 different log lines')
  expect(view.tables.map(({ rows }) => rows.length)).toEqual([2, 1])
  expect(view.tables[0]?.rows[1]?.slice(0, 3)).toEqual([
    { text: '2, 4' },
    { text: 'Envoy' },
    { text: 'Denied', verdict: 'undecided' },
  ])
  expect(view.notes[0]?.texts).toEqual([
    'Line 1: The files agree with the log.',
    'Line 2: The files agree with the log.',
  ])
})

import { expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { policyText } from '../support/examples.js'
import { ruleIdle } from './rule-idle.js'
import { ruleIdlePage } from './rule-idle.page.js'

const rule = ruleIdle.name

function found(spec: string): string[] {
  return findingsOf(analyse(policyText('p', spec)))
    .filter((finding) => finding.rule === rule)
    .map(
      ({ message, level, place }) =>
        `${level} ${'path' in place ? place.path.join('.') : ''}: ${message}`,
    )
}
const idle = (index: number, by: number): string =>
  `information spec.rules.${String(index)}: Rule ${String(by + 1)} of this policy matches all that this rule matches: it has no effect.`
const AT_WAYPOINT = 'targetRefs:\n- {kind: Service, name: api}\n'
const rules = (...items: readonly string[]): string =>
  `rules:\n${items.map((item) => `- ${item}\n`).join('')}`
const from = (...sources: readonly string[]): string =>
  `{from: [${sources.map((source) => `{source: {${source}}}`).join(', ')}]}`
const to = (operation: string): string => `{to: [{operation: {${operation}}}]}`

it('marks the rule that has no effect, wherever the wider one stands', () => {
  const { found: marked, expected } = compareMarked(
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  rules:
  - from:
#   ^^^^^ rule-idle: Rule 2 of this policy matches everything: this rule has no effect.
    - source:
        namespaces: [web]
  - {}
  - to:
#   ^^^ rule-idle: Rule 2 of this policy matches everything: this rule has no effect.
    - operation:
        ports: ["80"]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

it.each<[string, string, readonly string[]]>([
  ['the same rule twice', rules(from('namespaces: [a]'), from('namespaces: [a]')), [idle(1, 0)]],
  [
    'two rules for everything',
    rules('{}', '{}'),
    [
      'information spec.rules.1: Rule 1 of this policy matches everything: this rule has no effect.',
    ],
  ],
  [
    'a pattern and a name',
    rules(from('namespaces: [team-a]'), from('namespaces: ["team-*"]')),
    [idle(0, 1)],
  ],
  [
    'a block and a part of it',
    rules(from('ipBlocks: [10.1.0.0/16]'), from('ipBlocks: [10.0.0.0/8]')),
    [idle(0, 1)],
  ],
  [
    'an account with and without its namespace',
    rules(from('serviceAccounts: [web]'), from('serviceAccounts: [shop/web]')),
    [idle(1, 0)],
  ],
  [
    'one source of two',
    rules(from('namespaces: [a]', 'namespaces: [b]'), from('namespaces: [b]')),
    [idle(1, 0)],
  ],
  [
    'fewer exceptions',
    rules(
      from('namespaces: ["*"], notNamespaces: [a]'),
      from('namespaces: [c], notNamespaces: [a, b]'),
    ),
    [idle(1, 0)],
  ],
  [
    'more exceptions',
    rules(
      from('namespaces: ["*"], notNamespaces: [a, b]'),
      from('namespaces: [c], notNamespaces: [a]'),
    ),
    [],
  ],
  ['another attribute', rules(from('namespaces: [a]'), to('ports: ["80"]')), []],
  ['a part of each', rules(from('namespaces: [a, b]'), from('namespaces: [b, c]')), []],
  [
    'what a condition narrows',
    rules(
      from('namespaces: [a]'),
      '{from: [{source: {namespaces: [a]}}], when: [{key: source.ip, values: [10.0.0.1]}]}',
    ),
    [idle(1, 0)],
  ],
  [
    'the same condition, wider',
    rules(
      '{when: [{key: source.ip, values: [10.0.0.0/8]}]}',
      '{when: [{key: source.ip, values: [10.0.0.1]}]}',
    ),
    [idle(1, 0)],
  ],
  ['a rule that another tool fills in', rules('{}', from('namespaces: ["${NAMESPACE}"]')), []],
  ['a rule that the API server refuses', rules('{}', from('namespace: [a]')), []],
  [
    'at ztunnel, one that is dropped',
    rules(to('methods: [GET]'), to('methods: [GET], ports: ["80"]')),
    [],
  ],
  [
    'at ztunnel, one whose trust domain is erased',
    rules(from('trustDomains: [a], namespaces: [b]'), from('trustDomains: [a], namespaces: [b]')),
    [],
  ],
  [
    'at a waypoint, methods',
    AT_WAYPOINT + rules(to('methods: [GET]'), to('methods: [GET], paths: [/a]')),
    [idle(1, 0)],
  ],
  [
    'at a waypoint, hosts in capitals',
    AT_WAYPOINT + rules(to('hosts: [A.example]'), to('hosts: [a.example]')),
    [],
  ],
  ['at a waypoint, a template', AT_WAYPOINT + rules(to('paths: ["/{*}"]'), to('paths: [/a]')), []],
  [
    'at a waypoint, a prefix of paths',
    AT_WAYPOINT + rules(to('paths: ["/a/*"]'), to('paths: ["/a/b/*"]')),
    [idle(1, 0)],
  ],
])('%s', (_, spec, expected) => {
  expect(found(spec)).toEqual(expected)
})

it('removes the rule', () => {
  const text = (items: string): string => policyText('p', `# who may\nrules:\n${items}`)
  expectFixed(
    text('- from:\n  - source:\n      namespaces: [a]\n# everybody\n- {}'),
    { rule, title: 'Remove the rule without effect' },
    text('# everybody\n- {}'),
  )
})

it('compares the rules of a very long policy with those for everything only', () => {
  const many = from(
    `namespaces: [${Array.from({ length: 401 }, (_, at) => `n${String(at)}`).join(', ')}]`,
  )
  expect(found(rules(many, many))).toEqual([])
  expect(found(rules(many, '{}'))).toEqual([
    'information spec.rules.0: Rule 2 of this policy matches everything: this rule has no effect.',
  ])
})

it('marks the first line of the rule, without its line break', () => {
  const rangesOf = (text: string) => {
    const analysis = analyse(text)
    return findingsOf(analysis).map(({ place }) => analysis.locate(place)?.range)
  }
  const ranges = rangesOf(ruleIdlePage.bad)
  expect(ranges.map((range) => range?.end.line)).toEqual([ranges[0]?.start.line])
  expect(rangesOf(ruleIdlePage.bad.replaceAll('\n', '\r\n'))).toEqual(ranges)
})

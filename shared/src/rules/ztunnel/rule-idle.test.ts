import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  documents,
  expectFixed,
  findingsOf,
  replaceAllIn,
  withoutArrows,
} from '../../testing/index.js'
import { install } from '../../testing/shopMesh.js'
import { policyText } from '../support/examples.js'
import { ruleIdle } from './rule-idle.js'
import { ruleIdlePage } from './rule-idle.page.js'

const rule = ruleIdle.name
const bad = withoutArrows(ruleIdlePage.bad)

function found(spec: string, ...others: readonly string[]): string[] {
  return findingsOf(analyse(documents(policyText('p', spec), ...others)))
    .filter((finding) => finding.rule === rule)
    .map(
      ({ message, level, place }) =>
        `${level} ${'path' in place ? place.path.join('.') : ''}: ${message}`,
    )
}
const redundant = (index: number, by: number): string =>
  `information spec.rules.${String(index)}: This rule is redundant: ` +
  `rule ${String(by + 1)} already matches everything that it matches.`
const AT_WAYPOINT = 'targetRefs:\n- {kind: Service, name: api}\n'
const rules = (...items: readonly string[]): string =>
  `rules:\n${items.map((item) => `- ${item}\n`).join('')}`
const from = (...sources: readonly string[]): string =>
  `{from: [${sources.map((source) => `{source: {${source}}}`).join(', ')}]}`
const to = (operation: string): string => `{to: [{operation: {${operation}}}]}`

it('marks a redundant rule before and after the wider rule', () => {
  const { found: marked, expected } = compareMarked(
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  rules:
  - from:
#   ^^^^^ rule-idle: This rule is redundant: rule 2 of this policy matches everything.
    - source:
        namespaces: [web]
  - {}
  - to:
#   ^^^ rule-idle: This rule is redundant: rule 2 of this policy matches everything.
    - operation:
        ports: ["80"]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

it.each<[string, string, readonly string[]]>([
  [
    'the second of two equal rules',
    rules(from('namespaces: [a]'), from('namespaces: [a]')),
    [redundant(1, 0)],
  ],
  [
    'the second of two rules that match everything',
    rules('{}', '{}'),
    ['information spec.rules.1: This rule is redundant: rule 1 of this policy matches everything.'],
  ],
  [
    'a namespace beside a pattern that matches it',
    rules(from('namespaces: [team-a]'), from('namespaces: ["team-*"]')),
    [redundant(0, 1)],
  ],
  [
    'an IP block beside a block that contains it',
    rules(from('ipBlocks: [10.1.0.0/16]'), from('ipBlocks: [10.0.0.0/8]')),
    [redundant(0, 1)],
  ],
  [
    'an account with its namespace beside the same account without it',
    rules(from('serviceAccounts: [web]'), from('serviceAccounts: [shop/web]')),
    [redundant(1, 0)],
  ],
  [
    'one of the sources of another rule',
    rules(from('namespaces: [a]', 'namespaces: [b]'), from('namespaces: [b]')),
    [redundant(1, 0)],
  ],
  [
    'a rule with more exceptions than another',
    rules(
      from('namespaces: ["*"], notNamespaces: [a]'),
      from('namespaces: [c], notNamespaces: [a, b]'),
    ),
    [redundant(1, 0)],
  ],
  [
    'no rule with fewer exceptions than another',
    rules(
      from('namespaces: ["*"], notNamespaces: [a, b]'),
      from('namespaces: [c], notNamespaces: [a]'),
    ),
    [],
  ],
  ['no rule with another attribute', rules(from('namespaces: [a]'), to('ports: ["80"]')), []],
  [
    'no rule that only partly matches the same',
    rules(from('namespaces: [a, b]'), from('namespaces: [b, c]')),
    [],
  ],
  [
    'a rule that adds a condition to another',
    rules(
      from('namespaces: [a]'),
      '{from: [{source: {namespaces: [a]}}], when: [{key: source.ip, values: [10.0.0.1]}]}',
    ),
    [redundant(1, 0)],
  ],
  [
    'a rule with a narrower condition than another',
    rules(
      '{when: [{key: source.ip, values: [10.0.0.0/8]}]}',
      '{when: [{key: source.ip, values: [10.0.0.1]}]}',
    ),
    [redundant(1, 0)],
  ],
  ['no rule that another tool fills in', rules('{}', from('namespaces: ["${NAMESPACE}"]')), []],
  ['no rule that the API server rejects', rules('{}', from('namespace: [a]')), []],
  [
    'no rule that ztunnel drops',
    rules(to('methods: [GET]'), to('methods: [GET], ports: ["80"]')),
    [],
  ],
  [
    'no rule whose trust domains ztunnel ignores',
    rules(from('trustDomains: [a], namespaces: [b]'), from('trustDomains: [a], namespaces: [b]')),
    [],
  ],
  [
    'a rule with the same methods and a path at a waypoint',
    AT_WAYPOINT + rules(to('methods: [GET]'), to('methods: [GET], paths: [/a]')),
    [redundant(1, 0)],
  ],
  [
    'no rule with the same host in lower case at a waypoint',
    AT_WAYPOINT + rules(to('hosts: [A.example]'), to('hosts: [a.example]')),
    [],
  ],
  [
    'no path beside a path template at a waypoint',
    AT_WAYPOINT + rules(to('paths: ["/{*}"]'), to('paths: [/a]')),
    [],
  ],
  [
    'no rule for a TCP port beside a rule that a waypoint leaves out there',
    AT_WAYPOINT +
      rules(
        '{to: [{operation: {ports: ["80"]}}, {operation: {paths: [/a]}}]}',
        to('ports: ["80"]'),
      ),
    [],
  ],
  [
    'a rule for a TCP port beside a DENY rule whose paths a waypoint ignores there',
    'action: DENY\n' +
      AT_WAYPOINT +
      rules(
        '{to: [{operation: {ports: ["80"]}}, {operation: {paths: [/a]}}]}',
        to('ports: ["80"]'),
      ),
    [redundant(1, 0)],
  ],
  [
    'a principal beside a prefix of it',
    rules(
      from('principals: [cluster.local/ns/web/*]'),
      from('principals: [cluster.local/ns/web/sa/a]'),
    ),
    [redundant(1, 0)],
  ],
  [
    'a path prefix beside a shorter prefix at a waypoint',
    AT_WAYPOINT + rules(to('paths: ["/a/*"]'), to('paths: ["/a/b/*"]')),
    [redundant(1, 0)],
  ],
])('reports %s', (_, spec, expected) => {
  expect(found(spec)).toEqual(expected)
})

it.each<[string, string, string, readonly string[]]>([
  [
    'a principal of the local trust domain beside a prefix, which waypoints do not complete',
    'cluster.local/ns/web/*',
    'cluster.local/ns/web/sa/a',
    [],
  ],
  ['a principal that also means an alias', 'corp/ns/web/*', 'corp/ns/web/sa/a', []],
  ['a principal of a foreign trust domain', 'far/ns/web/*', 'far/ns/web/sa/a', [redundant(1, 0)]],
  ['a principal beside an account of any', '*/ns/web/sa/a', 'corp/ns/web/sa/a', [redundant(1, 0)]],
])('compares %s as ztunnel and waypoints do', (_, wide, narrow, expected) => {
  const spec = rules(from(`principals: ["${wide}"]`), from(`principals: [${narrow}]`))
  const installed = install('default', { trustDomain: 'corp', trustDomainAliases: ['old'] })
  expect(found(spec, installed)).toEqual(expected)
})

it('offers a fix that removes the redundant rule', () => {
  const text = (items: string): string => policyText('p', `# clients\nrules:\n${items}`)
  expectFixed(
    text('- from:\n  - source:\n      namespaces: [a]\n# every client\n- {}'),
    { rule, title: 'Remove the redundant rule' },
    text('# every client\n- {}'),
  )
})

it('compares the rules of a policy with many values only with rules that match everything', () => {
  const many = from(
    `namespaces: [${Array.from({ length: 401 }, (_, at) => `n${String(at)}`).join(', ')}]`,
  )
  expect(found(rules(many, many))).toEqual([])
  expect(found(rules(many, '{}'))).toEqual([
    'information spec.rules.0: This rule is redundant: rule 2 of this policy matches everything.',
  ])
})

it('marks the first line of the redundant rule without its line break', () => {
  const rangesOf = (text: string) => {
    const analysis = analyse(text)
    return findingsOf(analysis).map(({ place }) => analysis.locate(place)?.range)
  }
  const ranges = rangesOf(bad)
  expect(ranges.map((range) => range?.end.line)).toEqual([ranges[0]?.start.line])
  expect(rangesOf(replaceAllIn(bad, ['\n', '\r\n']))).toEqual(ranges)
})

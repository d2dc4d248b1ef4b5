import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { API_SERVICE } from '../../testing/allowGetPolicy.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const EFFECT = ': the rule then allows every request of its clients'
const RULE = 'l7-allow-rule-dropped'
const policy = (
  rules: string,
): string => `${AMBIENT_SHOP}${API_SERVICE}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  rules:
${rules}`

const ruleOf = (files: Readonly<Record<string, string>>): string =>
  (files['test.yaml'] ?? '').slice((files['test.yaml'] ?? '').indexOf('  rules:'))

it('removes the attribute with an entry and a list that would be empty', () => {
  const files = policy(`  - from: # the web
    - source: {serviceAccounts: [web]}
    to:
    - operation:
        methods: ["GET"] # reads
`)
  expect(ruleOf(expectFixed(files, { rule: RULE, title: `Remove the HTTP attribute${EFFECT}` })))
    .toBe(`  rules:
  - from: # the web
    - source: {serviceAccounts: [web]}
`)
})

it('removes all HTTP attributes of a rule, including conditions', () => {
  const files = policy(`  - to:
    - operation:
        paths: [/a]
        ports: ["8080"] # stays
        hosts: [x]
    when:
    - key: request.headers[a]
      values: [b]
    - key: source.namespace
      values: [web]
`)
  expect(ruleOf(expectFixed(files, { rule: RULE, title: `Remove the HTTP attributes${EFFECT}` })))
    .toBe(`  rules:
  - to:
    - operation:
        ports: ["8080"] # stays
    when:
    - key: source.namespace
      values: [web]
`)
})

it.each([
  ['the rule would be empty', '  - to: [{operation: {methods: [GET]}}]\n'],
  [
    'one of several entries would be empty',
    '  - to: [{operation: {methods: [GET]}}, {operation: {ports: ["80"]}}]\n',
  ],
  [
    'only a trust domain would be left, which ztunnel ignores',
    '  - from: [{source: {trustDomains: [a], requestPrincipals: [b]}}]\n',
  ],
])('offers no removal where %s', (_, rules) => {
  const found = findingsOf(analyse(policy(rules))).filter(({ rule }) => rule === RULE)
  expect(found.length).toBe(1)
  expect(found[0]?.fixes.filter(({ title }) => title.startsWith('Remove the HTTP'))).toEqual([])
})

it.each([
  ['it would be the only fix', (text: string) => replaceIn(text, [API_SERVICE, ''])],
  ['the workload is behind a waypoint', () => SHOP_BEHIND_WAYPOINT],
])('is not offered where %s', (_, change) => {
  const rules = `  - from:\n    - source: {serviceAccounts: [web]}\n    to:\n    - operation: {methods: [GET], ports: ["8080"]}\n`
  const text = policy(rules)
  const mesh = change(text)
  const files =
    mesh === SHOP_BEHIND_WAYPOINT
      ? `${mesh}---\n${text.slice(text.indexOf('apiVersion: security'))}`
      : mesh
  const found = findingsOf(analyse(files)).filter(({ rule }) => rule === RULE)
  expect(found.length).toBe(1)
  expect(found[0]?.fixes.filter(({ title }) => title.startsWith('Remove the HTTP'))).toEqual([])
})

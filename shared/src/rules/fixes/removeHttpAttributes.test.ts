import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf } from '../../testing/index.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const RULE = 'l7-allow-rule-dropped'
const policy = (rules: string): string => `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  rules:
${rules}`

const ruleOf = (files: Readonly<Record<string, string>>): string =>
  (files['test.yaml'] ?? '').slice((files['test.yaml'] ?? '').indexOf('  rules:'))

it('removes the attribute, and the entry and list that hold nothing else', () => {
  const files = policy(`  - from: # the web
    - source: {serviceAccounts: [web]}
    to:
    - operation:
        methods: ["GET"] # reads
`)
  expect(ruleOf(expectFixed(files, { rule: RULE, title: 'Remove the HTTP attribute' })))
    .toBe(`  rules:
  - from: # the web
    - source: {serviceAccounts: [web]}
`)
})

it('removes all of a rule, conditions included', () => {
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
  expect(ruleOf(expectFixed(files, { rule: RULE, title: 'Remove the HTTP attributes' })))
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
  ['nothing of the rule is left', '  - to: [{operation: {methods: [GET]}}]\n'],
  [
    'nothing of one entry among others is left',
    '  - to: [{operation: {methods: [GET]}}, {operation: {ports: ["80"]}}]\n',
  ],
  [
    'what is left is a trust domain, which ztunnel does not see',
    '  - from: [{source: {trustDomains: [a], requestPrincipals: [b]}}]\n',
  ],
])('is not offered where %s', (_, rules) => {
  const found = findingsOf(analyse(policy(rules))).filter(({ rule }) => rule === RULE)
  expect(found.length).toBe(1)
  expect(found[0]?.fixes).toEqual([])
})

import { describe, expect, it } from 'vitest'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { resourceOf } from '../../testing/index.js'
import { convertAuthorizationPolicy } from '../../ztunnel/convertAuthorizationPolicy.js'
import { rulesAtZtunnel } from './rulesAtZtunnel.js'
import { ruleSentence } from './ruleWords.js'

function policyOf(rule: string, action = 'ALLOW'): AuthorizationPolicy {
  return resourceOf(
    'AuthorizationPolicy',
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec: {action: ${action}, rules: [${rule}]}
`,
  )
}

describe('a rule in words', () => {
  it.each([
    ['{}', 'allows requests from any client'],
    ['{from: [{source: {principals: ["*"]}}]}', 'allows requests from any client with an identity'],
    [
      '{from: [{source: {principals: ["td/ns/a/sa/x", "td/ns/b/sa/y"]}}]}',
      'allows requests from service account a/x or b/y',
    ],
    ['{from: [{source: {principals: ["*/sa/x"]}}]}', 'allows requests from principal */sa/x'],
    [
      '{from: [{source: {serviceAccounts: [web], namespaces: [shop]}}]}',
      'allows requests from service account shop/web and namespace shop',
    ],
    [
      '{from: [{source: {notPrincipals: ["*"]}}]}',
      'allows requests from clients without an identity',
    ],
    [
      '{from: [{source: {ipBlocks: ["10.0.0.0/8"]}}, {source: {notNamespaces: [a]}}]}',
      'allows requests from addresses 10.0.0.0/8 or any client except namespace a',
    ],
    [
      '{from: [{source: {namespaces: [a, b, c, d, e, f]}}]}',
      'allows requests from namespace a, b, c or 3 more',
    ],
    [
      '{to: [{operation: {ports: ["80"], hosts: [h], methods: [GET, PUT]}}, {operation: {paths: ["/x"]}}]}',
      'allows requests from any client on port 80 with host h and method GET or PUT or with path /x',
    ],
    [
      '{to: [{operation: {notPorts: ["80"]}}]}',
      'allows requests from any client on any port except 80',
    ],
    [
      '{when: [{key: source.ip, values: ["10.0.0.1"]}, {key: "request.headers[x]", notValues: [a, b]}]}',
      'allows requests from any client when source.ip is "10.0.0.1" and request.headers[x] is not "a" or "b"',
    ],
  ])('the rule %s in words', (rule, words) => {
    const policy = policyOf(rule)
    expect(ruleSentence(policy, policy.rules[0]!, 'written')).toBe(words)
  })

  it('the sentence for ztunnel has no attributes that ztunnel cannot see', () => {
    const policy = policyOf(
      '{from: [{source: {namespaces: [a], requestPrincipals: ["*"], trustDomains: [td]}}], ' +
        'to: [{operation: {methods: [GET]}}, {operation: {ports: ["80"]}}]}',
      'DENY',
    )
    expect(ruleSentence(policy, policy.rules[0]!, 'ztunnel', 'Pod shop/api')).toBe(
      'denies connections from namespace a to Pod shop/api on port 80',
    )
  })
})

describe('rules at ztunnel', () => {
  it.each([
    ['ALLOW', '{from: [{source: {namespaces: [a]}}]}', 'kept', ''],
    [
      'ALLOW',
      '{to: [{operation: {methods: [GET]}}]}',
      'dropped',
      'ztunnel sees only connections: it drops the whole rule because of methods',
    ],
    [
      'ALLOW',
      '{from: [{source: {trustDomains: [td], namespaces: [a]}}]}',
      'erased',
      'ztunnel ignores trustDomains, so the rule matches more: it allows connections from namespace a',
    ],
    [
      'ALLOW',
      '{from: [{source: {trustDomains: [td]}}]}',
      'never matches',
      'ztunnel ignores trustDomains: a part of the rule is then empty, and an empty part matches nothing',
    ],
    [
      'DENY',
      '{to: [{operation: {methods: [GET], ports: ["80"]}}]}',
      'erased',
      'ztunnel ignores methods, so the rule matches more: it denies connections from any client on port 80',
    ],
    [
      'DENY',
      '{from: [{source: {namespaces: [a]}}], to: [{operation: {methods: [GET]}}]}',
      'never matches',
      'ztunnel ignores methods: a part of the rule is then empty, and an empty part matches nothing',
    ],
    ['ALLOW', '{to: [{operation: {ports: [http]}}]}', 'never matches', 'no value in it can match'],
    ['AUDIT', '{to: [{operation: {ports: ["80"]}}]}', 'not sent', ''],
  ])('the %s rule %s is %s at ztunnel', (action, rule, ztunnel, note) => {
    const policy = policyOf(rule, action)
    const conversion = convertAuthorizationPolicy(policy, {
      rootNamespace: 'istio-system',
      dryRunEnabled: false,
    })
    expect(rulesAtZtunnel(policy, conversion)).toMatchObject([{ index: 0, ztunnel, note }])
  })
})

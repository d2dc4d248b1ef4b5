import { expect, it } from 'vitest'
import { resourceOf } from '../../testing/index.js'
import { namedAccounts, withNamespace, withServiceAccount } from './namedAccounts.js'

function named(rule: string): string[] {
  const policy = resourceOf(
    'AuthorizationPolicy',
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  rules:
  - ${rule}
`,
  )
  return namedAccounts(policy).map((account) =>
    [
      account.path.join('.'),
      account.namespace,
      account.serviceAccount ?? '-',
      withNamespace(account, 'NS'),
      withServiceAccount(account, 'SA'),
    ].join(' '),
  )
}

it.each<[string, readonly string[]]>([
  [
    'from: [{source: {serviceAccounts: [web, a/b]}}]',
    [
      'spec.rules.0.from.0.source.serviceAccounts.0 shop web web SA',
      'spec.rules.0.from.0.source.serviceAccounts.1 a b NS/b a/SA',
    ],
  ],
  [
    'from: [{source: {namespaces: [a], notNamespaces: ["a*"]}}]',
    ['spec.rules.0.from.0.source.namespaces.0 a - NS a'],
  ],
  [
    'from: [{source: {principals: [td/ns/a/sa/b, "*/ns/a/sa/b", "td/ns/a/*", "*/sa/b", "*"]}}]',
    [
      'spec.rules.0.from.0.source.principals.0 a b td/ns/NS/sa/b td/ns/a/sa/SA',
      'spec.rules.0.from.0.source.principals.1 a b */ns/NS/sa/b */ns/a/sa/SA',
    ],
  ],
  [
    'when: [{key: source.principal, values: [td/ns/a/sa/b], notValues: [x]}, {key: ' +
      'source.namespace, notValues: [c]}, {key: "request.headers[a]", values: [d]}]',
    [
      'spec.rules.0.when.0.values.0 a b td/ns/NS/sa/b td/ns/a/sa/SA',
      'spec.rules.0.when.1.notValues.0 c - NS c',
    ],
  ],
  ['from: [{source: {serviceAccounts: ["${NS}/web"], requestPrincipals: [a/ns/b/sa/c]}}]', []],
])('finds the named accounts in %s', (rule, expected) => {
  expect(named(rule)).toEqual(expected)
})

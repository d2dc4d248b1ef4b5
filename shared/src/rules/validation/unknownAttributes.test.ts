import { expect, it } from 'vitest'
import { analyse, authorizationPolicy, findingsOf, from, when } from '../../testing/index.js'

const messagesIn = (istioVersion: string, text: string): string[] =>
  findingsOf(analyse(text, { settings: { istioVersion } }))
    .filter(({ rule }) => rule === 'invalid-resource')
    .map(({ message }) => message)

it.each<[string, string, string, string]>([
  [
    '1.24',
    '1.25',
    authorizationPolicy('shop/p', { rules: [from({ serviceAccounts: ['web'] })] }),
    'spec.rules[0].from[0].source.serviceAccounts: Istio 1.24 does not have this field.',
  ],
  [
    '1.24',
    '1.25',
    authorizationPolicy('shop/p', {
      rules: [when({ key: 'source.serviceAccount', values: ['web'] })],
    }),
    'spec.rules[0].when[0].key: Istio 1.24 does not have this attribute.',
  ],
  [
    '1.29',
    '1.30',
    authorizationPolicy('shop/p', {
      rules: [from({ namespaces: ['shop'] }), from({ notTrustDomains: ['old.example'] })],
    }),
    'spec.rules[1].from[0].source.notTrustDomains: Istio 1.29 does not have this field.',
  ],
])('release %s rejects what %s has', (before, since, policy, message) => {
  expect(messagesIn(before, policy)).toEqual([message])
  expect(messagesIn(since, policy)).toEqual([])
})

import { expect, it } from 'vitest'
import { mistypedName } from './mistypedName.js'

it.each<[string, string, string | undefined]>([
  ['checkout', 'chekout', 'checkout'],
  ['payments', 'payment', 'payments'],
  ['web-frontend', 'web-fronted', 'web-frontend'],
  ['checkout', 'checkout', undefined],
  ['checkout', 'catalog', undefined],
  ['reviews-v1', 'reviews-v2', undefined],
  ['team10', 'team2', undefined],
  ['team-a', 'team-b', undefined],
  ['shop-dev', 'shop-qa', undefined],
  ['web-app', 'web-api', undefined],
])('beside %s, the name %s is a typing mistake for %s', (existing, name, expected) => {
  expect(mistypedName(name, [existing])).toBe(expected)
})

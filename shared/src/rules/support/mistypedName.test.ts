import { expect, it } from 'vitest'
import { NameIndex } from '../../mesh/nameIndex.js'
import { mistypedAccount, mistypedName } from './mistypedName.js'

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
  ['web', 'wbe', 'web'],
  ['shop', 'shpo', 'shop'],
  ['api-web', 'api-wbe', 'api-web'],
  ['web', 'wep', undefined],
  ['v1', '1v', undefined],
  ['team-ab', 'team-ba', undefined],
  ['web', 'web-sa', undefined],
])('beside %s, the name %s is a typing mistake for %s', (existing, name, expected) => {
  expect(mistypedName(name, new NameIndex([existing]))).toBe(expected)
})

it.each<[string, string, string | undefined]>([
  ['api', 'api-service-account', 'api'],
  ['orders', 'orders-sa', 'orders'],
  ['orders-sa', 'orders', 'orders-sa'],
  ['ledger-serviceaccount', 'ledger', 'ledger-serviceaccount'],
  ['web', 'wbe', 'web'],
  ['orders', 'billing-sa', undefined],
  ['mesa', 'me', undefined],
  ['web', 'billing', undefined],
])('beside the account %s, %s is a typing mistake for %s', (existing, name, expected) => {
  expect(mistypedAccount(name, new Set([existing]), () => new NameIndex([existing]))).toBe(expected)
})
